"""Who hands over, who takes over, what is accepted. Pure but for the question who holds a role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.handover.terms import (
    DELEGATES,
    TAKERS,
    ListState,
    Result,
    RowState,
)
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Stale, Verdict, first_refusal, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.records.archive.terms import ItemState

if TYPE_CHECKING:
    from chancery.departments.general_office.archives.handover.models import HandoverList, HandoverRow

BASIS = "《归档文件整理规则》DA/T 22-2015；《文书类电子档案检测一般要求》DA/T 70-2018"


class FailedCheck(Refused):
    """The item failed one of the four checks; nothing was accepted."""


def due_on(year: int, month_day: str) -> dt.date:
    """The day in the next year by which the papers of `year` are handed over ("06-30"; 02-29 is then the 28th)."""
    month, day = (int(part) for part in month_day.split("-"))
    try:
        return dt.date(year + 1, month, day)
    except ValueError:
        return dt.date(year + 1, month, day - 1)


def lateness(due: dt.date, today: dt.date, remind_days: int, *, settled: bool) -> str:
    """DONE, RED (past), AMBER (within the days of reminding), or "" (in good time)."""
    if settled:
        return "DONE"
    if due < today:
        return "RED"
    return "AMBER" if due - dt.timedelta(days=remind_days) <= today else ""


def _one_of(by: Actor, roles: Sequence[str], unit_id: int) -> Verdict:
    """Any of the roles; the refusal names the first."""
    verdicts = [access.holds_role(by, role, unit_id) for role in roles]
    return next((verdict for verdict in verdicts if verdict), verdicts[0])


def may_hand_over(by: Actor, unit_id: int) -> Verdict:
    """The department's clerk, registrar or head."""
    if _one_of(by, DELEGATES, unit_id):
        return yes()
    return no(_("A list of a department is made by its own clerk, registrar or head."))


def may_take_over(by: Actor, keeper_unit_id: int) -> Verdict:
    """Archivists of the fonds, and the head of the archive."""
    return _one_of(by, TAKERS, keeper_unit_id)


def may_change(by: Actor, one: HandoverList) -> Verdict:
    """A list is changed until it is handed over."""
    if one.state != ListState.DRAFT:
        return no(_("The list was handed over; it is not changed any more."), refusal=Stale)
    return may_hand_over(by, one.unit_id)


def may_list_items(states: Iterable[str]) -> Verdict:
    """Only what is filed and still with the department goes on a list."""
    if any(state != ItemState.FILED for state in states):
        return no(_("Only items that are filed and still with the department go on a list."), field="items")
    return yes()


def may_offer(by: Actor, one: HandoverList, items: int) -> Verdict:
    """With at least one item."""
    verdict = may_change(by, one)
    if verdict and not items:
        return no(_("Put at least one item on the list."), field="items")
    if verdict and by.person_id is None:
        return no(_("A hand-over is signed by a person."))
    return verdict


def may_decide(by: Actor, one: HandoverList) -> Verdict:
    """Another person than the one who handed over, whatever hat either wears."""
    if one.state != ListState.OFFERED:
        return no(_("This list was decided or recalled already."), refusal=Stale)
    if by.person_id is not None and by.person_id == one.offered_person_id:
        return no(_("Whoever handed the list over does not take it over as well, under any hat."), basis=BASIS)
    return may_take_over(by, one.keeper_unit_id)


def may_accept(row: HandoverRow, code: str, reason: str) -> Verdict:
    """After its checks; a failed one never, a doubtful one with the reason in writing."""
    if row.state != RowState.WAITING:
        return no(_("%(code)s was decided already.") % {"code": code}, refusal=Stale)
    if not row.round:
        return no(_("%(code)s has not been checked yet.") % {"code": code}, field="rows")
    if row.worst == Result.FAIL:
        return no(
            _("%(code)s failed a check and is not accepted; return it with the reason.") % {"code": code},
            field="rows",
            basis=BASIS,
            refusal=FailedCheck,
        )
    if row.worst != Result.PASS and not reason.strip():
        return no(
            _("A check of %(code)s left a doubt: say why it is accepted all the same.") % {"code": code},
            field="reason",
        )
    return yes()


def may_return(row: HandoverRow, code: str, reason: str) -> Verdict:
    """With the reason: the department has to mend it."""
    if row.state != RowState.WAITING:
        return no(_("%(code)s was decided already.") % {"code": code}, refusal=Stale)
    if not reason.strip():
        return no(_("Say what is wrong, so that the department can mend it."), field="reason")
    return yes()


def may_sign(by: Actor, one: HandoverList, *, waiting: int, accepted: int) -> Verdict:
    """Once every item is decided."""
    undecided = no(_("%(n)s items of the list are not decided yet.") % {"n": waiting}) if waiting else yes()
    nothing = yes() if waiting or accepted else no(_("No item of the list was accepted: return it as a whole."))
    return first_refusal(may_decide(by, one), undecided, nothing)


def may_recall(by: Actor, one: HandoverList, decided: int, reason: str) -> Verdict:
    """By the department, while nothing on it was decided, with the reason."""
    if one.state != ListState.OFFERED:
        return no(_("Only a list that waits at the archive is recalled."), refusal=Stale)
    if decided:
        return no(_("The archive has begun to decide: the list is not recalled any more."), refusal=Stale)
    return first_refusal(
        may_hand_over(by, one.unit_id),
        yes() if reason.strip() else no(_("Say why the list is recalled."), field="reason"),
    )
