"""When somebody may be appointed, ended, corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes

LeavingCheck = Callable[..., Verdict]
_leaving_checks: list[LeavingCheck] = []


def register_leaving_check(check: LeavingCheck) -> None:
    """Have something above asked before a person's last post ends: `check(person_id=, by=, at=)`."""
    if check not in _leaving_checks:
        _leaving_checks.append(check)


def may_leave(person_id: int, by: Actor, at: dt.datetime) -> Verdict:
    """Whether nothing keeps a person whose last post is to end."""
    return first_refusal(*(check(person_id=person_id, by=by, at=at) for check in _leaving_checks))


def ends_after_start(start: dt.date, until: dt.date | None) -> Verdict:
    """`until` is the first day it no longer holds."""
    if until is None or until > start:
        return yes()
    return no(_("The end must come after the start."), field="until")


class NoFreeSeat(Refused):
    """Every seat is taken on one or another of the days."""


def no_free_seat() -> NoFreeSeat:
    """The refusal when no seat of the post is free on all those days."""
    return NoFreeSeat(_("Every seat of this post is taken on some of those days."), field="seat")


def is_running_on(start: dt.date | None, end: dt.date | None, on: dt.date) -> Verdict:
    """It has begun, and not ended before that day."""
    if start is None:
        return no(_("This entry was struck out as wrong."), field="on")
    if on <= start:
        return no(_("It begins only on %(day)s: the end must come after the start.") % {"day": start}, field="on")
    if end is not None and end <= on:
        return no(_("It has ended already."), field="on")
    return yes()
