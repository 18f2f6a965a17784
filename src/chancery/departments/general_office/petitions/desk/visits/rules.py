"""Who receives visitors and names places; when a place is open; what follows what at a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.desk.rules import may_take_in
from chancery.departments.general_office.petitions.desk.visits.terms import End, Standing
from chancery.departments.general_office.petitions.terms import HEAD, OFFICER
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import rules as access_rules

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.desk.visits.models import (
        PetitionHours,
        PetitionPlace,
        PetitionRoom,
        PetitionVisit,
    )


class NotNamed(Refused):
    """Visits are received at the places that were named, in their hours."""


class RoomTaken(Refused):
    """Somebody is heard in that room."""


class NobodyWaits(Refused):
    """The queue is empty."""


may_receive = may_take_in


def may_enter(by: Actor) -> Verdict:
    """Who may look at the day's visits: registrars, officers, the head."""
    return petition_rules.takes_part(by) if may_receive(by) or may_name(by) else may_receive(by)


def may_name(by: Actor, unit_id: int | None = None) -> Verdict:
    """Officers and the head name places, hours and rooms."""
    if access_rules.holds_role(by, OFFICER, unit_id) or access_rules.holds_role(by, HEAD, unit_id):
        return yes()
    return no(_("Officers and the head of petitions name the places of visits."))


def is_place(name_en: str, name_zh: str, address: str) -> Verdict:
    """A place has a name in both languages and an address that people find."""
    for field, text in (("name_en", name_en), ("name_zh", name_zh), ("address", address)):
        if not text.strip():
            return no(_("Fill this in: it is published."), field=field)
    return yes()


def are_hours(weekdays: Iterable[int], opens: dt.time, closes: dt.time) -> Verdict:
    """Some days of the week, from one hour to a later one."""
    if not set(weekdays) or not set(weekdays) <= set(range(7)):
        return no(_("Choose at least one day of the week."), field="weekdays")
    return yes() if opens < closes else no(_("It closes before it opens."), field="closes")


def is_named(place: PetitionPlace | None, on: dt.date) -> Verdict:
    """A place that stands on the list of that day."""
    if place is None or place.since > on or (place.until is not None and place.until < on):
        return no(
            _("Visits are received at the places that were named, not here. Tell the visitors where these are."),
            field="place_id",
            basis=_PLACES,
            refusal=NotNamed,
        )
    return yes()


_PLACES = "《信访工作条例》（2022）第二十条 / Regulations on Letters and Visits Work (2022), art. 20"


def is_open(hours: Iterable[PetitionHours], on: dt.date, at: dt.time, *, works: bool) -> Verdict:
    """Within the hours of a working day."""
    if works and any(
        one.opens <= at <= one.closes for one in hours
        if on.weekday() in one.weekdays and one.since <= on and (one.until is None or on <= one.until)
    ):  # fmt: skip
        return yes()
    return no(
        _("The place is closed now. Tell the visitors its hours, or take their matter in as a letter."),
        field="place_id",
        refusal=NotNamed,
    )


def may_call(room: PetitionRoom | None, place_id: int) -> Verdict:
    """Into a room of that place that is in use."""
    if room is None or room.place_id != place_id or room.ended_on is not None:
        return no(_("Choose a room of this place."), field="room_id")
    return yes()


def may_begin(visit: PetitionVisit) -> Verdict:
    """Who was called."""
    return _stands(visit, Standing.CALLED, _("Call the visitors first."))


def may_hear(visit: PetitionVisit) -> Verdict:
    """While the conversation lasts, once."""
    if visit.petition_id is not None:
        return no(_("A petition was taken in at this visit already."))
    return _stands(visit, Standing.HEARD, _("The conversation has not begun, or is over."))


def may_end(visit: PetitionVisit, end: str) -> Verdict:
    """Heard visitors with what came of it; others when they leave."""
    if visit.ended_at is not None:
        return no(_("This visit is over."))
    if end in (End.HEARD, End.ADDED) and visit.petition_id is None:
        return no(_("Take the petition in first, or name the one it was about."), field="end")
    if end in (End.ADVISED, End.LEFT) and visit.petition_id is not None:
        return no(_("A petition belongs to this visit: say that it was heard."), field="end")
    if end == End.LEFT and visit.begun_at is not None:
        return no(_("The conversation began: say what came of it."), field="end")
    if end != End.LEFT and visit.begun_at is None:
        return no(_("Nobody was heard yet."), field="end")
    return yes()


def _stands(visit: PetitionVisit, standing: Standing, otherwise: object) -> Verdict:
    return yes() if visit.standing == standing else no(str(otherwise))
