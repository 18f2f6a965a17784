"""Who places, looks at and lifts a hold.

One person places a hold: what must not be lost cannot wait for a second signature. Another person lifts it, because a
lifted hold lets things be destroyed.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.records.holds.models import Hold
from chancery.kernel.records.holds.terms import HOLD_KEEPER


class HoldRefused(Refused):
    """The hold is not placed, changed or lifted."""


class OwnHold(HoldRefused):
    """Who placed a hold does not lift it."""


def may_keep_holds(by: Actor) -> Verdict:
    """A keeper of holds."""
    return access.holds_role(by, HOLD_KEEPER)


def may_enter(by: Actor) -> Verdict:
    """For the door of the pages that place and lift."""
    if not (by.is_person and by.post_id):
        return no(_("Choose the post you act in first."))
    return may_keep_holds(by)


def says_why(title: str, reason: str, basis: str) -> Verdict:
    """A hold has a name, a reason and a basis."""
    for field, text, words in (
        ("title", title, _("Give the hold a name by which it is known.")),
        ("reason", reason, _("Say why these things must stay.")),
        ("basis", basis, _("Name the case, audit or petition, and the paper it rests on.")),
    ):
        if not text.strip():
            return no(words, field=field, refusal=HoldRefused)
    return yes()


def is_reviewed_on(review_on: dt.date | None, today: dt.date, last: dt.date) -> Verdict:
    """Somebody looks again, after today and within the longest time the rulebook allows."""
    if review_on is None or review_on <= today:
        return no(_("A hold is looked at again on a day to come."), field="review_on", refusal=HoldRefused)
    if review_on > last:
        return no(
            _("A hold is looked at again by %(day)s at the latest.") % {"day": last.isoformat()},
            field="review_on",
            refusal=HoldRefused,
        )
    return yes()


def covers_something(many: int) -> Verdict:
    """A hold that covers nothing holds nothing."""
    return yes() if many else no(_("Say what the hold covers."), field="codes", refusal=HoldRefused)


def is_standing(hold: Hold) -> Verdict:
    """A lifted hold stays lifted."""
    if hold.lifted_at is None:
        return yes()
    return no(_("This hold was lifted. Place a new one."), refusal=HoldRefused)


def may_lift(by: Actor, hold: Hold, reason: str) -> Verdict:
    """Another keeper than the one who placed it, with a reason."""
    if by.person_id is not None and by.person_id == hold.placed_person_id:
        return no(
            _("You placed this hold: another keeper of holds must lift it, whichever post you act in."),
            refusal=OwnHold,
        )
    if not reason.strip():
        return no(_("Say why it is no longer needed."), field="reason", refusal=HoldRefused)
    return yes()
