"""The desk: what came today, taking in, the receipt that is shown once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions.desk import queries, rules, services
from chancery.departments.general_office.petitions.desk.forms import FORMS, GiveForm, TakeInForm
from chancery.departments.general_office.petitions.desk.terms import CHANNELS
from chancery.departments.general_office.petitions.door.rules import is_token
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import TONES, Channel, Received, State
from chancery.departments.general_office.petitions.views import seen, trail
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.kernel.publishing import queries as publishing
from chancery.kernel.publishing.receipts.rules import AlreadySent

TEMPLATES = "general_office/petitions/desk/"
WIDTHS = {
    "kind": "half", "language": "half", "field": "half", "region": "half", "subject_unit_id": "half",
    "subject_person_id": "half", "name": "half", "other_names": "half", "phone": "half", "email": "half",
    "id_number": "half", "group_size": "half", "way": "half", "envelope_on": "half", "received_at": "half",
    "began_at": "half", "ended_at": "half",
}  # fmt: skip
ICONS = {Channel.LETTER: "mail", Channel.PHONE: "phone", Channel.FAX: "printer", Channel.EMAIL: "at"}
RECENT = dt.timedelta(days=7)


def desk_trail(*more: tuple[str, str]) -> list[tuple[str, Any]]:
    """Where one is."""
    return trail((reverse("general_office:petition_desk"), _("Desk")), *more)


@door(rules.may_take_in, methods=("GET",))
def desk(request: HttpRequest) -> HttpResponse:
    """What can be taken in, and what was in the last days."""
    rows = list(queries.taken_in(clock.now() - RECENT)[:50])
    context = {
        "ways": [(one.value.lower(), one.label, ICONS[one]) for one in CHANNELS],
        "rows": [
            {**row, "tone": TONES[row["petition__state"]], "channel": Channel(row["petition__channel"]).label,
             "state": State(row["petition__state"]).label}
            for row in rows
        ],
        "give": GiveForm(),
        "trail": trail(("", _("Desk"))),
    }  # fmt: skip
    return render(request, f"{TEMPLATES}desk.html", context)


@door(rules.may_take_in)
def take_in(request: HttpRequest, channel: str) -> HttpResponse:
    """A letter, call, fax or e-mail."""
    way = channel.upper()
    if way not in FORMS or channel != channel.lower():
        raise Http404
    form = FORMS[way](request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        more: dict[str, Any] = {
            name: given[name] for name in ("way", "envelope_on", "received_at", "began_at", "ended_at") if name in given
        }
        if given.get("mail"):
            more["mail"] = given["mail"].read()

        def act(token: str) -> Received:
            return services.take_in(
                channel=way, **form.told, **more, identity=form.identity, files=form.given_files,
                group_size=given["group_size"], token=token, by=actor_of(request), at=clock.now(),
            )  # fmt: skip

        answer = received_once(request, form, act)
        if answer is not None:
            return answer
    title = _("Take in: %(channel)s") % {"channel": Channel(way).label}
    return form_page(request, form, title, desk_trail(("", title)), reverse("general_office:petition_desk"))


def received_once(request: HttpRequest, form: TakeInForm, act: Any) -> HttpResponse | None:
    """Take it in, and show the receipt once; whoever sends the same form again gets the same receipt. None: refused."""
    token = form.cleaned_data["token"] if is_token(form.cleaned_data["token"]) else ""
    now = clock.now()
    if token and (code := publishing.code_of_form(token, now)):
        return receipt_page(request, code, None)
    try:
        received = act(token)
    except AlreadySent:
        undo(request)
        messages.info(request, _("This form was sent before; it was taken in once."))
        return redirect("general_office:petition_desk")
    except Refused as refusal:
        undo(request)
        field = {"file": "files"}.get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, str(refusal))
        return None
    return receipt_page(request, received.receipt_code, received.petition)


def form_page(request: HttpRequest, form: Any, title: str, where: list[tuple[str, Any]], back: str) -> HttpResponse:
    """The form of taking in. Kept by no cache."""
    context = {
        "form": form, "title": title, "submit": _("Take in and print the receipt"), "back": back, "trail": where,
        "widths": WIDTHS, "note": _("Who it is goes into custody when the form is sent, and is not shown again."),
    }  # fmt: skip
    response = render(request, f"{TEMPLATES}form.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def receipt_page(request: HttpRequest, code: str, petition: Petition | None) -> HttpResponse:
    """The receipt, to be printed: shown this once."""
    context = {"code": code, "petition": petition, "at": clock.now(), "give": GiveForm(),
               "trail": desk_trail(("", _("Receipt")))}  # fmt: skip
    response = render(request, f"{TEMPLATES}receipt.html", context)
    response["Cache-Control"] = "no-store"
    return response


@door(rules.may_take_in, methods=("POST",))
def give(request: HttpRequest, petition_id: int) -> HttpResponse:
    """The receipt was handed over."""
    found = seen(petition_id)
    form = GiveForm(request.POST)
    if not form.is_valid():
        return redirect("general_office:petition", found.pk)
    services.give_receipt(petition_id=found.pk, how=form.cleaned_data["how"], by=actor_of(request), at=clock.now())
    messages.success(request, _("Noted: the receipt was handed over."))
    if found.number:
        return redirect("general_office:petition", found.pk)
    return redirect("general_office:petition_register", found.pk)
