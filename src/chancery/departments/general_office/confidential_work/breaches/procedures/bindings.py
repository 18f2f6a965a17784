"""Step → form, rule, service, for breach_report.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.breaches import forms, queries, rules, services
from chancery.departments.general_office.confidential_work.breaches.terms import (
    CLOSE_DAYS,
    PROCEDURE,
    REMEDY_DAYS,
    State,
    StepOutcome,
)
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.procedures.deadlines.queries import OWN
from chancery.kernel.records.archive.terms import Hindrance

Data = Mapping[str, Any]


def report_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """The officer, once."""
    found = queries.breach_of(matter)
    return rules.may_tell_authority(by, found) if found is not None else no("")


def remedy_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Whoever may note measures."""
    found = queries.breach_of(matter)
    return rules.may_note(by, found) if found is not None else no("")


def close_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Never the person who found it."""
    found = queries.breach_of(matter)
    return rules.may_close(by, found) if found is not None else no("")


def reported(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """报告主管部门."""
    told = str(data.get("reported_to") or "")
    services.note_reported(breach_id=queries.breach_id(matter), reported_to=told, by=by, at=at)


def remedied(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """补救."""
    told = str(data.get("measures") or "")
    services.note_measures(breach_id=queries.breach_id(matter), measures=told, by=by, at=at)


def closed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """结案, or one more round of measures."""
    if outcome == StepOutcome.CLOSE:
        told = str(data.get("result") or "")
        services.note_closed(breach_id=queries.breach_id(matter), result=told, by=by, at=at)


def went_back(*, matter: Any, step: str, by: Actor, at: dt.datetime) -> None:
    """What the authority was told cannot be untold."""
    raise Refused(_("What was done about a breach stays. Ask for more measures instead."), basis=rules.BASIS)


def hindrances(*, matter: Any, by: Actor, at: dt.datetime) -> Sequence[Hindrance]:
    """A breach ends with its result, not by closing its matter."""
    found = queries.breach_of(matter)
    if found is not None and found.state == State.CLOSED:
        return []
    return [Hindrance(_("A breach is closed with its result."))]


BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "breach_report.bpmn",
    name_en="Breach report",
    name_zh="泄密事件报告",
    data={"closer": "post"},
    steps={
        "report": Step(
            outcomes={StepOutcome.REPORTED.value: ("Reported to the authority", "已报告")},
            form=forms.ReportedForm,
            rule=report_rule,
            after=reported,
            limit_key=OWN,
            may_return_to=(),
            help=(
                "Report it to the secrecy administration first, then say here whom you told.",
                "先向保密行政管理部门报告，再在此登记报告对象。",
            ),
        ),
        "remedy": Step(
            outcomes={StepOutcome.DONE.value: ("Measures taken", "已补救")},
            form=forms.MeasuresForm,
            rule=remedy_rule,
            after=remedied,
            limit_key=REMEDY_DAYS,
            may_return_to=(),
        ),
        "close": Step(
            outcomes={
                StepOutcome.CLOSE.value: ("Close with its result", "结案"),
                StepOutcome.MORE.value: ("More measures are needed", "继续补救"),
            },
            form=forms.ClosingForm,
            rule=close_rule,
            after=closed,
            post="closer",
            opinion_needed=frozenset({StepOutcome.MORE.value}),
            limit_key=CLOSE_DAYS,
            may_return_to=(),
            help=(
                "Not by whoever found it. The result says what happened, who answers for it and what was mended.",
                "发现人不得结案。处理结果应写明事实、责任和整改情况。",
            ),
        ),
    },
    panel_template="general_office/confidential_work/breaches/panel.html",
    panel_context=queries.panel,
    went_back=went_back,
    hindrances=hindrances,
    basis=(
        "Implementing rules of the Law on Guarding State Secrets: report within 24 hours of finding, then remedy.",
        "《中华人民共和国保守国家秘密法》及其实施条例：发现后二十四小时内报告，并立即采取补救措施。",
    ),
)


def bring() -> None:
    """Put the procedure on the board."""
    register(BINDING)
