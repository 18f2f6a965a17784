"""Step → form, rule, service, for archive_transfer.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.transfers import queries, rules, services
from chancery.departments.general_office.archives.transfers.models import TransferList
from chancery.departments.general_office.archives.transfers.terms import OPEN, PROCEDURE, ListState
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register

Data = Mapping[str, Any]


def _one(matter: Any) -> TransferList | None:
    return queries.list_of(queries.list_id_of(matter))


def may_send(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """The archivist's own step; why a list is withdrawn is the step's opinion."""
    one = _one(matter)
    if one is None:
        return no("")
    return rules.may_withdraw(by, one, "—") if outcome == "WITHDRAWN" else rules.may_submit(by, one)


def sent(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """编制: to the head of the archive, or withdrawn."""
    list_id = queries.list_id_of(matter)
    if outcome == "WITHDRAWN":
        services.note_withdrawn(list_id=list_id, reason=opinion, by=by, at=at)
    else:
        services.note_submitted(list_id=list_id, by=by, at=at)


def may_decide(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Never the person who drew it up."""
    one = _one(matter)
    return rules.may_approve(by, one, queries.rows_of(one.pk).count()) if one is not None else no("")


def decided(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """档案负责人审批."""
    list_id = queries.list_id_of(matter)
    if outcome == "APPROVED":
        services.note_approved(list_id=list_id, by=by, at=at)
    else:
        services.note_sent_back(list_id=list_id, reason=opinion, by=by, at=at)


def was_received(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """The receipt is in."""
    one = _one(matter)
    return rules.has_ended(one) if one is not None else no("")


def went_back(*, matter: Any, step: str, by: Actor, at: dt.datetime) -> None:
    """A submitted list may be taken back; what was approved or has ended is not."""
    one = _one(matter)
    if one is None or step != "draw_up" or one.state != ListState.SUBMITTED:
        raise Refused(_("The list has moved on: what was decided is not taken back."))
    services.note_sent_back(list_id=one.pk, reason=_("Taken back"), by=by, at=at)


def closed(*, matter: Any, by: Actor, at: dt.datetime) -> None:
    """A matter closed by hand gives its list up."""
    one = _one(matter)
    if one is not None and one.state in OPEN:
        services.note_withdrawn(list_id=one.pk, reason=_("The matter was closed."), by=by, at=at)


BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "archive_transfer.bpmn",
    name_en="Transfer of archives",
    name_zh="档案进馆移交",
    steps={
        "draw_up": Step(
            outcomes={"SUBMITTED": ("Submit", "报批"), "WITHDRAWN": ("Withdraw the list", "撤回清册")},
            rule=may_send,
            after=sent,
            opinion_needed=frozenset({"WITHDRAWN"}),
            limit_key="archives.transfer.draw_up",
            may_return_to=(),
            help=(
                "Look the list through on its page, take off what does not go, and submit it.",
                "在清册页面逐件核对，剔除不移交的档案，然后报批。",
            ),
        ),
        "approve": Step(
            outcomes={"APPROVED": ("Approve", "批准"), "RETURNED": ("Send back", "退回")},
            rule=may_decide,
            after=decided,
            not_same_as=("draw_up",),
            opinion_needed=frozenset({"RETURNED"}),
            limit_key="archives.transfer.decide",
            may_return_to=(),
            help=(
                "Approved, the package may be made; nothing leaves before the authority's receipt.",
                "批准后方可生成移交包；取得档案馆回执前，档案不离馆。",
            ),
        ),
        "hand_over": Step(
            outcomes={"DONE": ("Transferred", "移交完毕")},
            rule=was_received,
            limit_key="archives.transfer.hand_over",
            may_return_to=(),
            help=(
                "On the list's page: make the package, hand it over, enter the receipt. The receipt ends this step.",
                "在清册页面：生成移交包，办理移交，登记回执。登记回执后本环节自动办结。",
            ),
        ),
    },
    openers=("archivist",),
    panel_template="general_office/archives/transfers/panel.html",
    panel_context=queries.panel,
    went_back=went_back,
    after_close=closed,
    basis=(
        "Regulations on the Archives Law (2024), art. 20: what is kept for good goes to the archives authority after"
        " twenty years.",
        "《中华人民共和国档案法实施条例》（2024）第二十条：永久保管的档案满二十年向有关档案馆移交。",
    ),
)


def bring() -> None:
    """Put the procedure on the board."""
    register(BINDING)
