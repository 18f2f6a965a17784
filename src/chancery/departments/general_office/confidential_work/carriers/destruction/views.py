"""Pages of destruction lists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.carriers.destruction import queries, rules, services
from chancery.departments.general_office.confidential_work.carriers.destruction.models import CarrierDestruction
from chancery.departments.general_office.confidential_work.carriers.forms import DrawUpForm, TwoForm
from chancery.departments.general_office.confidential_work.carriers.terms import (
    COPY_TONES,
    DESTRUCTION_TONES,
    CopyState,
    DestructionState,
    level_words,
)
from chancery.departments.general_office.confidential_work.carriers.views import TEMPLATES, trail
from chancery.departments.general_office.confidential_work.forms import Act, ReasonForm, Table, answer
from chancery.departments.general_office.confidential_work.rules import is_officer, keeps_secrets
from chancery.foundations import clock, typeset
from chancery.foundations.actor import Actor
from chancery.foundations.journal.queries import timeline
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words


@door(staff, methods=("GET",))
def destructions(request: HttpRequest) -> HttpResponseBase:
    """Lists: all for officer and authority; those one signs for."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.carrier_destructions",
        rows=queries.listed(),
        columns=[
            Column("number", gettext_lazy("List number"), is_main=True, link=_address, sort="number"),
            Column("reason", gettext_lazy("Reason"), style="cut"),
            Column("count", gettext_lazy("Copies"), kind="number"),
            Column("drawn_at", gettext_lazy("Drawn up"), kind="datetime", sort="drawn_at"),
            Column(
                "state",
                gettext_lazy("State"),
                kind="badge",
                codes=dict(DestructionState.choices),
                tones=DESTRUCTION_TONES,
            ),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=DestructionState.choices)],
        search=("number", "reason"),
        order=("-drawn_at", "-id"),
        caption=_("Destruction lists"),
        empty={"symbol": "trash", "title": _("No destruction list"), "text": ""},
    )
    links = []
    if is_officer(by):
        links.append((reverse("general_office:carrier_destruction_new"), _("Draw up a list"), "plus"))
    return page.respond(
        f"{TEMPLATES}list.html",
        {"title": _("Destruction lists"), "links": links, "trail": trail((None, _("Destruction lists")))},
    )


def _address(row: Any) -> str:
    return reverse("general_office:carrier_destruction", args=[row["id"]])


@door(rules.may_draw)
def new(request: HttpRequest) -> HttpResponse:
    """Draw up a list of copies that one holds."""
    by = actor_of(request)
    copies = [
        (row["id"], f"{row['carrier__number']} / {row['number']} · {row['carrier__alias']}")
        for row in queries.destroyable(by.person_id)
    ]
    form = DrawUpForm(request.POST or None, copies=copies)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = services.draw_up(
                    copy_ids=[int(one) for one in said["copies"]], reason=said["reason"], method=said["method"], by=by,
                    at=clock.now(),
                )  # fmt: skip
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("The list goes to the classification authority."))
                return redirect("general_office:carrier_destruction", made.pk)
    back = reverse("general_office:carrier_destructions")
    context = {
        "form": form,
        "title": _("Draw up a destruction list"),
        "back": back,
        "trail": trail((back, _("Destruction lists")), (None, _("New"))),
        "note": _("Only copies that you hold and that stand on no other list can be put on it."),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=status)


@door(staff)
def destruction(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """One list: what is on it, who drew it up, approved it, signed for it."""
    by = actor_of(request)
    found = queries.destruction(destruction_id)
    if found is None:
        raise Http404
    here = reverse("general_office:carrier_destruction", args=[found.pk])
    links = []
    if found.state == DestructionState.DONE:
        pdf = reverse("general_office:carrier_destruction_pdf", args=[found.pk])
        links.append((pdf, _("Certificate (PDF)"), "printer"))
    context = {
        "title": _("Destruction list %(number)s") % {"number": found.number},
        "marks": [(found.get_state_display(), DESTRUCTION_TONES[found.state])],  # type: ignore[index]  # codes are the enum's
        "links": links,
        "facts_title": _("List"),
        "facts": _facts(found),
        "tables": [_table(found)],
        "entries": timeline(found) if keeps_secrets(by) else None,
        "trail": trail((reverse("general_office:carrier_destructions"), _("Destruction lists")), (None, found.number)),
    }
    return answer(request, f"{TEMPLATES}page.html", context, _acts(found, by), here)


def _facts(found: CarrierDestruction) -> list[tuple[Any, ...]]:
    def signed(person: Any, at: Any) -> str:
        if person is None:
            return ""
        return f"{words(person)} · " + (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else _("not signed yet"))

    return [
        (_("Reason"), found.reason),
        (_("How and where"), found.method),
        (_("Drawn up by"), signed(found.drawn_person, found.drawn_at)),
        (_("Decided by"), signed(found.approved_person, found.approved_at)),
        (_("First person"), signed(found.first, found.first_signed_at)),
        (_("Second person"), signed(found.second, found.second_signed_at)),
        *([(_("Answer"), found.answer)] if found.answer else []),
    ]


def _table(found: CarrierDestruction) -> Table:
    heads = [_("Carrier"), _("Alias"), _("Copy"), _("Level"), _("State")]
    states = dict(CopyState.choices)
    rows = []
    for line in queries.lines(found.pk):
        cells = [
            {"text": line["carrier"], "url": reverse("general_office:carrier", args=[line["carrier_id"]])},
            {"text": line["alias"]},
            {"text": line["number"]},
            {"text": level_words()[line["level"]]},
            {"text": states[line["state"]], "tone": COPY_TONES[line["state"]]},
        ]
        rows.append({"cells": [{**cell, "head": head} for cell, head in zip(cells, heads, strict=True)]})
    return Table(_("Copies"), heads, rows)


def _acts(found: CarrierDestruction, by: Actor) -> list[Act]:
    at = clock.now()
    acts = []
    if rules.may_approve(by, found):
        acts += [
            Act(
                "approve", _("Approve"),
                lambda said: services.approve_destruction(
                    destruction_id=found.pk, first_post_id=said["first"], second_post_id=said["second"], by=by, at=at
                ),
                _("Approved: the two people carry it out and sign."),
                ask=_("Name the two people who carry it out together. Each signs in their own session."),
                form_class=TwoForm, tone="main",
            ),
            Act(
                "refuse", _("Refuse"),
                lambda said: services.refuse_destruction(destruction_id=found.pk, reason=said["reason"], by=by, at=at),
                _("Refused."), form_class=ReasonForm, tone="danger",
            ),
        ]  # fmt: skip
    if rules.may_sign(by, found):
        acts.append(
            Act(
                "sign", _("I have destroyed them together with the other person"),
                lambda _said: services.sign_destruction(destruction_id=found.pk, by=by, at=at),
                _("Signed."), ask=_("Sign only for what you saw destroyed. It cannot be taken back."), tone="danger",
            )
        )  # fmt: skip
    return acts


@door(staff, methods=("GET",))
def certificate(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """The certificate of a destruction that was carried out."""
    found = queries.destruction(destruction_id)
    if found is None or found.state != DestructionState.DONE:
        raise Http404
    data = carriers.paper(
        "certificate",
        _("Certificate of destruction %(number)s") % {"number": found.number},
        facts=[(str(name), str(value or "—")) for name, value, *_more in _facts(found)],
        heads=[_("Carrier"), _("Alias"), _("Copy"), _("Level")],
        lines=[
            [line["carrier"], line["alias"], str(line["number"]), str(level_words()[line["level"]])]
            for line in queries.lines(found.pk)
        ],
        blanks=[_("First person"), _("Second person"), _("Approved by")],
    )
    response = HttpResponse(
        typeset.pdf(carriers.TYPST, data, language=data["language"]), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="destruction-{found.pk}.pdf"'
    return response
