"""Places and their hours, the day's queue, the waiting room's screen. Numbers and times; never who they are."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.terms import Line
from chancery.departments.general_office.petitions.desk.visits import rules
from chancery.departments.general_office.petitions.desk.visits.models import (
    PetitionHours,
    PetitionPlace,
    PetitionRoom,
    PetitionVisit,
)
from chancery.departments.general_office.petitions.desk.visits.terms import WEEKDAYS
from chancery.departments.general_office.petitions.models import Petition
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.words import words
from chancery.kernel.calendar import queries as calendar

SHOWN_CALLS = 6


@dataclass(frozen=True, slots=True)
class Screen:
    """What a waiting room shows: the place, the numbers called with their rooms, latest first, and how many wait."""

    place: PetitionPlace
    called: tuple[tuple[int, str], ...]
    waiting: int


def places(*, on: dt.date) -> list[PetitionPlace]:
    """The places named for a day."""
    rows = PetitionPlace.objects.filter(since__lte=on).filter(Q(until=None) | Q(until__gte=on))
    return list(rows.order_by("id"))


def every_place() -> list[PetitionPlace]:
    """All that ever were, the standing ones first."""
    rows = PetitionPlace.objects.prefetch_related("hours", "rooms")
    return sorted(rows, key=lambda one: (one.until is not None, one.pk))


def place_of(place_id: int | None) -> PetitionPlace | None:
    """A place, or None when it does not exist for the actor."""
    return PetitionPlace.objects.select_related("guard").filter(pk=place_id).first() if place_id else None


def rooms(place_id: int) -> list[PetitionRoom]:
    """The rooms in use."""
    return list(PetitionRoom.objects.filter(place_id=place_id, ended_on=None).order_by("name", "id"))


def free_rooms(place_id: int) -> list[PetitionRoom]:
    """Those in which nobody is heard."""
    taken = PetitionVisit.objects.filter(place_id=place_id, ended_at=None, room__isnull=False).values("room_id")
    return list(PetitionRoom.objects.filter(place_id=place_id, ended_on=None).exclude(pk__in=taken).order_by("name"))


def room_of(room_id: int | None) -> PetitionRoom | None:
    """A room, or None."""
    return PetitionRoom.objects.filter(pk=room_id).first() if room_id else None


def hours_of(place_id: int, *, on: dt.date) -> list[PetitionHours]:
    """The hours that hold on a day."""
    rows = PetitionHours.objects.filter(place_id=place_id, since__lte=on).filter(Q(until=None) | Q(until__gte=on))
    return list(rows.order_by("opens", "id"))


def hours_in_words(hours: list[PetitionHours]) -> list[str]:
    """“Monday–Friday 09:00–11:30”."""
    return [f"{_days(sorted(one.weekdays))} {one.opens:%H:%M}–{one.closes:%H:%M}" for one in hours]


def _days(days: list[int]) -> str:
    named = {day: str(name) for day, name in WEEKDAYS}
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{named[days[0]]}–{named[days[-1]]}"
    return str(_(", ")).join(named[day] for day in days)


def works(on: dt.date) -> bool:
    """Whether the house works on a day."""
    return calendar.is_working_day(on)


def queue(place_id: int, day: dt.date) -> list[PetitionVisit]:
    """All visits of a day, by number."""
    rows = PetitionVisit.objects.select_related("room", "petition", "called_person")
    return list(rows.filter(place_id=place_id, day=day).order_by("number"))


def visit_of(visit_id: int) -> PetitionVisit | None:
    """A visit, or None when it does not exist for the actor."""
    rows = PetitionVisit.objects.select_related(
        "place__guard", "room", "petition__guard", "arrived_person", "called_person"
    )
    return rows.filter(pk=visit_id).first()


def screen(ref: uuid.UUID, *, on: dt.date) -> Screen | None:
    """What a waiting room shows, asked by the screen's own address. Numbers and rooms are no secret there; nothing else
    is told."""
    with acting_as(SYSTEM):
        place = PetitionPlace.objects.filter(screen=ref).first()
        if place is None or not rules.is_named(place, on):
            return None
        rows = PetitionVisit.objects.select_related("room").filter(place=place, day=on)
        called = rows.filter(called_at__isnull=False).order_by("-called_at", "-number")[:SHOWN_CALLS]
        shown = tuple((one.number, one.room.name if one.room else "") for one in called)
        return Screen(place, shown, rows.filter(called_at=None, ended_at=None).count())


# --- Parts of other pages --------------------------------------------------------------------------------------------
def visits_of(petition_id: int) -> QuerySet[PetitionVisit]:
    """The visits about a petition."""
    return PetitionVisit.objects.select_related("place", "room").filter(petition_id=petition_id).order_by("arrived_at")


def section(petition: Petition, by: Actor, at: dt.datetime) -> dict[str, Any] | None:
    """The visits on a petition's page."""
    held = list(visits_of(petition.pk))
    return {"visits": [{"row": one, "place": words(one.place, "name")} for one in held]} if held else None


def lines(by: Actor, today: dt.date) -> list[Line]:
    """The hub: who waits today."""
    if not rules.may_receive(by):
        return []
    n = PetitionVisit.objects.filter(day=today, ended_at=None).aggregate(
        waiting=Count("id", filter=Q(called_at=None)), inside=Count("id", filter=Q(called_at__isnull=False))
    )
    address = reverse("general_office:petition_visits")
    return [
        Line(_("Visitors waiting"), n["waiting"], address, "amber"),
        Line(_("Visitors called or being heard"), n["inside"], address, "blue"),
    ]
