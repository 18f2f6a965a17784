"""Step → form, rule, service, for incoming_document.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents import forms, queries, rules, services
from chancery.departments.general_office.incoming_documents.filing import queries as filing
from chancery.departments.general_office.incoming_documents.inside import queries as inside_queries
from chancery.departments.general_office.incoming_documents.inside import services as inside
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.terms import PROCEDURE, REGISTRAR, Outcome, State
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.records.archive.terms import Hindrance

Data = Mapping[str, Any]


def _document_id(matter: Any) -> int:
    return int(matter.subject.rpartition(":")[2])


def _subject(matter: Any) -> IncomingDocument:
    document = queries.document_of(matter.pk)
    if document is None:
        raise Refused(_("There is no such document."))
    return document


def is_registered(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """The registration step is done by registering, never by pressing past it."""
    document = queries.document_of(matter.pk)
    if document is not None and document.state == State.REGISTERED and document.number:
        return yes()
    return no(_("Fill in the registration form: the document has no number yet."))


def first_check_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Returning needs grounds."""
    if outcome != Outcome.RETURN:
        return yes()
    return rules.may_send_back(data.get("faults") or [], str(data.get("opinion") or "-"))


def was_checked(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """No later step before the first check: the drawing sees to it, and so does this rule."""
    done = {row["step"] for row in procedure_queries.tasks(matter.pk) if row["state"] == "DONE"}
    return rules.was_first_checked(done)


def propose_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """One lead, and what the way chosen needs."""
    return was_checked(by=by, matter=matter, task=task, outcome=outcome, data=data) and rules.may_propose(outcome, data)


def filing_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Class and retention, and nothing open, unanswered or undated."""
    return was_checked(by=by, matter=matter, task=task, outcome=outcome, data=data) and rules.may_file(
        str(data.get("file_class") or ""),
        str(data.get("retention") or ""),
        filing.hindrances(_subject(matter), but_task_id=task.id),
    )


def hindrances(*, matter: Any, by: Actor, at: dt.datetime) -> list[Hindrance]:
    """What keeps the matter from being closed by hand."""
    document = queries.document_of(matter.pk)
    return filing.closing(document) if document is not None else []


def only_the_listed(*, matter: Any, post_ids: Sequence[int], by: Actor) -> Verdict:
    """Circulation goes to posts on the list, whichever button is pressed."""
    listed = {row["post_id"] for row in queries.readers(_document_id(matter))}
    return first_refusal(*(rules.may_circulate_to(post_id, listed) for post_id in post_ids))


def signed_for(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """签收 of what came from inside the house: its sender has the receipt. Other papers are signed for as they come."""
    if inside_queries.arrival_of(_document_id(matter)) is not None:
        inside.sign_for_copy(document_id=_document_id(matter), by=by, at=at)


def first_checked(
    *, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime
) -> None:
    """初审."""
    services.note_first_check(
        document_id=_document_id(matter),
        outcome=outcome,
        faults=data.get("faults") or [],
        opinion=opinion,
        by=by,
        at=at,
    )


def sent_back(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """退文."""
    services.send_back(document_id=_document_id(matter), by=by, at=at)


def proposed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """拟办."""
    services.propose_handling(
        document_id=_document_id(matter),
        outcome=outcome,
        lead_unit_id=services.first_id(data.get("lead_unit")),
        co_unit_ids=services.ids(data.get("co_units")),
        reader_post_ids=services.ids(data.get("readers")),
        leader_post_ids=services.ids(data.get("leaders")),
        by=by,
        at=at,
    )


def handled(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """承办."""
    services.note_handling(
        document_id=_document_id(matter),
        outcome=outcome,
        result=str(data.get("result") or ""),
        opinion=opinion,
        by=by,
        at=at,
    )


def read(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """传阅: the read mark."""
    post_id = int(task.item or task.asked_post_id or task.post_id or by.post_id or 0)
    services.note_reading(document_id=_document_id(matter), post_id=post_id, by=by, at=at)


def office_checked(
    *, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime
) -> None:
    """办结审核: passed, the work is done."""
    if outcome == Outcome.PASS:
        services.note_done(document_id=_document_id(matter), by=by, at=at)


def replied(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """答复."""
    upload = data.get("reply_file")
    services.note_reply(
        document_id=_document_id(matter),
        reply_text=str(data.get("reply_text") or ""),
        reply_number=str(data.get("reply_number") or ""),
        file_name=upload.name if upload else "",
        file=upload.file if upload else None,
        by=by,
        at=at,
    )


def filed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """归档."""
    services.file_document(
        document_id=_document_id(matter),
        file_class=str(data.get("file_class") or ""),
        retention=str(data.get("retention") or ""),
        by=by,
        at=at,
    )


def panel(matter: Any, by: Actor) -> Mapping[str, Any]:
    """What the matter page shows of the document."""
    found = queries.panel(matter.pk, by)
    if found.get("document") is not None:
        found = {**found, **inside_queries.standing(found["document"], by)}
    return {**found, "list_form": forms.ReaderForm()} if found.get("may_list") else found


STEPS = {
    "sign_for": Step(
        outcomes={"DONE": ("Signed for", "已签收")},
        after=signed_for,
        may_return_to=(),
        help=("Take the papers over from whoever brought them.", "清点并签收来文。"),
    ),
    "register": Step(
        outcomes={"DONE": ("Registered", "已登记")},
        rule=is_registered,
        data=("chaser",),
        may_return_to=(),
        form_template="general_office/incoming_documents/register_step.html",
        help=(
            "Fill in the registration form; the number is issued when you register.",
            "填写收文登记表，登记时自动编号。",
        ),
    ),
    "first_check": Step(
        outcomes={"ACCEPT": ("In order", "符合要求"), "RETURN": ("Return to sender", "退回来文单位")},
        form=forms.FirstCheckForm,
        rule=first_check_rule,
        after=first_checked,
        not_same_as=("register",),
        opinion_needed=frozenset({"RETURN"}),
        limit_key="incoming.first_check.{urgency}",
        help=(
            "Is it ours to handle, complete, in due form? Faulty papers go back with reasons.",
            "审核是否应由本机关办理、是否符合行文规则和格式要求；不符合的说明理由退回。",
        ),
    ),
    "send_back": Step(
        outcomes={"DONE": ("Sent back", "已退文")},
        after=sent_back,
        limit_key="incoming.return.days",
        may_return_to=(),
        help=("Print the letter and send the papers back with it.", "打印退文函，连同原件一并退回。"),
    ),
    "propose": Step(
        outcomes={
            "DIRECT": ("Send to handling", "直接交办"),
            "TO_LEADER": ("Submit to a leader", "呈领导批示"),
            "READ_ONLY": ("For reading only", "只作传阅"),
        },
        form=forms.ProposeForm,
        rule=propose_rule,
        after=proposed,
        data=("lead_unit", "co_units", "readers", "leaders"),
        opinion_needed=frozenset({"*"}),
        limit_key="incoming.propose.days",
        help=(
            "Name one lead unit, its co-units, and who reads it.",
            "提出拟办意见，明确一个主办单位、会办单位和传阅范围。",
        ),
    ),
    "instruct": Step(
        outcomes={
            "AGREE": ("Agree", "同意"),
            "READ_ONLY": ("For reading only", "只作传阅"),
            "REVISE": ("Propose anew", "重新拟办"),
        },
        rule=was_checked,
        opinion_needed=frozenset({"REVISE"}),
        limit_key="incoming.instruct.days",
    ),
    "handle": Step(
        outcomes={
            "REPLY_DUE": ("Handled, a reply follows", "已办理，需答复"),
            "NO_REPLY": ("Handled, no reply due", "已办理，不需答复"),
        },
        form=forms.HandleForm,
        rule=was_checked,
        after=handled,
        unit="lead_unit",
        opinion_needed=frozenset({"*"}),
        limit_key="matter",
    ),
    "cosign": Step(
        outcomes={"AGREE": ("Agree", "同意"), "OBJECT": ("Differ", "有不同意见")},
        rule=was_checked,
        opinion_needed=frozenset({"OBJECT"}),
        limit_key="incoming.cosign.days",
    ),
    "circulate": Step(
        outcomes={"NOTED": ("Read", "已阅")},
        rule=was_checked,
        after=read,
        limit_key="incoming.circulation.days",
        to_read=True,
        may_return_to=(),
    ),
    "chase": Step(
        outcomes={"DONE": ("Chased", "已催办")},
        rule=was_checked,
        post="chaser",  # the named one; for a document without, the office's chasers
        opinion_needed=frozenset({"*"}),
        limit_key="incoming.chase.days",
        may_return_to=(),
        help=(
            "The limit ran out: ask the lead unit how it stands and note the answer.",
            "办理时限已到，请向主办单位了解进展并记录。",
        ),
    ),
    "reply": Step(
        outcomes={"REPLIED": ("Replied", "已答复")},
        form=forms.ReplyForm,
        rule=was_checked,
        after=replied,
        unit="lead_unit",
        limit_key="incoming.reply.days",
    ),
    "office_check": Step(
        outcomes={"PASS": ("Passed", "审核通过"), "REWORK": ("Back for rework", "退回修改")},
        rule=was_checked,
        after=office_checked,
        not_same_as=("handle", "reply"),
        opinion_needed=frozenset({"REWORK"}),
        limit_key="incoming.office_check.days",
    ),
    "file": Step(
        outcomes={"FILED": ("Filed", "已归档")},
        form=forms.FilingForm,
        rule=filing_rule,
        form_template="procedures/filing/step.html",
        after=filed,
        limit_key="incoming.file.days",
    ),
}

BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "incoming_document.bpmn",
    name_en="Incoming document",
    name_zh="收文办理",
    steps=STEPS,
    data={"lead_unit": "unit", "co_units": "units", "readers": "posts", "leaders": "posts", "chaser": "post"},
    openers=(REGISTRAR,),
    panel_template="general_office/incoming_documents/panel.html",
    panel_context=panel,
    may_circulate=only_the_listed,
    hindrances=hindrances,
    files_itself=True,
    basis=(
        "Rules on handling official documents (2012), art. 24:"
        " sign for, register, first-check, handle, circulate, urge, answer.",
        "《党政机关公文处理工作条例》（2012年）第二十四条：签收、登记、初审、承办、传阅、催办、答复。",
    ),
)


def bring() -> None:
    """Put the procedure on the board."""
    register(BINDING)
