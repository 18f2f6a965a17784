"""Step → form, rule, service, for file_plan_approval.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chancery.departments.general_office.archives.planning import forms, queries
from chancery.departments.general_office.archives.planning.terms import CHECK_DAYS, PROCEDURE
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.records.fileplan import rules
from chancery.kernel.records.fileplan.drafting import services
from chancery.kernel.records.fileplan.models import FilePlan
from chancery.kernel.records.fileplan.terms import ARCHIVE_HEAD, ARCHIVIST, register_submission

Data = Mapping[str, Any]


def another_person(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Never the one who made the version."""
    return rules.not_the_maker(by, FilePlan.objects.get(pk=queries.plan_id(matter)))


def checked(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """审核."""
    if outcome == "RETURN":
        services.return_plan(plan_id=queries.plan_id(matter), reason=opinion, by=by, at=at)


def approved(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """批准: in force from the day said."""
    if outcome == "RETURN":
        services.return_plan(plan_id=queries.plan_id(matter), reason=opinion, by=by, at=at)
        return
    services.approve_plan(
        plan_id=queries.plan_id(matter),
        approval_number=str(data.get("approval_number") or ""),
        valid_from=data.get("valid_from"),
        by=by,
        at=at,
    )


RETURN = ("Return to the draft", "退回修改")

BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "file_plan_approval.bpmn",
    name_en="Approval of a file plan",
    name_zh="档案分类方案审批",
    steps={
        "check": Step(
            outcomes={"PASS": ("Pass it on", "审核通过"), "RETURN": RETURN},
            rule=another_person,
            after=checked,
            opinion_needed=frozenset({"RETURN"}),
            limit_key=CHECK_DAYS,
            may_return_to=(),
            help=(
                "Compare it with the version before; shorter periods are named.",
                "与上一版本比对；缩短的保管期限已单独列出。",
            ),
        ),
        "approve": Step(
            outcomes={"APPROVE": ("Approve", "批准"), "RETURN": RETURN},
            form=forms.ApproveForm,
            rule=another_person,
            after=approved,
            not_same_as=("check",),
            opinion_needed=frozenset({"RETURN"}),
            limit_key=CHECK_DAYS,
            may_return_to=(),
            help=(
                "The version before ends the day before. What was filed stays under the version of its day.",
                "上一版本于前一日终止。已归档文件仍适用其归档时的版本。",
            ),
        ),
    },
    openers=(ARCHIVIST, ARCHIVE_HEAD),
    panel_template="general_office/archives/planning/panel.html",
    panel_context=queries.panel,
    basis=(
        "Order no. 8 of the State Archives Administration: the schedule is approved by the archives authority.",
        "国家档案局令第8号：文件材料归档范围和文书档案保管期限表经档案主管部门审查同意后施行。",
    ),
)


def bring() -> None:
    """Put the procedure on the board, and tell the file plan where a draft is sent to."""
    register(BINDING)
    register_submission("general_office:fileplan_submit")
