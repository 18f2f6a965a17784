"""Step → form, rule, service, for archive_reading.bpmn and archive_reading_restricted.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chancery.departments.general_office.archives.reading import forms, queries, rules, services
from chancery.departments.general_office.archives.reading.terms import PROCEDURE, RESTRICTED_PROCEDURE
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register

Data = Mapping[str, Any]


def _id(matter: Any) -> int:
    return int(matter.subject.rpartition(":")[2])


def decide_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Never the person who asks."""
    found = queries.request_of(_id(matter))
    return rules.may_decide(by, found) if found is not None else no("")


def decided(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """The reader is let in, or told why not."""
    services.settle(
        request_id=_id(matter),
        grant=outcome == "GRANT",
        note=opinion,
        ends_on=data.get("ends_on"),
        may_copy=bool(data.get("may_copy")),
        by=by,
        at=at,
    )


STEPS = {
    "decide": Step(
        outcomes={"GRANT": ("Grant", "同意利用"), "REFUSE": ("Refuse", "不同意")},
        form=forms.DecideForm,
        rule=decide_rule,
        after=decided,
        unit="decider",
        opinion_needed=frozenset({"*"}),
        limit_key="archive.reading.decide.days",
        may_return_to=(),
        help=(
            "Give the reason either way. The reader sees the files until the day said, then no longer.",
            "同意与否均须说明理由。利用人可查阅至所定日期，逾期自动终止。",
        ),
    )
}

BASIS = (
    "Archives Law (2020), arts. 27–33: use of archives, and that it keeps secrets and rights of others.",
    "《中华人民共和国档案法》（2020年）第二十七条至第三十三条：档案的利用及其限制。",
)


def _binding(code: str, name_en: str, name_zh: str) -> ProcedureBinding:
    return ProcedureBinding(
        code=code,
        bpmn=Path(__file__).parent / f"{code}.bpmn",
        name_en=name_en,
        name_zh=name_zh,
        steps=STEPS,
        data={"decider": "unit"},
        panel_template="general_office/archives/reading/panel.html",
        panel_context=queries.panel,
        basis=BASIS,
    )


def bring() -> None:
    """Put both on the board."""
    register(_binding(PROCEDURE, "Request to read archives", "档案利用审批"))
    register(_binding(RESTRICTED_PROCEDURE, "Request to read restricted archives", "限制利用档案审批"))
