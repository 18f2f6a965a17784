"""Pages of the yearly count."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.carriers.counts import queries, rules, services
from chancery.departments.general_office.confidential_work.carriers.terms import FOUND_TONES, CountState, Found
from chancery.departments.general_office.confidential_work.carriers.views import TEMPLATES, trail
from chancery.departments.general_office.confidential_work.forms import Act, Table, answer
from chancery.departments.general_office.confidential_work.rules import is_officer, keeps_secrets
from chancery.foundations import clock
from chancery.foundations.journal.queries import timeline
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.tables import Column, ListPage
from chancery.foundations.words import words


@door(keeps_secrets, methods=("GET",))
def counts(request: HttpRequest) -> HttpResponseBase:
    """The counts, a year each."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.carrier_counts",
        rows=queries.listed(),
        columns=[
            Column("year", gettext_lazy("Year"), is_main=True, link=_address, sort="year"),
            Column("count", gettext_lazy("Copies"), kind="number"),
            Column("seen", gettext_lazy("Seen"), kind="number"),
            Column("missing", gettext_lazy("Missing"), kind="number"),
            Column("waiting", gettext_lazy("Not counted yet"), kind="number"),
            Column("due_on", gettext_lazy("To be closed by"), kind="deadline", sort="due_on"),
            Column(
                "state",
                gettext_lazy("State"),
                kind="badge",
                codes=dict(CountState.choices),
                tones={CountState.OPEN: "amber", CountState.CLOSED: "green"},
            ),
        ],
        order=("-year",),
        caption=_("Yearly counts"),
        empty={"symbol": "list-check", "title": _("No count yet"), "text": ""},
    )
    return page.respond(
        f"{TEMPLATES}counts.html",
        {"title": _("Yearly counts"), "can_open": is_officer(by), "trail": trail((None, _("Yearly counts")))},
    )


def _address(row: Any) -> str:
    return reverse("general_office:carrier_count", args=[row["id"]])


@door(is_officer, methods=("POST",))
def open_count(request: HttpRequest) -> HttpResponse:
    """Open this year's count."""
    by = actor_of(request)
    made = services.open_count(by=by, at=clock.now())
    messages.success(request, _("The count is open: mark each copy as seen or missing."))
    return redirect("general_office:carrier_count", made.pk)


@door(keeps_secrets)
def count(request: HttpRequest, count_id: int) -> HttpResponse:
    """One count: every copy, seen or missing."""
    by = actor_of(request)
    found = queries.count(count_id)
    if found is None:
        raise Http404
    here = reverse("general_office:carrier_count", args=[found.pk])
    lines = queries.lines(found.pk)
    totals = {code: sum(line["found"] == code for line in lines) for code in Found.values}
    acts = []
    if rules.may_count(by, found) and not totals[Found.WAITING]:
        acts.append(
            Act(
                "close", _("Close the count"),
                lambda _said: services.close_count(count_id=found.pk, by=by, at=clock.now()),
                _("The count is closed."), tone="main", ask=_("Copies named as missing stay named."),
            )
        )  # fmt: skip
    missing = [f"{line['carrier']} / {line['number']}" for line in lines if line["found"] == Found.MISSING]
    context = {
        "title": _("Count of %(year)s") % {"year": found.year},
        "marks": [(found.get_state_display(), "amber" if found.state == CountState.OPEN else "green")],
        "facts_title": _("Totals"),
        "facts": [
            (_("To be closed by"), found.due_on.isoformat()),
            (_("Seen"), str(totals[Found.SEEN])),
            (_("Not counted yet"), str(totals[Found.WAITING])),
            (_("Missing"), ", ".join(missing)),
        ],
        "tables": [_table(lines, can_count=bool(rules.may_count(by, found)))],
        "notes": [("red", _("Missing: %(copies)s. Report the breach.") % {"copies": ", ".join(missing)})]
        if missing
        else [],
        "links": [(reverse("general_office:breach_new"), _("Report a breach"), "alert-triangle")] if missing else [],
        "entries": timeline(found),
        "trail": trail((reverse("general_office:carrier_counts"), _("Yearly counts")), (None, str(found.year))),
    }
    return answer(request, f"{TEMPLATES}page.html", context, acts, here)


def _table(lines: list[Any], *, can_count: bool) -> Table:
    heads = [_("Carrier"), _("Alias"), _("Copy"), _("Who holds it"), _("Kept at"), _("Counted as")]
    states = dict(Found.choices)
    rows = []
    for line in lines:
        cells = [
            {"text": line["carrier"], "url": reverse("general_office:carrier", args=[line["carrier_id"]])},
            {"text": line["alias"]},
            {"text": line["number"]},
            {"text": words(line, "holder")},
            {"text": line["place"]},
            {"text": states[line["found"]], "tone": FOUND_TONES[line["found"]]},
        ]
        row: dict[str, Any] = {"cells": [{**cell, "head": head} for cell, head in zip(cells, heads, strict=True)]}
        if can_count:
            action = reverse("general_office:carrier_count_line", args=[line["id"]])
            of = f"{line['carrier']} / {line['number']}"
            seen = {"label": _("Seen"), "action": action, "hidden": [("found", "SEEN")], "of": of}
            lost = {
                "label": _("Missing"),
                "action": action,
                "hidden": [("found", "MISSING")],
                "of": of,
                "tone": "danger",
            }
            row["acts"] = [one for one, code in ((seen, Found.SEEN), (lost, Found.MISSING)) if line["found"] != code]
        rows.append(row)
    return Table(_("Copies"), [*heads, *([""] if can_count else [])], rows)


@door(is_officer, methods=("POST",))
def count_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Mark one copy."""
    by = actor_of(request)
    is_seen = request.POST.get("found") == Found.SEEN
    line = services.count_copy(line_id=line_id, is_seen=is_seen, by=by, at=clock.now())
    return redirect("general_office:carrier_count", line.count_id)
