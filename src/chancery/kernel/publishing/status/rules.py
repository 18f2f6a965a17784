"""Who announces an interruption, and what it must say."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access.rules import holds_role
from chancery.kernel.publishing.notices.terms import EDITOR


def may_announce(by: Actor) -> Verdict:
    """A notice editor."""
    return holds_role(by, EDITOR, None)


def is_interruption(starts_at: dt.datetime, ends_at: dt.datetime, what: tuple[str, str], now: dt.datetime) -> Verdict:
    """It lies ahead or lasts, ends after it begins, and says what in both languages."""
    if ends_at <= starts_at:
        return no(_("The end must not come before the start."), field="ends_at")
    if ends_at <= now:
        return no(_("That time is over."), field="ends_at")
    if not what[0].strip() or not what[1].strip():
        return no(_("Say in both languages what will not answer."), field="what_zh" if what[0].strip() else "what_en")
    return yes()
