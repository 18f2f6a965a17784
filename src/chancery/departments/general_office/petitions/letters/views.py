"""Letters: the list, those to write, beginning one, printing a cover."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from chancery.departments.general_office.outgoing_documents.terms import State as PaperState
from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.letters import queries, rules, services
from chancery.departments.general_office.petitions.letters.forms import CoverForm
from chancery.departments.general_office.petitions.letters.register.queries import due_rows, letter_rows
from chancery.departments.general_office.petitions.letters.terms import LetterKind
from chancery.departments.general_office.petitions.terms import TONES
from chancery.departments.general_office.petitions.terms import State as PetitionState
from chancery.departments.general_office.petitions.views import seen, trail
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage

TEMPLATES = "general_office/petitions/"


def _petition(row: Any) -> str:
    return reverse("general_office:petition", args=[row["petition_id"]])


def _of_row(row: Any) -> str:
    return reverse("general_office:petition", args=[row["id"]])


def _paper(row: Any) -> str:
    return reverse("general_office:outgoing_document", args=[row["document_id"]])


@door(petition_rules.takes_part, methods=("GET",))
def letters(request: HttpRequest) -> HttpResponseBase:
    """Every letter of a petition and of a paper that one sees."""
    page = ListPage(
        request,
        name="general_office.petition_letters",
        rows=letter_rows(),
        columns=[
            Column("kind", gettext_lazy("Letter"), codes=dict(LetterKind.choices), is_main=True, link=_paper),
            Column("document__number", gettext_lazy("Number of the letter"), style="tight"),
            Column("petition__title", gettext_lazy("Title"), style="cut"),
            Column("petition__number", gettext_lazy("Petition"), style="tight", link=_petition),
            Column("document__state", gettext_lazy("State"), kind="badge", codes=dict(PaperState.choices)),
            Column("begun_at", gettext_lazy("Begun"), kind="datetime", sort="begun_at"),
        ],
        filters=[
            Filter("kind", gettext_lazy("Letter"), choices=LetterKind.choices),
            Filter("state", gettext_lazy("State"), lookup="document__state", choices=PaperState.choices),
        ],
        search=("petition__number", "document__number"),
        order=("-begun_at", "-id"),
        caption=_("Letters of petitions"),
        empty={
            "symbol": "mail",
            "title": _("No letter yet"),
            "text": _("Letters are begun on the page of a petition."),
        },
    )
    context = {"title": _("Letters of petitions"), "trail": trail(("", pgettext("issued", "Letters")))}
    return page.respond(f"{TEMPLATES}list.html", context)


@door(petition_rules.takes_part, methods=("GET",))
def due(request: HttpRequest) -> HttpResponseBase:
    """Petitions whose sender was told what was decided, and that have no letter of it."""
    page = ListPage(
        request,
        name="general_office.petition_letters_due",
        rows=due_rows(),
        columns=[
            Column("number", gettext_lazy("Number"), style="tight", link=_of_row),
            Column("title", gettext_lazy("Title"), is_main=True, style="cut", link=_of_row),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(PetitionState.choices), tones=TONES),
            Column("received_on", pgettext_lazy("petition", "Received on"), kind="date", sort=("received_on", "id")),
        ],
        search=("number",),
        order=("received_on", "id"),
        caption=_("Letters to be written"),
        empty={"symbol": "circle-check", "title": _("Every letter was begun"), "text": ""},
    )  # fmt: skip
    context = {"title": _("Letters to be written"), "trail": trail(("", _("Letters to be written")))}
    return page.respond(f"{TEMPLATES}list.html", context)


@door(rules.writes_letters, methods=("POST",))
def begin(request: HttpRequest, petition_id: int, kind: str) -> HttpResponse:
    """Begin a letter; one goes on in its draft."""
    found = seen(petition_id)
    if kind not in LetterKind.values:
        raise Http404
    made = services.begin_letter(petition_id=found.pk, kind=kind, by=actor_of(request), at=clock.now())
    messages.success(request, _("Begun. Look it over, choose who signs it, and submit it."))
    return redirect("general_office:outgoing_document", made.document_id)


@never_cache
@door(petition_rules.takes_part)
def cover(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Print the cover with name and address, under an opening that is one's own."""
    letter, by, at = queries.letter(letter_id), actor_of(request), clock.now()
    if letter is None:
        raise Http404
    petition = letter.petition
    form = CoverForm(request.POST or None, petition_id=petition.pk, by=by, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            content = services.print_cover(letter_id=letter.pk, opening_id=form.cleaned_data["opening"], by=by, at=at)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            response = HttpResponse(content, content_type="application/pdf")
            response["Content-Disposition"] = f'attachment; filename="cover-{letter.pk}.pdf"'
            response["Cache-Control"] = "no-store"
            return response
    context = {
        "form": form,
        "letter": letter,
        "petition": petition,
        "usable": bool(queries.openings_to_use(petition.pk, by, at)),
        "trail": trail(("", _("Cover of the letter")), petition=petition),
    }
    response = render(request, f"{TEMPLATES}letters/cover.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response
