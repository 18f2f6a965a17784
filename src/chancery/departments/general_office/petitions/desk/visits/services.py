"""Verbs: name places, hours and rooms; visitors arrive, are called, heard and leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import queries as petition_queries
from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.desk.models import PetitionArrival
from chancery.departments.general_office.petitions.desk.services import demand_representatives
from chancery.departments.general_office.petitions.desk.visits import queries, rules
from chancery.departments.general_office.petitions.desk.visits.models import (
    PetitionHours,
    PetitionPlace,
    PetitionRoom,
    PetitionVisit,
)
from chancery.departments.general_office.petitions.desk.visits.terms import PLACE, VISIT, End
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import (
    STANDING_READERS,
    SUBJECT,
    Channel,
    GivenFile,
    IdentityFacts,
    Part,
    Received,
    Side,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.kernel.access import services as access


def _write(act: str, on: str, guard_id: int, data: Mapping[str, Any], by: Actor, at: dt.datetime) -> None:
    journal.write(by=by, at=at, act=act, on=on, guard_id=guard_id, data=data)


# --- Places ----------------------------------------------------------------------------------------------------------
@service
def name_place(
    *, name_en: str, name_zh: str, address: str, since: dt.date | None = None, by: Actor, at: dt.datetime
) -> PetitionPlace:
    """Name a place for visits."""
    rules.may_name(by).demand()
    rules.is_place(name_en, name_zh, address).demand()
    with acting_as(SYSTEM):
        office = petition_queries.office_id()
        guard = access.open_guard(unit_id=office, label=Clearance.INTERNAL.value, is_narrow=True, by=SYSTEM, at=at)
        access.add_readers(
            guard_id=guard.pk, readers=[(None, role, office) for role in STANDING_READERS], how="standing", by=SYSTEM,
            at=at,
        )  # fmt: skip
    place = PetitionPlace.objects.create(
        guard=guard,
        name_en=name_en.strip(),
        name_zh=name_zh.strip(),
        address=address.strip(),
        since=since or clock.date_of(at),
    )
    _write("petition_place.named", f"{PLACE}:{place.pk}", guard.pk, {"name": place.name_zh}, by, at)
    return place


def _place(place_id: int) -> PetitionPlace:
    found = PetitionPlace.objects.select_for_update(of=("self",)).select_related("guard").filter(pk=place_id).first()
    if found is None:
        raise petition_rules.NoSuchPetition(_("There is no such place."))
    return found


@service
def close_place(*, place_id: int, until: dt.date | None = None, by: Actor, at: dt.datetime) -> PetitionPlace:
    """Receive visits there no longer, from the day after `until` (today)."""
    place = _place(place_id)
    rules.may_name(by, place.guard.unit_id).demand()
    place.until = max(until or clock.date_of(at), place.since)
    place.save(update_fields=["until"])
    _write("petition_place.closed", f"{PLACE}:{place.pk}", place.guard_id, {"until": place.until}, by, at)
    return place


@service
def set_hours(
    *, place_id: int, hours: Sequence[tuple[Iterable[int], dt.time, dt.time]], by: Actor, at: dt.datetime
) -> list[PetitionHours]:
    """The hours of a place from today: those that held end."""
    place, today = _place(place_id), clock.date_of(at)
    rules.may_name(by, place.guard.unit_id).demand()
    for weekdays, opens, closes in hours:
        rules.are_hours(weekdays, opens, closes).demand()
    PetitionHours.objects.filter(place=place, until=None).update(until=today - dt.timedelta(days=1))
    made = PetitionHours.objects.bulk_create(
        PetitionHours(place=place, weekdays=sorted(set(weekdays)), opens=opens, closes=closes, since=today)
        for weekdays, opens, closes in hours
    )
    _write("petition_place.hours", f"{PLACE}:{place.pk}", place.guard_id, {"hours": len(made)}, by, at)
    return made


@service
def open_room(*, place_id: int, name: str, by: Actor, at: dt.datetime) -> PetitionRoom:
    """A room in which visitors are heard."""
    place = _place(place_id)
    rules.may_name(by, place.guard.unit_id).demand()
    if not name.strip():
        raise Refused(_("Give the room a name or number."), field="name")
    try:
        with transaction.atomic():
            room = PetitionRoom.objects.create(place=place, name=name.strip()[:40])
    except IntegrityError as error:
        raise Refused(_("There is a room of that name already."), field="name") from error
    _write("petition_place.room", f"{PLACE}:{place.pk}", place.guard_id, {"room": room.name}, by, at)
    return room


@service
def end_room(*, room_id: int, by: Actor, at: dt.datetime) -> PetitionRoom:
    """Give a room up."""
    room = queries.room_of(room_id)
    if room is None:
        raise petition_rules.NoSuchPetition(_("There is no such room."))
    place = _place(room.place_id)
    rules.may_name(by, place.guard.unit_id).demand()
    if PetitionVisit.objects.filter(room=room, ended_at=None).exists():
        raise rules.RoomTaken(_("Somebody is heard in that room."))
    room.ended_on = clock.date_of(at)
    room.save(update_fields=["ended_on"])
    _write("petition_place.room_ended", f"{PLACE}:{place.pk}", place.guard_id, {"room": room.name}, by, at)
    return room


# --- The queue -------------------------------------------------------------------------------------------------------
@service
def arrive(
    *, place_id: int, group_size: int = 1, representatives: int = 1, by: Actor, at: dt.datetime
) -> PetitionVisit:
    """Visitors come to a named place in its hours and get the day's next number. Nobody asks for their names here."""
    rules.may_receive(by).demand()
    place, day = queries.place_of(place_id), clock.date_of(at)
    rules.is_named(place, day).demand()
    assert place is not None  # noqa: S101 - named places exist
    hours = queries.hours_of(place.pk, on=day)
    rules.is_open(hours, day, localtime(at).time(), works=queries.works(day)).demand()
    petition_rules.is_group(group_size).demand()
    demand_representatives(representatives, group_size, at)
    visit = PetitionVisit.objects.create(
        place=place,
        day=day,
        group_size=group_size,
        representatives=max(1, representatives),
        arrived_at=at,
        arrived_person_id=by.person_id,  # type: ignore[misc]  # the rule has let a person in
    )
    visit.refresh_from_db(fields=["number"])  # the database gave it
    _note("petition_visit.arrived", visit, place.guard_id, {"number": visit.number, "people": group_size}, by, at)
    return visit


def _note(act: str, visit: PetitionVisit, guard_id: int, data: Mapping[str, Any], by: Actor, at: dt.datetime) -> None:
    _write(act, f"{VISIT}:{visit.pk}", guard_id, data, by, at)


@service
def call_next(*, place_id: int, room_id: int, by: Actor, at: dt.datetime) -> PetitionVisit:
    """Call the lowest number that waits into a room. Of two who call at once each gets another."""
    rules.may_receive(by).demand()
    place = queries.place_of(place_id)
    if place is None:
        raise petition_rules.NoSuchPetition(_("There is no such place."))
    room = queries.room_of(room_id)
    rules.may_call(room, place.pk).demand()
    waiting = PetitionVisit.objects.filter(place=place, day=clock.date_of(at), called_at=None, ended_at=None)
    visit = waiting.select_for_update(skip_locked=True).order_by("number").first()
    if visit is None:
        raise rules.NobodyWaits(_("Nobody is waiting."))
    visit.room, visit.called_at, visit.called_person_id = room, at, by.person_id
    try:
        with transaction.atomic():
            visit.save(update_fields=["room", "called_at", "called_person"])
    except IntegrityError as error:
        raise rules.RoomTaken(_("Somebody is heard in that room: end that visit first."), field="room_id") from error
    data = {"number": visit.number, "room": room.name if room else ""}
    _note("petition_visit.called", visit, place.guard_id, data, by, at)
    return visit


def _locked(visit_id: int) -> PetitionVisit:
    found = (
        PetitionVisit.objects.select_for_update(of=("self",)).select_related("place__guard", "room")
        .filter(pk=visit_id).first()
    )  # fmt: skip
    if found is None:
        raise petition_rules.NoSuchPetition(_("There is no such visit."))
    return found


@service
def begin(*, visit_id: int, by: Actor, at: dt.datetime) -> PetitionVisit:
    """The visitors came in: the conversation begins."""
    rules.may_receive(by).demand()
    visit = _locked(visit_id)
    rules.may_begin(visit).demand()
    visit.begun_at = at
    visit.save(update_fields=["begun_at"])
    _note("petition_visit.begun", visit, visit.place.guard_id, {"number": visit.number}, by, at)
    return visit


@service
def hear(
    *,
    visit_id: int,
    kind: str,
    language: str,
    request: str,
    facts: str = "",
    reasons: str = "",
    identity: IdentityFacts | None = None,
    files: Sequence[GivenFile] = (),
    token: str = "",
    by: Actor,
    at: dt.datetime,
    **more: Any,
) -> Received:
    """Take the visitors' petition in: who they are goes into custody; the receipt is handed to them on paper."""
    rules.may_receive(by).demand()
    visit = _locked(visit_id)
    rules.may_hear(visit).demand()
    who = identity or IdentityFacts()
    demand_representatives(len(who.representatives), visit.group_size, at)
    received = petitions.receive(
        kind=kind, channel=Channel.VISIT, language=language, request=request, facts=facts, reasons=reasons,
        identity=who, files=files, group_size=visit.group_size, token=token, by=by, at=at, **more,
    )  # fmt: skip
    PetitionArrival.objects.create(petition=received.petition, taken_at=at, taken_person_id=by.person_id)  # type: ignore[misc]  # the rule has let a person in
    _belongs(visit, received.petition, by, at)
    return received


@service
def hear_again(*, visit_id: int, petition_id: int, text: str = "", by: Actor, at: dt.datetime) -> PetitionVisit:
    """The visit is about a petition that is here already; what they add goes to it, blacked out like the rest."""
    rules.may_receive(by).demand()
    petition = petitions.locked(petition_id)
    petition_rules.not_the_subject(by, petition).demand()
    visit = _locked(visit_id)
    rules.may_hear(visit).demand()
    if text.strip():
        petitions.add_text(petition_id=petition.pk, part=Part.ADDITION, side=Side.PETITIONER, text=text, by=by, at=at)
    _belongs(visit, petition, by, at)
    return visit


def _belongs(visit: PetitionVisit, petition: Petition, by: Actor, at: dt.datetime) -> None:
    visit.petition = petition
    visit.save(update_fields=["petition"])
    data = {"visit": visit.pk, "number": visit.number, "day": visit.day}
    _write("petition.visited", f"{SUBJECT}:{petition.pk}", petition.guard_id, data, by, at)


@service
def end(*, visit_id: int, end: str, conduct: str = "", by: Actor, at: dt.datetime) -> PetitionVisit:
    """The visit is over. How the conversation went is a note of the office with the petition, sealed as all its texts,
    and refused if it names the visitors."""
    rules.may_receive(by).demand()
    visit = _locked(visit_id)
    rules.may_end(visit, End(end)).demand()
    if conduct.strip():
        if visit.petition_id is None:
            raise Refused(_("Notes are kept with a petition; nothing was taken in here."), field="conduct")
        petitions.add_text(petition_id=visit.petition_id, part=Part.NOTE, side=Side.OFFICE, text=conduct, by=by, at=at)
    visit.ended_at, visit.end = at, End(end)
    visit.save(update_fields=["ended_at", "end"])
    _note("petition_visit.ended", visit, visit.place.guard_id, {"number": visit.number, "end": end}, by, at)
    return visit
