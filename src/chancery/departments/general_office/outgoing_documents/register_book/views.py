"""Pages of the register: the list, the numbers of a series, a chain, a year's figures, the slip."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.issuing.series import queries as series
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.register_book import queries as book
from chancery.departments.general_office.outgoing_documents.terms import Direction, Label, State, Urgency
from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.figures import MONTHS, chart, chart_of, chosen_year
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.kernel.records.numbers.terms import NumberState

TEMPLATES = "general_office/outgoing_documents/register_book"
STATES = (State.NUMBERED, State.SEALED, State.RELEASED, State.WITHDRAWN, State.CANCELLED)
STATE_TONES = {
    State.NUMBERED: "blue",
    State.SEALED: "violet",
    State.RELEASED: "green",
    State.WITHDRAWN: "amber",
    State.CANCELLED: "red",
}
URGENCY_TONES = {Urgency.URGENT: "amber", Urgency.EXTRA_URGENT: "red"}


def _page(row: Any) -> str:
    return reverse("general_office:outgoing_document", args=[row["id"]])


def _columns() -> list[Column]:
    return [
        Column("number", gettext_lazy("Number"), sort=("series", "numbered_at"), link=_page, style="tight"),
        Column("title", gettext_lazy("Title"), sort="title", link=_page, is_main=True, style="cut"),
        Column("paper_type", gettext_lazy("Type"), codes=dict(book.type_choices()), sort="paper_type", style="tight"),
        Column("issuer__name", gettext_lazy("Issuer"), kind="words", style="cut"),
        Column("unit__name", gettext_lazy("Drafting unit"), kind="words", style="cut", is_shown=False),
        Column("dated_on", gettext_lazy("Dated"), kind="date", sort="dated_on"),
        Column("released_at", gettext_lazy("Released"), kind="datetime", sort="released_at", is_shown=False),
        Column(
            "urgency",
            gettext_lazy("Urgency"),
            kind="badge",
            codes=dict(Urgency.choices),
            tones=URGENCY_TONES,
            sort="urgency",
            is_shown=False,
        ),
        Column("direction", gettext_lazy("Direction"), codes=dict(Direction.choices), is_shown=False),
        Column("label", gettext_lazy("House label"), codes=dict(Label.choices), is_shown=False),
        Column("signed_person__name", gettext_lazy("Signed by"), kind="words", is_shown=False),
        Column("pages", gettext_lazy("Number of pages"), kind="number", is_shown=False),
        Column(
            "state", gettext_lazy("State"), kind="badge", codes=dict(State.choices), tones=STATE_TONES, sort="state"
        ),
        Column("end_reason", gettext_lazy("Cancelled or withdrawn because"), style="cut", is_shown=False),
    ]


def _filters() -> list[Filter]:
    return [
        Filter("state", gettext_lazy("State"), choices=[(one.value, one.label) for one in STATES]),
        Filter("paper_type", gettext_lazy("Type"), choices=book.type_choices),
        Filter("series", gettext_lazy("Numbering series"), choices=book.series_choices),
        Filter("issuer", gettext_lazy("Issuer"), lookup="issuer_id", choices=book.issuer_choices),
        Filter("urgency", gettext_lazy("Urgency"), choices=Urgency.choices),
        Filter("dated_on", gettext_lazy("Dated"), kind="date_range"),
    ]


@door(staff, methods=("GET",))
def outgoing(request: HttpRequest) -> HttpResponseBase:
    """The register of issued documents: filtered, sorted, exported."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.outgoing",
        rows=book.register(),
        columns=_columns(),
        filters=_filters(),
        search=book.find,
        order=("-numbered_at", "-id"),
        caption=_("Register of outgoing documents"),
        empty={
            "symbol": "send",
            "title": _("No document in the register yet"),
            "text": _("Documents appear here once they have a number, as far as your posts may see them."),
        },
        row_css=lambda row: "text-secondary" if row["state"] == State.CANCELLED else "",
    )
    context = {"may_draft": drafting.may_draft(by), "under_way": book.under_way()}
    return page.respond(f"{TEMPLATES}/register.html", context)


@door(staff, methods=("GET",))
def numbers(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    """The numbers of a series and year, with every void and its reason; no number is missing."""
    periods = series.periods_of(code)
    if not periods:
        raise Http404
    word = periods[0].word
    page = ListPage(
        request,
        name="general_office.outgoing_numbers",
        rows=book.numbers(code, year),
        columns=[
            Column(
                "text",
                gettext_lazy("Number"),
                sort="value",
                style="tight",
                is_main=True,
                link=lambda row: reverse("records:number", args=[row["id"]]),
            ),
            Column(
                "state",
                gettext_lazy("State"),
                kind="badge",
                codes=dict(NumberState.choices),
                tones={"VOID": "red", "ISSUED": "green"},
            ),
            Column(
                "title",
                gettext_lazy("Document"),
                style="cut",
                link=lambda row: (
                    reverse("general_office:outgoing_document", args=[row["document_id"]]) if row["document_id"] else ""
                ),
            ),
            Column("issued_at", gettext_lazy("Given at"), kind="datetime", sort="issued_at"),
            Column("void_reason", gettext_lazy("Void because")),
            Column("unseen", gettext_lazy("Before it"), value=book.unseen_before),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=NumberState.choices)],
        search=("text", "void_reason"),
        order="-value",
        caption=_("Numbers of %(word)s, %(year)s") % {"word": word, "year": year},
    )
    trail = [
        (reverse("general_office:outgoing_series"), _("Numbering series")),
        (reverse("general_office:outgoing_series_detail", args=[code]), word),
        ("", str(year)),
    ]
    context = {"word": word, "year": year, "counts": book.counts(code, year), "trail": trail}
    return page.respond(f"{TEMPLATES}/numbers.html", context)


@door(staff, methods=("GET",))
def chain(request: HttpRequest, document_id: int) -> HttpResponse:
    """What a paper replaced and what replaced it: a picture to walk through, and the same as a table."""
    document = _found(document_id)
    found = book.chain(document)
    trail = [(_page({"id": document.pk}), document.number or document.title), ("", pgettext("documents", "Chain"))]
    return render(request, f"{TEMPLATES}/chain_page.html", {"document": document, "chain": found, "trail": trail})


@door(staff, methods=("GET",))
def figures(request: HttpRequest) -> HttpResponse:
    """A year's figures: counts, days from draft to issue, the time of each step; charts with their tables."""
    years = book.years() or [clock.today().year]
    found = book.year_figures(chosen_year(request.GET.get("year", ""), years))
    steps = [step.name for step in found.steps]
    return render(
        request,
        f"{TEMPLATES}/figures.html",
        {
            "years": years,
            "figures": found,
            "tables": [
                ("by-month", _("By month of date"), chart("bar", MONTHS, found.by_month)),
                ("by-type", _("By type"), chart_of(found.by_type)),
            ],
            "more_tables": [
                ("by-issuer", _("By issuer"), chart_of(found.by_issuer)),
                ("by-unit", _("By drafting unit"), chart_of(found.by_unit)),
            ],
            "step_chart": {
                "kind": "hbar",
                "labels": steps,
                "unit": _("days"),
                "series": [
                    {"name": _("Median"), "values": [step.median for step in found.steps]},
                    {"name": _("Longest"), "values": [step.longest for step in found.steps]},
                ],
            },
        },
    )


@door(staff, methods=("GET",))
def slip(request: HttpRequest, document_id: int) -> HttpResponse:
    """The processing slip 发文稿纸 as PDF, in the reader's language."""
    document = _found(document_id)
    if document.matter_id is None:
        raise Http404
    name = _("Processing slip %(number)s.pdf") % {"number": (document.number or str(document.pk)).replace("/", "-")}
    disposition = content_disposition_header(False, name) or "inline"
    content = book.slip_pdf(document, clock.now())
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _found(document_id: int) -> OutgoingDocument:
    document = documents.document(document_id)
    if document is None:
        raise Http404
    return document
