"""Step → form, rule, service, for archive_handover.bpmn and archive_duty.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.handover import queries, rules, services
from chancery.departments.general_office.archives.handover.models import HandoverDuty, HandoverList
from chancery.departments.general_office.archives.handover.terms import DELEGATES, DUTY_PROCEDURE, PROCEDURE
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register

Data = Mapping[str, Any]
TEMPLATES = "general_office/archives/handover"


def _key(matter: Any) -> int:
    return int(matter.subject.rpartition(":")[2])


def taking_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Every item decided, by another person than the one who handed over."""
    one = HandoverList.objects.get(pk=_key(matter))
    if outcome == "RETURNED":
        return rules.may_decide(by, one)
    waiting, accepted = services.undecided_and_accepted(one)
    return rules.may_sign(by, one, waiting=waiting, accepted=accepted)


def taken(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """Both signatures are there."""
    services.settle(list_id=_key(matter), outcome=outcome, opinion=opinion, by=by, at=at)


def list_panel(matter: Any, by: Actor) -> dict[str, Any]:
    """The list on its matter's page."""
    one = queries.list_of(_key(matter))
    return {"one": one, "summary": queries.summary(one.pk) if one else {}}


def duty_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Nothing is owed any more, counted at this moment."""
    with acting_as(SYSTEM):
        duty = HandoverDuty.objects.get(pk=_key(matter))
        key = (duty.unit_id, duty.year)
        owed = queries.unfiled().get(key, 0) + queries.unhanded().get(key, 0)
    if owed:
        return no(_("%(n)s papers of %(year)s are still to be filed or handed over.") % {"n": owed, "year": key[1]})
    return yes()


def duty_panel(matter: Any, by: Actor) -> dict[str, Any]:
    """What is owed, on the duty's matter page."""
    return {"duty": queries.duties().filter(pk=_key(matter)).first()}


TAKING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "archive_handover.bpmn",
    name_en="Taking over a hand-over list",
    name_zh="档案移交接收",
    steps={
        "take_over": Step(
            outcomes={
                "TAKEN": ("Sign: what was accepted is taken over", "签收：接收通过检测的档案"),
                "RETURNED": ("Return what is undecided", "退回未决定的档案"),
            },
            rule=taking_rule,
            after=taken,
            unit="keeper_unit",
            opinion_needed=frozenset({"RETURNED"}),
            may_return_to=(),
            help=(
                "Open the list, look at the four checks, accept or return each item; then sign here or there.",
                "打开移交清册，查看四性检测结果，逐件接收或退回，然后在此处或清册页签收。",
            ),
        )
    },
    data={"keeper_unit": "unit"},
    openers=DELEGATES,
    panel_template=f"{TEMPLATES}/list_panel.html",
    panel_context=list_panel,
    basis=(
        "Archives Law (2020), art. 14: organs hand over to their archive on time; DA/T 70-2018: the four checks.",
        "《中华人民共和国档案法》（2020年）第十四条：按时向档案机构移交；DA/T 70-2018：四性检测。",
    ),
)

DUTY = ProcedureBinding(
    code=DUTY_PROCEDURE,
    bpmn=Path(__file__).parent / "archive_duty.bpmn",
    name_en="Filing and handing over of a year",
    name_zh="年度归档移交",
    steps={
        "hand_over": Step(
            outcomes={"DONE": ("Everything is handed over", "已全部移交")},
            rule=duty_rule,
            limit_key="matter",
            may_return_to=(),
            help=(
                "File what is closed and put it on a hand-over list. It is done by itself once nothing is owed.",
                "将办结文件归档，将已归档文件列入移交清册。全部移交后自动办结。",
            ),
        )
    },
    data={"keeper_unit": "unit"},
    openers=DELEGATES,
    panel_template=f"{TEMPLATES}/duty_panel.html",
    panel_context=duty_panel,
    basis=(
        "Order no. 8 of the State Archives Administration: filed and handed over by the end of June of the next year.",
        "国家档案局令第8号：次年6月底前归档移交。",
    ),
)


def bring() -> None:
    """Put both on the board."""
    register(TAKING)
    register(DUTY)
