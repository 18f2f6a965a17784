"""Pages of the register: the list and a year's figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.register_book import queries as book
from chancery.departments.general_office.incoming_documents.terms import Kind, State, Urgency
from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.figures import MONTHS, chart, chart_of, chosen_year
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words

STATE_TONES = {State.REGISTERED: "blue", State.RETURNED: "amber", State.FILED: "green"}
URGENCY_TONES = {
    Urgency.EXPEDITED: "amber",
    Urgency.URGENT: "red",
    Urgency.TELEGRAM_ORDINARY: "neutral",
    Urgency.TELEGRAM_EXPEDITED: "amber",
    Urgency.TELEGRAM_URGENT: "red",
    Urgency.TELEGRAM_FLASH: "red",
}


def _columns() -> list[Column]:
    def page(row: Any) -> str:
        return reverse("general_office:incoming_document", args=[row["id"]])

    return [
        Column("number", gettext_lazy("Our number"), sort="id", link=page, style="tight"),
        Column("title", gettext_lazy("Title"), sort="title", link=page, is_main=True, style="cut"),
        Column("sender", gettext_lazy("Sender"), sort="sender", style="cut"),
        Column("sender_number", gettext_lazy("Sender's number"), style="tight"),
        Column("received_on", gettext_lazy("Received"), kind="date", sort="received_on"),
        Column("dated_on", gettext_lazy("Dated"), kind="date", sort="dated_on", is_shown=False),
        Column("kind", gettext_lazy("Type"), codes=dict(Kind.choices), sort="kind", style="tight", is_shown=False),
        Column(
            "urgency",
            gettext_lazy("Urgency"),
            kind="badge",
            codes=dict(Urgency.choices),
            tones=URGENCY_TONES,
            sort="urgency",
        ),
        Column("lead_unit__name", gettext_lazy("Lead unit"), kind="words", style="cut", is_shown=False),
        Column("limit_on", gettext_lazy("Limit"), kind="deadline", sort="limit_on"),
        Column(
            "state", gettext_lazy("State"), kind="badge", codes=dict(State.choices), tones=STATE_TONES, sort="state"
        ),
        Column("is_important", gettext_lazy("Important"), kind="flag", is_shown=False),
        Column("copy_no", gettext_lazy("Copy no."), is_shown=False),
        Column("pages", gettext_lazy("Number of pages"), kind="number", is_shown=False),
        Column("addressees", gettext_lazy("Addressees"), is_shown=False, style="cut"),
        Column("file_class", gettext_lazy("Class"), is_shown=False, style="tight"),
    ]


def _filters() -> list[Filter]:
    today = clock.today()
    return [
        Filter(
            "state",
            gettext_lazy("State"),
            choices=[(code, name) for code, name in State.choices if code in queries.IN_REGISTER],
        ),
        Filter("urgency", gettext_lazy("Urgency"), choices=Urgency.choices),
        Filter("kind", gettext_lazy("Type"), choices=Kind.choices),
        Filter(
            "lead",
            gettext_lazy("Lead unit"),
            lookup="lead_unit_id",
            choices=lambda: [(str(unit.pk), words(unit, "name")) for unit in queries.handling_units_to_choose()],
        ),
        Filter("received_on", gettext_lazy("Received"), kind="date_range"),
        Filter("late", gettext_lazy("Overdue only"), kind="flag", apply=lambda rows, _value: book.overdue(rows, today)),
        Filter("is_important", gettext_lazy("Important only"), kind="flag"),
    ]


@door(staff, methods=("GET",))
def incoming(request: HttpRequest) -> HttpResponseBase:
    """The register 收文登记簿: filtered, sorted, exported."""
    page = ListPage(
        request,
        name="general_office.incoming",
        rows=book.register(clock.today()),
        columns=_columns(),
        filters=_filters(),
        search=book.find,
        order=("-received_on", "-id"),
        caption=_("Register of incoming documents"),
        empty={
            "symbol": "mail-opened",
            "title": _("No document in the register yet"),
            "text": _("Documents appear here once they are registered, as far as your posts may see them."),
        },
        row_css=lambda row: "is-late" if row["limit_on_lateness"] == "RED" else "",
    )
    may_register = queries.may_register(actor_of(request))
    return page.respond(
        "general_office/incoming_documents/register.html",
        {"may_register": may_register, "drafts": queries.drafts() if may_register else []},
    )


@door(staff, methods=("GET",))
def figures(request: HttpRequest) -> HttpResponseBase:
    """A year's figures 收文统计: counts and the on-time rate, with charts and their tables."""
    years = book.years() or [clock.today().year]
    found = book.year_figures(chosen_year(request.GET.get("year", ""), years), clock.today())
    return render(
        request,
        "general_office/incoming_documents/figures.html",
        {
            "years": years,
            "figures": found,
            "by_month": chart("bar", MONTHS, found.by_month),
            "by_unit": chart_of(found.by_unit),
            "tables": [
                ("by-kind", _("By type"), chart_of(found.by_kind)),
                ("by-urgency", _("By urgency"), chart_of(found.by_urgency)),
            ],
        },
    )
