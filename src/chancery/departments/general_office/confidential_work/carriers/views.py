"""Pages of the register of carriers."""

from __future__ import annotations

import functools
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.carriers import queries, rules, services
from chancery.departments.general_office.confidential_work.carriers.counts.services import note_missing
from chancery.departments.general_office.confidential_work.carriers.forms import (
    AnswerForm,
    CarrierForm,
    CopiesForm,
    MissingForm,
    PlaceForm,
)
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CopyRequest
from chancery.departments.general_office.confidential_work.carriers.terms import (
    COPY_TONES,
    LEVEL_TONES,
    CopyState,
    Medium,
    level_words,
)
from chancery.departments.general_office.confidential_work.forms import Act, Table, answer
from chancery.departments.general_office.confidential_work.rules import is_authority, is_officer, keeps_secrets
from chancery.foundations import clock, typeset
from chancery.foundations.actor import Actor
from chancery.foundations.journal.queries import timeline
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words

TEMPLATES = "general_office/confidential_work/desk/"


def trail(*more: tuple[str | None, Any]) -> list[tuple[str | None, Any]]:
    """The way here from the desk."""
    return [(reverse("general_office:confidential"), _("Confidential work")), *more]


@door(keeps_secrets, methods=("GET",))
def carriers(request: HttpRequest) -> HttpResponseBase:
    """The register. `?expiring=1`: what runs out soon, earliest first."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.carriers",
        rows=queries.listed(),
        columns=[
            Column("number", gettext_lazy("Register number"), sort="number", style="tight", link=_address),
            Column("alias", gettext_lazy("Alias"), is_main=True, link=_address, sort="alias"),
            Column("level", gettext_lazy("Level"), kind="badge", codes=level_words(), tones=LEVEL_TONES, sort="level"),
            Column("medium", gettext_lazy("Kind"), codes=dict(Medium.choices)),
            Column("copies_count", gettext_lazy("Copies"), kind="number"),
            Column("missing_count", gettext_lazy("Missing"), kind="number"),
            Column("expires_on", gettext_lazy("Until"), kind="date", sort="expires_on"),
            Column("until_condition", gettext_lazy("Condition"), is_shown=False),
        ],
        filters=[
            Filter("level", gettext_lazy("Level"), choices=lambda: list(level_words().items())),
            Filter("expires_on", gettext_lazy("Until"), kind="date_range"),
            Filter(
                "is_missing",
                gettext_lazy("With missing copies"),
                kind="flag",
                apply=lambda rows, _said: rows.filter(missing_count__gt=0),
            ),
        ],
        search=("number", "alias"),
        order=("-registered_at", "-id"),
        caption=_("Carriers"),
        empty={"symbol": "lock", "title": _("No carrier is registered"), "text": _("Only aliases stand here.")},
    )
    links = [(reverse("general_office:carrier_expiry"), _("Running out"), "clock")]
    if is_officer(by):
        links.insert(0, (reverse("general_office:carrier_new"), _("Register a carrier"), "plus"))
    return page.respond(
        f"{TEMPLATES}list.html", {"title": _("Carriers"), "links": links, "trail": trail((None, _("Carriers")))}
    )


def _address(row: Any) -> str:
    return reverse("general_office:carrier", args=[row["id"]])


@door(keeps_secrets, methods=("GET",))
def expiry(request: HttpRequest) -> HttpResponseBase:
    """What runs out within the notice period, and what has run out: it is declassified, or extended before."""
    page = ListPage(
        request,
        name="general_office.carrier_expiry",
        rows=queries.expiring_soon(clock.today()),
        columns=[
            Column("expires_on", gettext_lazy("Until"), kind="deadline", sort="expires_on"),
            Column("number", gettext_lazy("Register number"), style="tight", link=_address),
            Column("alias", gettext_lazy("Alias"), is_main=True, link=_address),
            Column("level", gettext_lazy("Level"), kind="badge", codes=level_words(), tones=LEVEL_TONES),
            Column("copies_count", gettext_lazy("Copies"), kind="number"),
        ],
        order=("expires_on", "id"),
        caption=_("Levels that run out"),
        empty={"symbol": "clock", "title": _("No level runs out soon"), "text": ""},
    )
    steps = trail((reverse("general_office:carriers"), _("Carriers")), (None, _("Running out")))
    return page.respond(
        f"{TEMPLATES}list.html",
        {
            "title": _("Levels that run out"),
            "trail": steps,
            "note": _("A level ends by itself on its last day; an extension is decided before."),
        },
    )


@door(rules.may_register)
def new(request: HttpRequest) -> HttpResponse:
    """Register a carrier."""
    by = actor_of(request)
    form = CarrierForm(request.POST or None, initial={"starts_on": clock.today()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.register_carrier(**form.facts(), by=by, at=clock.now())
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("%(number)s is registered.") % {"number": made.number})
                return redirect("general_office:carrier", made.pk)
    context = {
        "form": form,
        "title": _("Register a carrier"),
        "back": reverse("general_office:carriers"),
        "trail": trail((reverse("general_office:carriers"), _("Carriers")), (None, _("New"))),
        "note": _("Nothing of the content enters this system: no title, no number of the paper, no scan."),
        "note_tone": "amber",
        "widths": dict.fromkeys(
            ("alias", "medium", "copies_from", "copies_to", "place", "received_from", "starts_on", "expires_on"), "half"
        ),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=status)


@door(staff)
def carrier(request: HttpRequest, carrier_id: int) -> HttpResponse:
    """One carrier: its copies, as far as one may know of them, and what one may do."""
    by = actor_of(request)
    found = queries.carrier(carrier_id)
    if found is None:
        raise Http404
    copies = queries.copies(carrier_id)
    own = [(row["id"], f"{row['number']} · {row['place']}") for row in copies if _is_own(row, by)]
    links = []
    if own:
        links.append((reverse("general_office:carrier_hand_over", args=[found.pk]), _("Hand over copies"), "send"))
    if is_officer(by):
        links.append((reverse("general_office:carrier_labels", args=[found.pk]), _("Labels (PDF)"), "printer"))
    context = {
        "title": found.alias,
        "marks": [(level_words()[found.level], LEVEL_TONES.get(found.level, "neutral"))],  # type: ignore[call-overload]  # codes are the enum's
        "links": links,
        "facts_title": found.number,
        "facts": _facts(found),
        "tables": [_copies_table(copies), *([_requests_table(found.pk, by)] if keeps_secrets(by) else [])],
        "entries": timeline(found) if keeps_secrets(by) else None,
        "notes": [("red", _("A copy is missing."))] if any(c["state"] == CopyState.MISSING for c in copies) else [],
        "trail": trail(
            (reverse("general_office:carriers") if keeps_secrets(by) else None, _("Carriers")), (None, found.number)
        ),
    }
    here = reverse("general_office:carrier", args=[found.pk])
    return answer(request, f"{TEMPLATES}page.html", context, _acts(copies, own, by), here)


def _is_own(row: Any, by: Actor) -> bool:
    return bool(row["holder_id"] == by.person_id and row["state"] == CopyState.HELD and row["moving_id"] is None)


def _facts(found: Carrier) -> list[tuple[Any, ...]]:
    until = found.expires_on.isoformat() if found.expires_on else ""
    facts: list[tuple[Any, ...]] = [
        (_("Register number"), found.number),
        (_("Kind"), found.get_medium_display()),
        (_("Level"), level_words()[found.level]),
        (_("Basis"), found.basis),
        (_("Approved by"), words(found.approver)),
        (_("Classified on"), found.starts_on.isoformat()),
        (_("Classified until"), " · ".join(filter(None, (until, found.until_condition)))),
        (_("Received from"), found.received_from),
    ]
    if found.classification_id:
        address = reverse("general_office:classification", args=[found.classification_id])
        facts.append((_("Decision"), _("see the decision"), address))
    return facts


def _copies_table(copies: list[Any]) -> Table:
    heads = [_("Copy"), _("State"), _("Who holds it"), _("Kept at"), _("Since")]
    states = dict(CopyState.choices)
    rows = []
    for row in copies:
        number = str(row["number"])
        if row["from_number"]:
            number = _("%(number)s (copied from %(origin)s)") % {"number": number, "origin": row["from_number"]}
        state: dict[str, Any] = {"text": states[row["state"]], "tone": COPY_TONES[row["state"]]}
        if row["moving_id"]:
            state = {
                "text": _("on its way: %(number)s") % {"number": row["moving_number"]},
                "url": reverse("general_office:carrier_receipt", args=[row["moving_id"]]),
            }
        cells: list[dict[str, Any]] = [
            {"text": number},
            state,
            {"text": f"{words(row, 'holder')} · {words(row, 'unit')}"},
            {"text": row["place"]},
            {"text": f"{clock.date_of(row['since']):%Y-%m-%d}"},
        ]
        rows.append({"cells": [{**cell, "head": head} for cell, head in zip(cells, heads, strict=True)]})
    return Table(_("Copies"), heads, rows)


def _requests_table(carrier_id: int, by: Actor) -> Table:
    heads = [_("Copy"), _("Asked by"), _("How many"), _("Reason"), ""]
    rows = []
    for row in queries.requests():
        if row["copy__carrier_id"] != carrier_id:
            continue
        cells: list[dict[str, Any]] = [
            {"text": row["copy__number"]},
            {"text": words(row, "who")},
            {"text": row["count"]},
            {"text": row["reason"]},
            {
                "text": _("Decide") if is_authority(by) else "",
                "url": reverse("general_office:carrier_copying", args=[row["id"]]) if is_authority(by) else "",
            },
        ]
        rows.append({"cells": [{**cell, "head": head} for cell, head in zip(cells, heads, strict=True)]})
    return Table(_("Further copies asked for"), heads, rows, _("None is asked for."))


def _acts(copies: list[Any], own: list[tuple[int, str]], by: Actor) -> list[Act]:
    acts = []
    at = clock.now()
    if own:
        acts += [
            Act(
                "copies",
                _("Ask for further copies"),
                lambda said: services.ask_copies(
                    copy_id=int(said["copy"]), count=said["count"], reason=said["reason"], place=said["place"],
                    by=by, at=at,
                ),
                _("The classification authority decides; nothing is copied before."),
                form_class=functools.partial(CopiesForm, copies=own),
            ),
            Act(
                "place",
                _("Kept elsewhere"),
                lambda said: services.place_copy(copy_id=int(said["copy"]), place=said["place"], by=by, at=at),
                _("The new place is noted."),
                form_class=functools.partial(PlaceForm, copies=own),
            ),
        ]  # fmt: skip
    lost = [
        (row["id"], str(row["number"]))
        for row in copies
        if row["state"] == CopyState.HELD and (row["holder_id"] == by.person_id or is_officer(by))
    ]
    if lost:
        acts.append(
            Act(
                "missing",
                _("A copy cannot be found"),
                lambda said: note_missing(copy_id=int(said["copy"]), reason=said["reason"], by=by, at=at),
                _("Noted as missing. Report the breach now."),
                ask=_("It is noted at once, and you are led to the breach report."),
                form_class=functools.partial(MissingForm, copies=lost),
                tone="danger",
                leads_to=lambda made: f"{reverse('general_office:breach_new')}?copy={made.pk}",
            )
        )
    return acts


@door(is_authority)
def copying(request: HttpRequest, request_id: int) -> HttpResponse:
    """Decide on further copies."""
    by = actor_of(request)
    asked = CopyRequest.objects.select_related("copy__carrier", "asked_person").filter(pk=request_id).first()
    if asked is None:
        raise Http404
    at = clock.now()

    def decide(approve: bool) -> Any:
        return lambda said: services.decide_copies(
            request_id=asked.pk, approve=approve, answer=said["answer"], by=by, at=at
        )

    acts = [
        Act("approve", _("Approve"), decide(True), _("Approved: the copies have their numbers."), form_class=AnswerForm,
            tone="main"),
        Act("refuse", _("Refuse"), decide(False), _("Refused."), form_class=AnswerForm, tone="danger"),
    ]  # fmt: skip
    here = reverse("general_office:carrier", args=[asked.copy.carrier_id])
    context = {
        "title": _("Further copies of %(alias)s") % {"alias": asked.copy.carrier.alias},
        "facts_title": asked.copy.carrier.number,
        "facts": [
            (_("Copy"), asked.copy.number),
            (_("Asked by"), words(asked.asked_person)),
            (_("How many"), asked.count),
            (_("Reason"), asked.reason),
            (_("Kept at"), asked.place),
            (_("State"), asked.get_state_display()),
            (_("Answer"), asked.answer),
        ],
        "trail": trail((here, asked.copy.carrier.number), (None, _("Further copies"))),
        "entries": None,
    }
    return answer(request, f"{TEMPLATES}page.html", context, acts if asked.state == "ASKED" else [], here)


@door(is_officer, methods=("GET",))
def labels(request: HttpRequest, carrier_id: int) -> HttpResponse:
    """Labels for the copies: alias, numbers, level, until. Nothing else is on them."""
    found = queries.carrier(carrier_id)
    if found is None:
        raise Http404
    data = queries.labels_of(found)
    pdf = typeset.pdf(queries.TYPST, data, language=data["language"])
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="labels-{found.pk}.pdf"'
    return response
