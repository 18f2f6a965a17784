"""When a unit may be dissolved or changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Verdict, no, yes


def stands_alone(below: Sequence[str]) -> Verdict:
    """Nothing stands under it any more, nor is led by it, from that day on. `below`: their names."""
    if not below:
        return yes()
    reason = _("Move or dissolve first what still stands under it or is led by it: %(names)s.")
    return no(reason % {"names": ", ".join(below)}, field="on")


def is_emptied(open_posts: int, with_posts: bool) -> Verdict:
    """Its posts are abolished, or are to be abolished with it."""
    if with_posts or not open_posts:
        return yes()
    return no(_("The unit still has open posts. Abolish them with it, or one by one first."), field="with_posts")


def is_not_ended_by(start: dt.date | None, end: dt.date | None, on: dt.date) -> Verdict:
    """It was there, and has not ended before that day already. `start` None: the row was struck out."""
    if start is None or (end is not None and end <= on):
        return no(_("It has ended already."), field="on")
    return yes()
