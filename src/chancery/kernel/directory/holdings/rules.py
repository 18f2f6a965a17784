"""When somebody may be appointed, ended, corrected."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Refused, Verdict, no, yes


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
