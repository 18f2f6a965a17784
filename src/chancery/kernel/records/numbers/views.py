"""Pages of the register of numbers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.records.numbers import queries, rules, services
from chancery.kernel.records.numbers.forms import VoidForm
from chancery.kernel.records.numbers.terms import NumberState, series_named


def _name(series: str) -> str:
    known = series_named([series]).get(series)
    return words(known) if known else series


@door(methods=("GET",))
def series_page(request: HttpRequest) -> HttpResponse:
    """Every series and year in which one sees numbers."""
    found = queries.years_of_series()
    known = series_named(row["series"] for row in found)
    rows = [{**row, "name": words(known[row["series"]]) if row["series"] in known else row["series"]} for row in found]
    return render(request, "records/series.html", {"rows": rows})


@door(methods=("GET",))
def numbers_page(request: HttpRequest, series: str, year: int) -> HttpResponseBase:
    """The numbers of a series and year: what each went to, which are void and why."""
    page = ListPage(
        request,
        name=f"records.numbers.{series}",
        rows=queries.numbers_of(series, year),
        columns=[
            Column(
                "text",
                _("Number"),
                sort="value",
                style="tight",
                is_main=True,
                link=lambda row: reverse("records:number", args=[row["id"]]),
            ),
            Column("state", _("State"), kind="badge", codes=dict(NumberState.choices), tones={"VOID": "red"}),
            Column("document__title", _("Document"), style="cut"),
            Column("issued_at", _("Issued at"), kind="datetime", sort="issued_at"),
            Column(
                "issued_by",
                _("Issued by"),
                value=lambda row: words(
                    {"name_en": row["issued_person__name_en"], "name_zh": row["issued_person__name_zh"]}
                ),
            ),
            Column("void_reason", _("Void because")),
        ],
        filters=[Filter("state", _("State"), choices=NumberState.choices)],
        search=("text", "document__title", "void_reason"),
        order="-value",
    )
    trail = [(reverse("records:numbers"), _("Numbers")), ("", f"{_name(series)} {year}")]
    return page.respond("records/numbers.html", {"name": _name(series), "year": year, "trail": trail})


@door()
def number_page(request: HttpRequest, number_id: int) -> HttpResponse:
    """One number: what it went to, what happened; the registrar can give it up here."""
    number = queries.number_of(number_id)
    if number is None:
        raise Http404
    by = actor_of(request)
    form = VoidForm(request.POST or None)
    address = reverse("records:number", args=[number.pk])
    if form.is_valid():
        try:
            services.void_number(number_id=number.pk, reason=form.cleaned_data["reason"], by=by, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("%(number)s is void.") % {"number": number.text})
            return redirect(address)
    register = reverse("records:numbers_of", args=[number.series, number.year])
    document = queries.document_under(number)
    context = {
        "number": number,
        "form": form,
        "cancel": register,
        "may_void": rules.may_void(by, number),
        "facts": [
            (_("Document"), document.title if document else ""),
            (_("Issued at"), timezone.localtime(number.issued_at).strftime("%Y-%m-%d %H:%M")),
            (_("Issued by"), words(number.issued_person) if number.issued_person else ""),
            *([(_("Void because"), number.void_reason)] if number.void_reason else []),
        ],
        "entries": journal.timeline(number),
        "trail": [
            (reverse("records:numbers"), _("Numbers")),
            (register, f"{_name(number.series)} {number.year}"),
            ("", number.text),
        ],
    }
    return render(request, "records/number.html", context, status=422 if form.errors else 200)
