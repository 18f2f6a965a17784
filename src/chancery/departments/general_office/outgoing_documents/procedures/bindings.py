"""Step → form, rule, service, for outgoing_document.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents import rules as document_rules
from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch_queries
from chancery.departments.general_office.outgoing_documents.dispatch import services as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch.forms import DispatchForm
from chancery.departments.general_office.outgoing_documents.filing import queries as filing_queries
from chancery.departments.general_office.outgoing_documents.filing import services as filing
from chancery.departments.general_office.outgoing_documents.issuing import forms, queries, rules, services
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import PROCEDURE, Outcome, State
from chancery.departments.general_office.outgoing_documents.terms import Step as At
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.terms import ClosedHow
from chancery.kernel.records.archive.terms import Hindrance

Data = Mapping[str, Any]
TEMPLATES = "general_office/outgoing_documents/issuing"


def open_procedure(*, document: OutgoingDocument, by: Actor, at: dt.datetime) -> Matter:
    """Open the matter of a complete draft and send it to the unit's checker; the caller holds the document's lock."""
    return services.open_matter_of(document=document, by=by, at=at)


def _document(matter: Any) -> OutgoingDocument:
    found = documents.document_of(matter.pk)
    if found is None:
        raise Refused("the matter has no document")
    return found


# --- Rules ------------------------------------------------------------------------------------------------------------
def may_go_on(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """What leaves a hand that may edit is complete."""
    if outcome in {Outcome.CANCEL, Outcome.REWORK, Outcome.REFUSE}:
        return yes()
    return document_rules.is_complete(_document(matter))


def unit_check_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Complete, and countersigned by whom it concerns."""
    document = _document(matter)
    named = data.get("countersign_units")
    units = queries.asked_units(document) if named is None else services.ids(named)
    return may_go_on(by=by, matter=matter, task=task, outcome=outcome, data=data) and rules.may_send_on(
        outcome, units, joint=queries.issuers(document)[1:], drafting_unit=document.unit_id
    )


# --- What a step does -------------------------------------------------------------------------------------------------
def drafted(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """拟稿, once more, or given up."""
    document = _document(matter)
    if outcome == Outcome.CANCEL:
        services.cancel(document_id=document.pk, reason=opinion, by=by, at=at)
        return
    follow = {"signer_post": document.signer_post_id, "countersign_units": queries.asked_units(document)}
    if any(matter.data.get(name) != value for name, value in follow.items()):
        procedures.set_data(matter_id=matter.pk, data=follow, by=by, at=at)


def unit_checked(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """部门核稿."""
    if "countersign_units" in data and outcome != Outcome.REWORK:
        services.name_countersigners(
            document_id=_document(matter).pk,
            unit_ids=services.ids(data["countersign_units"]),
            is_serial=outcome == Outcome.SERIAL,
            by=by,
            at=at,
        )


def signed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """签发."""
    if outcome == Outcome.SIGN:
        services.note_signature(document_id=_document(matter).pk, by=by, at=at)


def rechecked(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """复核."""
    services.note_recheck(document_id=_document(matter).pk, outcome=outcome, by=by, at=at)


def _or_cancel(verb: Callable[..., object]) -> Callable[..., None]:
    """A step after signing: its service, or cancelling the document."""

    def after(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
        document_id = _document(matter).pk
        if outcome == Outcome.CANCEL:
            services.cancel(document_id=document_id, reason=opinion, by=by, at=at)
        else:
            verb(document_id=document_id, outcome=outcome, data=data, by=by, at=at)

    return after


def _number(*, document_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    services.give_number(document_id=document_id, series_id=data.get("series") or None, by=by, at=at)


def _seal(*, document_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    document = services.set_and_seal(document_id=document_id, by=by, at=at)
    rules.all_seals_on(is_sealed=document.state == State.SEALED, is_last=outcome == Outcome.SEALED).demand()


def _release(*, document_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    verb = services.set_anew if outcome == Outcome.RESET else services.release
    verb(document_id=document_id, by=by, at=at)


def went_back(*, matter: Any, step: str, by: Actor, at: dt.datetime) -> None:
    """A return, a recall, a reopening."""
    services.note_going_back(document_id=_document(matter).pk, step=step, by=by, at=at)


def filing_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Every receipt in or explained, nothing open; whether it is checked out, the service asks."""
    receipts = dispatch_queries.receipts_step_rule(by=by, matter=matter, task=task, outcome=outcome, data=data)
    found = filing_queries.hindrances(_document(matter), None, but_task_id=task.id) if receipts else []
    if found:
        return no(_("This cannot be filed yet. %(what)s") % {"what": " ".join(str(one.text) for one in found)})
    return receipts


def filed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """回执齐全，归档."""
    dispatch.receipts_ended(matter=matter, task=task, outcome=outcome, opinion=opinion, data=data, by=by, at=at)
    filing.file_as_item(
        document_id=_document(matter).pk,
        file_class=str(data.get("file_class") or ""),
        retention=str(data.get("retention") or ""),
        by=by,
        at=at,
    )


def hindrances(*, matter: Any, by: Actor, at: dt.datetime) -> list[Hindrance]:
    """What keeps the matter from being closed by hand."""
    document = documents.document_of(matter.pk)
    return filing_queries.closing(document, at) if document is not None else []


def ended(*, matter: Any, by: Actor, at: dt.datetime) -> None:
    """Closed by hand, the document is cancelled."""
    if matter.closed_how == ClosedHow.HAND:
        services.note_closing(document_id=_document(matter).pk, by=by, at=at)


def panel(matter: Any, by: Actor) -> Mapping[str, Any]:
    """What the matter page shows of the document."""
    found = documents.panel(matter, by)
    document = found.get("document")
    return {**found, "issuing": queries.section(document, by)} if document is not None else found


REWORK = ("Back to the drafter", "退拟稿人修改")
CANCEL = ("Cancel the document", "作废")

STEPS = {
    At.DRAFT: Step(
        outcomes={"SUBMIT": ("Submit", "送审"), "CANCEL": ("Drop the draft", "撤稿")},
        form=forms.StepForm,
        form_template=f"{TEMPLATES}/rework_step.html",
        rule=may_go_on,
        after=drafted,
        post="drafter_post",
        opinion_needed=frozenset({"CANCEL"}),
        limit_key="outgoing.draft.days",
        may_return_to=(),
        help=(
            "It came back to you: read the opinions, change the text on its page, and submit it again.",
            "文稿退回修改：请阅看意见，在文稿页面修改后重新送审。",
        ),
    ),
    At.UNIT_CHECK: Step(
        outcomes={
            "PASS": ("Pass, no countersigning", "同意，不需会签"),
            "PARALLEL": ("Countersign, all at once", "同意，送同时会签"),
            "SERIAL": ("Countersign, one after another", "同意，送依次会签"),
            "REWORK": REWORK,
        },
        form=forms.UnitCheckForm,
        form_template=f"{TEMPLATES}/step.html",
        rule=unit_check_rule,
        after=unit_checked,
        data=("countersign_units",),
        not_same_as=("draft",),
        opinion_needed=frozenset({"REWORK"}),
        limit_key="outgoing.unit_check.days",
        help=(
            "Is it right, and needed? Name the units it concerns: they countersign before the office reviews.",
            "审核内容是否准确、是否确需行文；涉及其他部门职权的，列明会签部门。",
        ),
    ),
    At.COUNTERSIGN_PARALLEL: Step(
        outcomes={"AGREE": ("Agree", "同意"), "OBJECT": ("Object", "不同意")},
        form=forms.StepForm,
        form_template=f"{TEMPLATES}/step.html",
        not_same_as=("draft",),
        opinion_needed=frozenset({"OBJECT"}),
        limit_key="outgoing.countersign.{urgency}",
        may_return_to=(),
        help=(
            "Countersign for your unit. An objection goes to the drafter with its reason, once all have answered.",
            "代表本部门会签。有不同意见的写明理由，各部门签完后一并退拟稿人。",
        ),
    ),
    At.COUNTERSIGN_SERIAL: Step(
        outcomes={"AGREE": ("Agree", "同意"), "OBJECT": ("Object", "不同意")},
        form=forms.StepForm,
        form_template=f"{TEMPLATES}/step.html",
        not_same_as=("draft",),
        opinion_needed=frozenset({"OBJECT"}),
        limit_key="outgoing.countersign.{urgency}",
        may_return_to=(),
        help=(
            "Countersign for your unit. An objection goes to the drafter with its reason at once.",
            "代表本部门会签。有不同意见的写明理由，即退拟稿人。",
        ),
    ),
    At.OFFICE_REVIEW: Step(
        outcomes={"PASS": ("Fit to be signed", "审核通过，呈签"), "REWORK": REWORK},
        form=forms.ReviewForm,
        form_template=f"{TEMPLATES}/step.html",
        rule=may_go_on,
        unit="office_unit",
        data=("signer_post",),
        not_same_as=("draft",),
        opinion_needed=frozenset({"REWORK"}),
        limit_key="outgoing.office_review.days",
        help=(
            "Is the paper needed, the type right, form and wording in order? You may correct it on its page.",
            "审核行文理由、文种、格式和文字是否妥当；可在文稿页面直接修改。",
        ),
    ),
    At.SIGN: Step(
        outcomes={"SIGN": ("Sign", "签发"), "REFUSE": ("Do not sign", "不予签发")},
        form=forms.SignForm,
        form_template=f"{TEMPLATES}/step.html",
        after=signed,
        unit="office_unit",
        post="signer_post",
        not_same_as=("draft", "unit_check", "office_review"),
        opinion_needed=frozenset({"REFUSE"}),
        limit_key="outgoing.sign.{urgency}",
        help=(
            "Read the paper as it will go out, and the opinions under it. Your signature fixes the text and its date.",
            "请审阅将要印发的文稿和各方意见。签发后文稿即定稿，签发日期为成文日期。",
        ),
    ),
    At.RECHECK: Step(
        outcomes={
            "PASS": ("Unchanged: to be numbered", "无改动，送编号"),
            "CHANGED": ("Changed: back to the signer", "有实质改动，送原签发人复审"),
        },
        form=forms.RecheckForm,
        form_template=f"{TEMPLATES}/step.html",
        after=rechecked,
        unit="office_unit",
        not_same_as=("draft", "sign"),
        opinion_needed=frozenset({"CHANGED"}),
        limit_key="outgoing.recheck.days",
        help=(
            "Check approvals, annexes, wording and form. Whatever you change goes back to the signer, marked.",
            "复核审批手续、内容、文种、格式、附件。如有改动，标明后送原签发人复审。",
        ),
    ),
    At.NUMBER: Step(
        outcomes={"NUMBERED": ("Give the number", "编号"), "CANCEL": CANCEL},
        form=forms.NumberForm,
        form_template=f"{TEMPLATES}/number_step.html",
        after=_or_cancel(_number),
        unit="office_unit",
        data=("seal_keeper_post",),
        opinion_needed=frozenset({"CANCEL"}),
        limit_key="outgoing.number.days",
        help=(
            "The next number of the issuer's series. Afterwards the text no longer changes.",
            "按发文机关代字顺序编号。编号后文稿不得再改动。",
        ),
    ),
    At.SEAL: Step(
        outcomes={
            "SEALED": ("Set and seal", "排版并用印"),
            "NEXT": ("Seal, and on to the next keeper", "用印并转下一印章管理人"),
            "CANCEL": CANCEL,
        },
        form=forms.SealForm,
        form_template=f"{TEMPLATES}/seal_step.html",
        after=_or_cancel(_seal),
        unit="office_unit",
        post="seal_keeper_post",
        data=("seal_keeper_post",),
        not_same_as=("draft", "sign"),
        opinion_needed=frozenset({"CANCEL"}),
        limit_key="outgoing.seal.days",
        may_return_to=(),
        help=(
            "The paper is set as it was signed, held against the signature, and sealed where the standard says.",
            "系统按签发稿排版并核对，一致后在规定位置加盖印章。",
        ),
    ),
    At.RELEASE: Step(
        outcomes={
            "RELEASE": ("Release", "核发"),
            "RESET": ("Set and seal anew", "重新排版用印"),
            "CANCEL": CANCEL,
        },
        form=forms.ReleaseForm,
        form_template=f"{TEMPLATES}/release_step.html",
        after=_or_cancel(_release),
        unit="office_unit",
        not_same_as=("draft", "seal"),
        opinion_needed=frozenset({"RESET", "CANCEL"}),
        limit_key="outgoing.release.days",
        may_return_to=(),
        help=(
            "Look at every page: text, number, date, seal, annexes. Once released it is only corrected or withdrawn.",
            "逐页检查文字、文号、日期、印章和附件。核发后只能更正或撤回。",
        ),
    ),
    At.DISPATCH: Step(
        outcomes={"DISPATCHED": ("Dispatch", "分发")},
        form=DispatchForm,
        form_template="general_office/outgoing_documents/dispatch/step.html",
        rule=dispatch_queries.dispatch_step_rule,
        after=dispatch.dispatched,
        unit="office_unit",
        limit_key="outgoing.dispatch.days",
        may_return_to=(),
        help=(
            "Send it to everyone it is addressed to. Units of the house find it in their inbox.",
            "按主送、抄送范围分发；系统内单位直接收到电子文件。",
        ),
    ),
    At.RECEIPTS: Step(
        outcomes={"COMPLETE": ("Receipts complete", "回执齐全")},
        form=forms.FilingForm,
        form_template="general_office/outgoing_documents/dispatch/receipts_step.html",
        rule=filing_rule,
        after=filed,
        unit="office_unit",
        limit_key="outgoing.receipts.days",
        may_return_to=(),
        help=(
            "Chase who has not signed for it. Once all receipts are in, or explained, it is put on the record.",
            "催收未签收的回执；回执齐全或说明原因后归档。",
        ),
    ),
}

BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "outgoing_document.bpmn",
    name_en="Outgoing document",
    name_zh="发文办理",
    steps={str(code): step for code, step in STEPS.items()},
    data={
        "drafter_post": "post",
        "office_unit": "unit",
        "countersign_units": "units",
        "signer_post": "post",
        "seal_keeper_post": "post",
    },
    limit_key="outgoing.limit.{urgency}",
    panel_template="general_office/outgoing_documents/panel.html",
    panel_context=panel,
    went_back=went_back,
    after_close=ended,
    hindrances=hindrances,
    files_itself=True,
    basis=(
        "Regulations on the Handling of Official Documents (2012), arts. 17-25: draft, countersign, review, sign,"
        " recheck, register, print, check and release.",
        "《党政机关公文处理工作条例》（2012年）第十七条至第二十五条：起草、会签、审核、签发、复核、登记、印制、核发。",
    ),
)


def bring() -> None:
    """Put the procedure on the board."""
    register(BINDING)
