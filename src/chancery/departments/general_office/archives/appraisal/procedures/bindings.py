"""Step → form, rule, service, for archive_appraisal.bpmn and archive_period.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.appraisal import forms, queries, rules
from chancery.departments.general_office.archives.appraisal.terms import PERIOD_PROCEDURE, PROCEDURE
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal.appraising import services as appraising
from chancery.kernel.records.disposal.periods import services as periods
from chancery.kernel.records.disposal.terms import ARCHIVIST, DecisionState, ListState

Data = Mapping[str, Any]
HERE = Path(__file__).parent


def drawn_up(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """编制: to the appraisers, or withdrawn."""
    list_id = queries.list_id_of(matter)
    if outcome == "WITHDRAWN":
        appraising.withdraw_list(list_id=list_id, reason=opinion, by=by, at=at)
        return
    posts = [int(data["first_appraiser"]), int(data["second_appraiser"])]
    appraising.send_to_appraisers(list_id=list_id, post_ids=posts, by=by, at=at)


def appraised(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """初次鉴定: the first name."""
    appraising.sign_appraisal(list_id=queries.list_id_of(matter), by=by, at=at)


def looked_again(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """复核鉴定: the second name, and on to those who decide."""
    if outcome == "AGREED":
        appraising.sign_appraisal(list_id=queries.list_id_of(matter), by=by, at=at)
        appraising.submit_list(list_id=queries.list_id_of(matter), by=by, at=at)


def agreed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """档案负责人审核."""
    list_id = queries.list_id_of(matter)
    if outcome == "AGREED":
        appraising.agree_to_list(list_id=list_id, by=by, at=at)
    else:
        appraising.send_back_list(list_id=list_id, reason=opinion, by=by, at=at)


def approved(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """领导审批: the list is frozen."""
    list_id = queries.list_id_of(matter)
    if outcome == "APPROVED":
        appraising.approve_list(list_id=list_id, by=by, at=at)
    else:
        appraising.send_back_list(list_id=list_id, reason=opinion, by=by, at=at)


def went_back(*, matter: Any, step: str, by: Actor, at: dt.datetime) -> None:
    """A signature taken back: the list is the appraisers' again. What was approved stays approved."""
    of = disposal.list_of(queries.list_id_of(matter))
    if of is None or step == "draw_up" or of.state in (ListState.APPROVED, ListState.EXECUTED, ListState.WITHDRAWN):
        raise Refused(_("The list has moved on: what was sent or decided is not taken back."))
    if step in ("appraise", "second") and of.state == ListState.SUBMITTED:
        appraising.send_back_list(list_id=of.pk, reason=_("Taken back"), by=by, at=at)


def closed(*, matter: Any, by: Actor, at: dt.datetime) -> None:
    """A matter closed by hand gives its list up."""
    of = disposal.list_of(queries.list_id_of(matter))
    if of is not None and of.state not in (ListState.EXECUTED, ListState.WITHDRAWN):
        appraising.withdraw_list(list_id=of.pk, reason=_("The matter was closed."), by=by, at=at)


RETURNED = ("Send back", "退回")
STEPS = {
    "draw_up": Step(
        outcomes={"SENT": ("Send to the appraisers", "送鉴定"), "WITHDRAWN": ("Withdraw the list", "撤回清册")},
        form=forms.AppraisersForm,
        data=("first_appraiser", "second_appraiser"),
        rule=rules.names_two_appraisers,
        after=drawn_up,
        opinion_needed=frozenset({"WITHDRAWN"}),
        limit_key="appraisal.draw_up",
        may_return_to=(),
        help=(
            "Look the list through and name two appraisers, two different persons.",
            "核对清册，确定两名鉴定人（须为不同的人）。",
        ),
    ),
    "appraise": Step(
        outcomes={"SIGNED": ("Sign the appraisal", "签署鉴定意见")},
        after=appraised,
        post="first_appraiser",
        limit_key="appraisal.appraise",
        may_return_to=(),
        help=(
            "Give every row its verdict, on the list's page or in the spreadsheet; then sign.",
            "在清册页面或电子表格中逐件填写鉴定意见，然后签署。",
        ),
    ),
    "second": Step(
        outcomes={"AGREED": ("Sign and submit", "签署并报批"), "RETURNED": RETURNED},
        after=looked_again,
        post="second_appraiser",
        not_same_as=("appraise",),
        opinion_needed=frozenset({"RETURNED"}),
        limit_key="appraisal.appraise",
        may_return_to=(),
        help=(
            "If you change a verdict, send the list back: the first appraiser must see it and sign again.",
            "如修改了鉴定意见，请退回，由第一鉴定人查看后重新签署。",
        ),
    ),
    "agree": Step(
        outcomes={"AGREED": ("Agree", "同意"), "RETURNED": RETURNED},
        after=agreed,
        not_same_as=("draw_up", "appraise", "second"),
        opinion_needed=frozenset({"RETURNED"}),
        limit_key="appraisal.decide",
        may_return_to=(),
    ),
    "approve": Step(
        outcomes={"APPROVED": ("Approve", "批准"), "RETURNED": RETURNED},
        after=approved,
        not_same_as=("draw_up", "appraise", "second", "agree"),
        opinion_needed=frozenset({"RETURNED"}),
        limit_key="appraisal.decide",
        may_return_to=(),
        help=(
            "Approved, the list is frozen by its hash; two others carry it out.",
            "批准后清册以哈希值固化，由另外两人执行处置。",
        ),
    ),
    "carry_out": Step(
        outcomes={"DONE": ("Carried out", "处置完毕")},
        rule=rules.was_carried_out,
        limit_key="appraisal.carry_out",
        may_return_to=(),
        help=(
            "On the list's page: set the longer periods; destroy together with the supervisor.",
            "在清册页面：设置延长的保管期限；会同监销人销毁。",
        ),
    ),
}

APPRAISAL = ProcedureBinding(
    code=PROCEDURE,
    bpmn=HERE / "archive_appraisal.bpmn",
    name_en="Appraisal of archives",
    name_zh="档案鉴定处置",
    steps=STEPS,
    data={"first_appraiser": "post", "second_appraiser": "post"},
    openers=(ARCHIVIST,),
    panel_template="general_office/archives/appraisal/panel.html",
    panel_context=queries.panel,
    went_back=went_back,
    after_close=closed,
    basis=(
        "Archives Law (2020) and its Regulations (2024), art. 19–20: expired archives are appraised; what has no more"
        " value is destroyed by an approved list, under supervision.",
        "《中华人民共和国档案法》(2020) 及其实施条例 (2024) 第十九、二十条："
        "对保管期限届满的档案进行鉴定，经批准后按清册监销。",
    ),
)


def head_said(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """档案负责人审核 of a shorter period."""
    decision_id = queries.decision_id_of(matter)
    if outcome == "AGREED":
        periods.agree_shorter_period(decision_id=decision_id, by=by, at=at)
    else:
        periods.refuse_shorter_period(decision_id=decision_id, reason=opinion, by=by, at=at)


def leader_said(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """领导审批 of a shorter period: approved, the database shortens it."""
    decision_id = queries.decision_id_of(matter)
    if outcome == "APPROVED":
        periods.approve_shorter_period(decision_id=decision_id, by=by, at=at)
    else:
        periods.refuse_shorter_period(decision_id=decision_id, reason=opinion, by=by, at=at)


def period_stays(*, matter: Any, step: str, by: Actor, at: dt.datetime) -> None:
    """What was said of a period is not taken back: one asks anew."""
    raise Refused(_("What was decided on a period is not taken back."))


def period_closed(*, matter: Any, by: Actor, at: dt.datetime) -> None:
    """Closed by hand: the period stays."""
    asked = disposal.decision(queries.decision_id_of(matter))
    if asked is not None and asked.state == DecisionState.ASKED:
        periods.refuse_shorter_period(decision_id=asked.pk, reason=_("The matter was closed."), by=by, at=at)


REFUSED = ("Refuse", "不同意")
PERIOD = ProcedureBinding(
    code=PERIOD_PROCEDURE,
    bpmn=HERE / "archive_period.bpmn",
    name_en="Shorter period of an item",
    name_zh="缩短保管期限",
    steps={
        "agree": Step(
            outcomes={"AGREED": ("Agree", "同意"), "REFUSED": REFUSED},
            after=head_said,
            opinion_needed=frozenset({"REFUSED"}),
            limit_key="appraisal.decide",
            may_return_to=(),
        ),
        "approve": Step(
            outcomes={"APPROVED": ("Approve", "批准"), "REFUSED": REFUSED},
            after=leader_said,
            not_same_as=("agree",),
            opinion_needed=frozenset({"REFUSED"}),
            limit_key="appraisal.decide",
            may_return_to=(),
        ),
    },
    openers=(ARCHIVIST,),
    panel_template="general_office/archives/appraisal/period_panel.html",
    panel_context=queries.period_panel,
    went_back=period_stays,
    after_close=period_closed,
    basis=(
        "The retention schedule: a period is shortened only with the approval that it names.",
        "档案保管期限表：缩短保管期限须经规定的审批。",
    ),
)


def bring() -> None:
    """Put both procedures on the board."""
    register(APPRAISAL)
    register(PERIOD)
