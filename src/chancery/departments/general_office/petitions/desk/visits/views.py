"""The day's visits, one visit, places and their hours, the waiting room's screen."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.departments.general_office.petitions.desk.forms import GiveForm, TakeInForm
from chancery.departments.general_office.petitions.desk.views import desk_trail, form_page, received_once
from chancery.departments.general_office.petitions.desk.visits import forms, queries, rules, services
from chancery.departments.general_office.petitions.desk.visits.models import PetitionPlace, PetitionVisit
from chancery.departments.general_office.petitions.desk.visits.terms import REFRESH_KEY, TONES, Standing
from chancery.departments.general_office.petitions.likeness.queries import by_number
from chancery.departments.general_office.petitions.terms import Received
from chancery.foundations import clock
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, anyone, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.words import words

TEMPLATES = "general_office/petitions/desk/visits/"


def _trail(*more: tuple[str, str]) -> list[tuple[str, Any]]:
    return desk_trail((reverse("general_office:petition_visits"), _("Visits")), *more)


def _chosen(asked: str, held: list[PetitionPlace]) -> PetitionPlace | None:
    return next((one for one in held if str(one.pk) == asked), held[0] if held else None)


@door(rules.may_enter, methods=("GET",))
def visits(request: HttpRequest) -> HttpResponse:
    """The day's queue at a place."""
    return _day(request)


def _day(
    request: HttpRequest, *, at_place: int | None = None, arrive: Any = None, call: Any = None, status: int = 200
) -> HttpResponse:
    today = clock.today()
    day = parse_date(request.GET.get("day", "")) or today
    held = queries.places(on=day)
    place = _chosen(str(at_place or request.GET.get("place", "")), held)
    free = queries.free_rooms(place.pk) if place else []
    rows = queries.queue(place.pk, day) if place else []
    receives = bool(rules.may_receive(actor_of(request))) and day == today
    context = {
        "day": day,
        "places": held,
        "place": place,
        "rows": [{"row": one, "standing": one.standing.label, "tone": TONES[one.standing]} for one in rows],
        "waiting": sum(one.standing == Standing.WAITING for one in rows),
        "hours": queries.hours_in_words(queries.hours_of(place.pk, on=day)) if place else [],
        "works": queries.works(day),
        "arrive": (arrive or forms.ArriveForm()) if receives and place else None,
        "call": (call or forms.CallForm(rooms=free)) if receives and place and free else None,
        "may_name": bool(rules.may_name(actor_of(request))),
        "receives": receives,
        "before": day - dt.timedelta(days=1),
        "after": day + dt.timedelta(days=1) if day < today else None,
        "trail": desk_trail(("", _("Visits"))),
    }
    return render(request, f"{TEMPLATES}day.html", context, status=status)


@door(rules.may_receive, methods=("POST",))
def arrive(request: HttpRequest, place_id: int) -> HttpResponse:
    """Visitors came: the next number."""
    form = forms.ArriveForm(request.POST)
    if form.is_valid():
        try:
            visit = services.arrive(place_id=place_id, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Number %(number)s.") % {"number": visit.number})
            return redirect(f"{reverse('general_office:petition_visits')}?place={place_id}")
    return _day(request, at_place=place_id, arrive=form, status=422)


@door(rules.may_receive, methods=("POST",))
def call(request: HttpRequest, place_id: int) -> HttpResponse:
    """Call the next number."""
    form = forms.CallForm(request.POST, rooms=queries.rooms(place_id))
    if form.is_valid():
        try:
            visit = services.call_next(place_id=place_id, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            return redirect("general_office:petition_visit", visit.pk)
    return _day(request, at_place=place_id, call=form, status=422)


# --- One visit -------------------------------------------------------------------------------------------------------
def _visit(visit_id: int) -> PetitionVisit:
    found = queries.visit_of(visit_id)
    if found is None:
        raise Http404
    return found


@door(rules.may_enter, methods=("GET",))
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """One visit: its times, what came of it, what is to be done."""
    return _visit_page(request, _visit(visit_id))


def _visit_page(request: HttpRequest, found: PetitionVisit, *, status: int = 200, **bound: Any) -> HttpResponse:
    receives = bool(rules.may_receive(actor_of(request)))
    title = _("Visit no. %(number)s") % {"number": found.number}
    arrival = getattr(found.petition, "arrival", None) if found.petition else None
    context = {
        "visit": found,
        "title": title,
        "standing": found.standing.label,
        "tone": TONES[found.standing],
        "facts": [
            (_("Place"), words(found.place, "name")),
            (pgettext("visit", "Room"), found.room.name if found.room else ""),
            (_("How many people"), found.group_size),
            (_("Representatives"), found.representatives),
            (_("Received by"), words(found.arrived_person, "name")),
            (_("Called by"), words(found.called_person, "name") if found.called_person else ""),
        ],
        "may_begin": receives and bool(rules.may_begin(found)),
        "may_hear": receives and bool(rules.may_hear(found)),
        "end": bound.get("end", forms.EndForm()) if receives and found.ended_at is None else None,
        "again": bound.get("again", forms.AgainForm()) if receives and bool(rules.may_hear(found)) else None,
        "give": GiveForm() if receives and arrival is not None and not arrival.receipt_given else None,
        "trail": _trail(("", title)),
    }
    return render(request, f"{TEMPLATES}visit.html", context, status=status)


@door(rules.may_receive, methods=("POST",))
def begin(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The conversation begins."""
    services.begin(visit_id=_visit(visit_id).pk, by=actor_of(request), at=clock.now())
    return redirect("general_office:petition_visit", visit_id)


@door(rules.may_receive)
def hear(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Take in what the visitors ask for."""
    found = _visit(visit_id)
    form = TakeInForm(request.POST or None, request.FILES or None, initial={"group_size": found.group_size})
    form.fields.pop("group_size")
    if request.method == "POST" and form.is_valid():

        def act(token: str) -> Received:
            return services.hear(
                visit_id=found.pk, **form.told, identity=form.identity, files=form.given_files, token=token,
                by=actor_of(request), at=clock.now(),
            )  # fmt: skip

        answer = received_once(request, form, act)
        if answer is not None:
            return answer
    title = _("Petition of visit no. %(number)s") % {"number": found.number}
    back = reverse("general_office:petition_visit", args=[found.pk])
    return form_page(request, form, title, _trail((back, _("Visit")), ("", title)), back)


def _act(request: HttpRequest, found: PetitionVisit, name: str, form: Any, act: Any, done: str) -> HttpResponse:
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect("general_office:petition_visit", found.pk)
    return _visit_page(request, _visit(found.pk), status=422, **{name: form})


@door(rules.may_receive, methods=("POST",))
def hear_again(request: HttpRequest, visit_id: int) -> HttpResponse:
    """About a petition that is here already."""
    found = _visit(visit_id)

    def act(given: dict[str, Any]) -> None:
        petition = by_number(given["number"])
        if petition is None:
            raise Refused(_("There is no petition of that number."), field="number")
        services.hear_again(
            visit_id=found.pk, petition_id=petition.pk, text=given["text"], by=actor_of(request), at=clock.now()
        )

    return _act(request, found, "again", forms.AgainForm(request.POST), act, _("Noted with the petition."))


@door(rules.may_receive, methods=("POST",))
def end(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The visit is over."""
    found = _visit(visit_id)

    def act(given: dict[str, Any]) -> None:
        services.end(visit_id=found.pk, **given, by=actor_of(request), at=clock.now())

    return _act(request, found, "end", forms.EndForm(request.POST), act, _("The visit is over."))


# --- Places ----------------------------------------------------------------------------------------------------------
@door(rules.may_enter, methods=("GET",))
def places(request: HttpRequest) -> HttpResponse:
    """The places that were named, with hours and rooms."""
    today = clock.today()
    rows = [
        {"row": one, "hours": queries.hours_in_words([held for held in one.hours.all() if held.until is None]),
         "rooms": [room for room in one.rooms.all() if room.ended_on is None],
         "is_named": bool(rules.is_named(one, today))}
        for one in queries.every_place()
    ]  # fmt: skip
    context = {
        "rows": rows,
        "may_name": bool(rules.may_name(actor_of(request))),
        "trail": _trail(("", _("Places"))),
    }
    return render(request, f"{TEMPLATES}places.html", context)


def _place_act(request: HttpRequest, form: Any, act: Any, title: str, note: str = "") -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(form)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("general_office:petition_places")
    back = reverse("general_office:petition_places")
    where = _trail((back, _("Places")), ("", title))
    context = {"form": form, "title": title, "back": back, "note": note, "trail": where, "submit": _("Save")}
    return render(request, "general_office/petitions/form.html", context, status=422 if form.errors else 200)


@door(rules.may_name)
def name_place(request: HttpRequest) -> HttpResponse:
    """Name a place."""

    def act(form: Any) -> None:
        services.name_place(**form.cleaned_data, by=actor_of(request), at=clock.now())

    return _place_act(request, forms.PlaceForm(request.POST or None), act, _("Name a place"))


def _place(place_id: int) -> PetitionPlace:
    found = queries.place_of(place_id)
    if found is None:
        raise Http404
    return found


@door(rules.may_name)
def set_hours(request: HttpRequest, place_id: int) -> HttpResponse:
    """The hours of a place from today."""
    place = _place(place_id)

    def act(form: Any) -> None:
        services.set_hours(place_id=place.pk, hours=form.hours, by=actor_of(request), at=clock.now())

    title = _("Hours of %(place)s") % {"place": words(place, "name")}
    return _place_act(request, forms.HoursForm(request.POST or None), act, title, _("They hold from today on."))


@door(rules.may_name)
def open_room(request: HttpRequest, place_id: int) -> HttpResponse:
    """A further room."""
    place = _place(place_id)

    def act(form: Any) -> None:
        services.open_room(place_id=place.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())

    title = _("Room at %(place)s") % {"place": words(place, "name")}
    return _place_act(request, forms.RoomForm(request.POST or None), act, title)


@door(rules.may_name, methods=("POST",))
def end_room(request: HttpRequest, room_id: int) -> HttpResponse:
    """Give a room up."""
    services.end_room(room_id=room_id, by=actor_of(request), at=clock.now())
    return redirect("general_office:petition_places")


@door(rules.may_name, methods=("POST",))
def close_place(request: HttpRequest, place_id: int) -> HttpResponse:
    """Close a place from tomorrow."""
    services.close_place(place_id=_place(place_id).pk, by=actor_of(request), at=clock.now())
    messages.success(request, _("Visits are received there until today."))
    return redirect("general_office:petition_places")


# --- The waiting room ------------------------------------------------------------------------------------------------
@door(anyone, methods=("GET",), rate="120/m")
def waiting_room(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """The numbers called, in large letters, for the screen of a waiting room: asks anew by itself, no sign-in."""
    shown = queries.screen(ref, on=clock.today())
    if shown is None:
        raise Http404
    seconds = int(rulebook.number(REFRESH_KEY, on=clock.today()))
    context = {"screen": shown, "seconds": seconds, "at": clock.now()}
    response = render(request, f"{TEMPLATES}screen.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Refresh"] = str(seconds)
    return response
