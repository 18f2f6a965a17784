"""Who clears whom."""

from __future__ import annotations

import calendar
import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.clearances.models import ExitRequest, PersonClearance
from chancery.departments.general_office.confidential_work.clearances.terms import ExitState, State
from chancery.departments.general_office.confidential_work.rules import is_authority, is_officer
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes
from chancery.kernel.access.rules import holds_role, not_own_act

BASIS = "《中华人民共和国保守国家秘密法》(2024) 第四十三至四十六条"


class NotCleared(Refused):
    """An account would see further than its person is cleared for."""


def may_propose(by: Actor) -> Verdict:
    """The confidential officer, or a head for their people: somebody proposes the officer too."""
    return yes() if is_officer(by) or holds_role(by, "head") else is_officer(by)


def may_decide(by: Actor, clearance: PersonClearance) -> Verdict:
    """The classification authority: not who proposed it, and not about oneself."""
    if clearance.state != State.PROPOSED:
        return no(_("This was decided already."))
    return first_refusal(
        is_authority(by), not_own_act(by, clearance.proposed_person_id), not_own_act(by, clearance.person_id)
    )


def is_trained(trained_on: dt.date | None, today: dt.date) -> Verdict:
    """Nobody is cleared untrained."""
    if trained_on is None:
        return no(
            _("Say when the person was last trained: nobody is cleared untrained."), field="trained_on", basis=BASIS
        )
    return no(_("That day is still to come."), field="trained_on") if trained_on > today else yes()


def may_keep(by: Actor, clearance: PersonClearance) -> Verdict:
    """The officer keeps a standing clearance: training, review, end; not their own."""
    if clearance.state != State.STANDING:
        return no(_("This clearance does not stand."))
    return first_refusal(is_officer(by), not_own_act(by, clearance.person_id))


def may_ask_exit(by: Actor, clearance: PersonClearance) -> Verdict:
    """The cleared person asks; during cooling-off too."""
    if by.person_id != clearance.person_id:
        return no(_("Only the cleared person asks."))
    if clearance.state != State.STANDING and clearance.cooling_until is None:
        return no(_("This clearance does not stand."))
    return yes()


def is_to_come(leaves_on: dt.date, returns_on: dt.date, today: dt.date) -> Verdict:
    """Approved before it begins."""
    if leaves_on <= today:
        return no(_("A journey is approved before it begins."), field="leaves_on")
    if returns_on < leaves_on:
        return no(_("The journey ends before it begins."), field="returns_on")
    return yes()


def may_decide_exit(by: Actor, request: ExitRequest) -> Verdict:
    """The classification authority; not about oneself, once."""
    if request.state != ExitState.ASKED:
        return no(_("This was decided already."))
    return first_refusal(is_authority(by), not_own_act(by, request.clearance.person_id))


def account_follows(reach: int | None, clearance: int) -> Verdict:
    """An account sees above RESTRICTED only as far as its person's approved clearance reaches."""
    if clearance <= Clearance.RESTRICTED or (reach is not None and clearance <= reach):
        return yes()
    return no(
        _(
            "This person has no approved clearance that reaches so far. The confidential officer proposes it, the "
            "classification authority grants it; then the account follows."
        ),
        field="clearance",
        basis=BASIS,
        refusal=NotCleared,
    )


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months on, or the last of a shorter month."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
