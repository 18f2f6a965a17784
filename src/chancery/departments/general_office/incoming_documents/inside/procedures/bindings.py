"""Step → form, rule, service, for inside_document.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chancery.departments.general_office.incoming_documents import forms, queries, rules, services
from chancery.departments.general_office.incoming_documents.filing import queries as filing
from chancery.departments.general_office.incoming_documents.inside import forms as inside_forms
from chancery.departments.general_office.incoming_documents.inside import services as inside
from chancery.departments.general_office.incoming_documents.inside.terms import PROCEDURE, Outcome
from chancery.departments.general_office.incoming_documents.procedures.bindings import hindrances, panel
from chancery.departments.general_office.incoming_documents.terms import REGISTRAR
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register

Data = Mapping[str, Any]


def _document_id(matter: Any) -> int:
    return int(matter.subject.rpartition(":")[2])


def signed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """签收, or back to the sender with the reason."""
    if outcome == Outcome.DECLINED:
        inside.decline_copy(document_id=_document_id(matter), reason=opinion, by=by, at=at)
    else:
        inside.sign_for_copy(document_id=_document_id(matter), by=by, at=at)


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


def filing_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Class and retention, and nothing open or undated."""
    document = queries.document_of(matter.pk)
    hindrances = filing.hindrances(document, but_task_id=task.id) if document is not None else []
    return rules.may_file(str(data.get("file_class") or ""), str(data.get("retention") or ""), hindrances)


def filed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """归档."""
    services.file_document(
        document_id=_document_id(matter),
        file_class=str(data.get("file_class") or ""),
        retention=str(data.get("retention") or ""),
        by=by,
        at=at,
    )


STEPS = {
    "sign_for": Step(
        outcomes={"SIGNED": ("Sign for it", "签收"), "DECLINED": ("Not for us: send back", "不属本单位，退回")},
        after=signed,
        opinion_needed=frozenset({"DECLINED"}),
        limit_key="incoming.inside.sign_for",
        may_return_to=(),
        help=(
            "Signing for it gives it its number here and the sender its receipt.",
            "签收后自动登记编号，并向发文单位回执。",
        ),
    ),
    "assign": Step(
        outcomes={"HANDLE": ("To be handled", "交办"), "FOR_INFORMATION": ("For information only", "仅供阅存")},
        form=inside_forms.AssignForm,
        data=("handler_post",),
        limit_key="incoming.inside.assign",
        may_return_to=(),
        help=("Hand it to whoever handles it, or keep it for information.", "确定承办人，或者作阅存处理。"),
    ),
    "handle": Step(
        outcomes={"DONE": ("Handled", "已办理")},
        form=forms.HandleForm,
        after=handled,
        post="handler_post",
        limit_key="matter",
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
    bpmn=Path(__file__).parent / "inside_document.bpmn",
    name_en="Document from inside the house",
    name_zh="内部来文",
    steps=STEPS,
    data={"handler_post": "post"},
    openers=(REGISTRAR,),
    panel_template="general_office/incoming_documents/panel.html",
    panel_context=panel,
    hindrances=hindrances,
    files_itself=True,
    basis=(
        "Rules on handling official documents (2012), art. 24: what arrives is signed for and registered.",
        "《党政机关公文处理工作条例》（2012年）第二十四条：对收到的公文应当逐件清点、签收、登记。",
    ),
)


def bring() -> None:
    """Put the procedure on the board."""
    register(BINDING)
