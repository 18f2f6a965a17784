"""Who may change the calendar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.calendar.terms import EDITOR_ROLE


def may_edit_calendar(by: Actor) -> Verdict:
    """Only a calendar editor: a changed day moves every running deadline set after it."""
    if by.is_system or access.holds_role(by, EDITOR_ROLE, None):
        return yes()
    return no(_("Only a post with the duty of calendar editor can change working days."))
