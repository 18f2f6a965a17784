"""Requests one may see, the section on the item's page, the panel on the matter's page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from chancery.departments.general_office.archives.reading import rules
from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.departments.general_office.archives.reading.terms import DAYS, TONES, State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.access.models import Account
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import LIVE


def last_day(today: dt.date) -> dt.date:
    """The last day a reading granted today can have."""
    return today + dt.timedelta(days=rulebook.days(DAYS, on=today))


def request_of(request_id: int) -> ReadingRequest | None:
    """A request, or None when it does not exist for the actor."""
    return (
        ReadingRequest.objects.select_related("item", "item__fonds", "person", "post", "decided_person", "matter")
        .filter(pk=request_id)
        .first()
    )


def clearance_of(person_id: int) -> int:
    """How far a person is cleared, by their accounts."""
    found = Account.objects.filter(person_id=person_id, is_active=True).order_by("-clearance")
    return found.values_list("clearance", flat=True).first() or 0


def requests() -> QuerySet[ReadingRequest, Any]:
    """Lines of the list."""
    return ReadingRequest.objects.values(
        "id", "item_id", "item__code", "item__title", "person__name_en", "person__name_zh", "purpose", "state",
        "wants_copy", "asked_at", "ends_on", "matter_id", "matter__number",
    )  # fmt: skip


def section(item: ArchivalItem, by: Actor) -> dict[str, Any] | None:
    """On the item's page: asking, and what became of what one asked."""
    if by.person_id is None:
        return None
    mine = list(ReadingRequest.objects.filter(item=item, person_id=by.person_id).order_by("-asked_at")[:5])
    today = clock.today()
    others = ReadingRequest.objects.filter(item=item).exclude(person_id=by.person_id).count()
    open_now = any(one.state in (State.ASKED, State.GRANTED) and one.post_id == by.post_id for one in mine)
    return {
        "mine": [
            {"one": one, "tone": TONES[one.state], "may_read": bool(rules.may_read(by, one, today))} for one in mine
        ],
        "others": others,
        "may_ask": item.state in LIVE and not open_now,
        "reads": archive.may_read(item),
    }


def panel(matter: Any, by: Actor) -> dict[str, Any]:
    """On the matter's page: who wants to read what, and why."""
    found = request_of(int(matter.subject.rpartition(":")[2]))
    return {"to_read": found, "tone": TONES[found.state] if found else "", "longest": last_day(clock.today())}
