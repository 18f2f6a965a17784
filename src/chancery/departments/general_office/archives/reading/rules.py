"""Who may ask, decide, read, copy."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.departments.general_office.archives.reading.terms import State
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import LIVE


class NoSuchItem(Refused):
    """The item, request or file does not exist for the actor; pages and API answer 404."""


class OwnRequest(Refused):
    """Nobody decides on his own request."""


def is_restricted(item: ArchivalItem) -> bool:
    """Whether the department that filed it decides."""
    return item.label > Clearance.INTERNAL


def may_ask(
    by: Actor, item: ArchivalItem, *, purpose: str, wanted_until: dt.date, wants_copy: bool, reads: bool, today: dt.date
) -> Verdict:
    """Anybody who may know of it, for a purpose, for a day to come."""
    if by.person_id is None or by.post_id is None:
        return no(_("Choose the post you act in first."))
    if item.state not in LIVE:
        return no(_("This item is no longer kept here."))
    if not purpose.strip():
        return no(_("Say what you need it for."), field="purpose")
    if wanted_until < today:
        return no(_("That day is over."), field="wanted_until")
    if reads and not wants_copy:
        return no(_("You may read it already. Ask only if you need a copy."), field="wants_copy")
    return yes()


def may_decide(by: Actor, request: ReadingRequest) -> Verdict:
    """Another person than the one who asks, under whichever hat."""
    if request.state != State.ASKED:
        return no(_("This request was decided already."))
    if by.person_id is not None and by.person_id == request.person_id:
        return no(_("You asked for it yourself: another person decides."), refusal=OwnRequest)
    return yes()


def lasts(wanted_until: dt.date, given: dt.date | None, today: dt.date, most: dt.date) -> tuple[Verdict, dt.date]:
    """The last day of reading: what was asked or given, never beyond what the provision allows."""
    day = given or min(wanted_until, most)
    if day < today:
        return no(_("That day is over."), field="ends_on"), day
    if day > most:
        return no(_("Reading lasts to %(day)s at most.") % {"day": most}, field="ends_on"), day
    return yes(), day


def may_read(by: Actor, request: ReadingRequest, today: dt.date) -> Verdict:
    """The person who asked, in the post that asked, while it lasts and the item is kept."""
    if request.person_id != by.person_id or request.post_id != by.post_id:
        return no(_("This was granted to somebody else."), refusal=NoSuchItem)
    is_over = request.ends_on is None or request.ends_on < today or request.item.state not in LIVE
    if request.state != State.GRANTED or is_over:
        return no(_("There is nothing here that you may read now."), refusal=NoSuchItem)
    return yes()


def may_copy(by: Actor, request: ReadingRequest, today: dt.date) -> Verdict:
    """The same, if copies were granted."""
    verdict = may_read(by, request, today)
    if not verdict:
        return verdict
    return yes() if request.may_copy else no(_("Copies were not granted."))
