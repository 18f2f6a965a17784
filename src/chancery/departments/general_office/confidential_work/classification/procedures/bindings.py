"""Step → rule, service, for classification.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chancery.departments.general_office.confidential_work.classification import queries, rules, services
from chancery.departments.general_office.confidential_work.classification.terms import (
    PROCEDURE,
    RETURN_PROCEDURE,
)
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register

Data = Mapping[str, Any]


def _id(matter: Any) -> int:
    return int(matter.subject.rpartition(":")[2])


def decide_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Never the person who proposed."""
    of = queries.decision(_id(matter))
    if of is None:
        return no("")
    return rules.may_decide(by, of, is_authority=queries.may_authorise(by, of.unit_id))


def decided(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """定密责任人审批."""
    services.settle(classification_id=_id(matter), outcome=outcome, note=opinion, by=by, at=at)


STEPS = {
    "decide": Step(
        outcomes={"APPROVE": ("Approve", "同意"), "REFUSE": ("Refuse", "不同意")},
        rule=decide_rule,
        after=decided,
        opinion_needed=frozenset({"REFUSE"}),
        limit_key="classification.decide.days",
        may_return_to=(),
        help=(
            "Approving puts the label on the thing and on what is derived from it, and lets the audience read.",
            "同意后标密立即生效，派生事项一并标注，知悉范围内的人员可以查阅。",
        ),
    ),
}

BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "classification.bpmn",
    name_en="Classification",
    name_zh="定密",
    steps=STEPS,
    panel_template="general_office/confidential_work/classification/panel.html",
    panel_context=queries.panel,
    basis=(
        "Law on Guarding State Secrets (2024), arts. 16–24, carried over to the house's own labels.",
        "《中华人民共和国保守国家秘密法》（2024）第十六条至第二十四条，参照用于本单位内部标签。",
    ),
)


RETURNING = ProcedureBinding(
    code=RETURN_PROCEDURE,
    bpmn=Path(__file__).parent / "level_return.bpmn",
    name_en="Giving back after a level was raised",
    name_zh="密级提升后清退",
    data={"readers": "posts"},
    steps={
        "give_back": Step(
            outcomes={"RETURNED": ("I keep nothing of it", "已清退，未留存")},
            limit_key="classification.return.days",
            may_return_to=(),
            help=(
                "It bears a higher level now, and your clearance does not reach it. Take every print and saved file of "
                "it to the confidential officer, or destroy it there; then say so here.",
                "该文件密级已提升，您不再属于知悉范围。请将留存的纸质件、电子件交保密员清退或销毁，然后在此确认。",
            ),
        )
    },
    basis=BINDING.basis,
)


def bring() -> None:
    """Put both procedures on the board."""
    register(BINDING)
    register(RETURNING)
