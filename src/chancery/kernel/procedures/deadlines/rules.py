"""Who may urge, pause, ask for more time and grant it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Stale, Verdict, no, yes
from chancery.kernel.procedures.bindings import ProcedureBinding
from chancery.kernel.procedures.deadlines.models import ExtensionRequest
from chancery.kernel.procedures.deadlines.terms import RequestState
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.rules import oversees
from chancery.kernel.procedures.matters.terms import MatterState


def is_kept_here(of: ProcedureBinding) -> Verdict:
    """Not where the function keeps the time limits itself."""
    if of.keeps_clock:
        return no(_("The limits of this matter are kept where its subject is: ask for more time there."))
    return yes()


def may_urge(*, urged_before: dt.datetime | None, at: dt.datetime, interval: dt.timedelta) -> Verdict:
    """Not again within the interval."""
    if urged_before is not None and at < urged_before + interval:
        return no(_("It was urged less than %(hours)s hours ago.") % {"hours": int(interval.total_seconds() // 3600)})
    return yes()


def may_ask_for_time(
    *, due_on: dt.date | None, today: dt.date, days: int, most_days: int, granted: int, most_times: int, before: bool
) -> Verdict:
    """Before the limit has run out, for no longer and no more often than the rulebook allows."""
    if due_on is None:
        return no(_("The step has no limit."))
    if before and today > due_on:
        return no(_("The limit has run out: more time is asked for before it does."))
    if not 1 <= days <= most_days:
        return no(_("Ask for 1 to %(most)s days.") % {"most": most_days}, field="days")
    if granted >= most_times:
        return no(_("The limit was moved %(times)s times already.") % {"times": granted})
    return yes()


def may_decide(by: Actor, request: ExtensionRequest, matter: Matter) -> Verdict:
    """Another person than the asker: the matter's opener, or the head or registrar of its unit."""
    if request.state != RequestState.ASKED:
        return no(_("The request has been decided already."), refusal=Stale)
    if by.person_id is not None and by.person_id == request.asked_person_id:
        return no(_("Another person decides on your request, whatever post you act in."))
    if by.person_id == matter.opened_person_id or oversees(by, matter):
        return yes()
    return no(_("The opener of the matter, or the head or registrar of its unit, decides."))


def may_pause(matter: Matter, *, until: dt.date | None, today: dt.date, longest: int) -> Verdict:
    """Running, and not for longer than the rulebook allows."""
    if matter.state != MatterState.OPEN:
        return no(_("Only a matter in hand is paused."), refusal=Stale)
    if until is not None and not today < until <= today + dt.timedelta(days=longest):
        return no(_("A pause ends within %(days)s days.") % {"days": longest}, field="until")
    return yes()
