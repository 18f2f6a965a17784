"""Pages of the numbering series: all of them, one with its history, opening, changing and ending one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.issuing.models import IssuingSeries
from chancery.departments.general_office.outgoing_documents.issuing.series import forms, queries, services
from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse

TEMPLATES = "general_office/outgoing_documents/issuing"


@door(staff, methods=("GET",))
def series_list(request: HttpRequest) -> HttpResponse:
    """Every series: who numbers what, how its numbers look, and the latest one seen."""
    by = actor_of(request)
    context = {
        "rows": queries.all_series(clock.today()),
        "may_keep": queries.may_keep_series(by),
        "trail": _trail(),
    }
    return render(request, f"{TEMPLATES}/series_list.html", context)


@door(staff, methods=("GET",))
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """A series: its periods, its years of numbers, what was done to it."""
    by = actor_of(request)
    periods = _periods(code)
    context = {
        "periods": queries.told(periods, clock.today()),
        "series": periods[0],
        "stands": periods[0].valid_to is None,
        "may_keep": queries.may_keep_series(by),
        "years": queries.years_of(code),
        "key": queries.key_of(periods[0]),
        "entries": journal.timeline(queries.series_subject(code)),
        "trail": _trail(periods[0].word),
    }
    return render(request, f"{TEMPLATES}/series.html", context)


@door(queries.may_keep_series)
def new(request: HttpRequest) -> HttpResponseBase:
    """Open a series."""
    return _form(
        request,
        forms.SeriesForm(request.POST or None),
        title=_("New numbering series"),
        back=reverse("general_office:outgoing_series"),
        verb=lambda given, by: services.open_series(issuer_id=given.pop("issuer"), **given, by=by, at=clock.now()),
    )


@door(queries.may_keep_series)
def change(request: HttpRequest, code: str) -> HttpResponseBase:
    """Let a series have another word, other types or another pattern from a day on."""
    standing = _periods(code)[0]
    first = {"word": standing.word, "types": standing.types, "pattern": standing.pattern}
    return _form(
        request,
        forms.SeriesChangeForm(request.POST or None, initial=first),
        title=_("Change the series %(word)s") % {"word": standing.word},
        back=reverse("general_office:outgoing_series_detail", args=[code]),
        verb=lambda given, by: services.change_series(code=code, **given, by=by, at=clock.now()),
    )


@door(queries.may_keep_series)
def end(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say the last day of a series."""
    standing = _periods(code)[0]
    return _form(
        request,
        forms.SeriesEndForm(request.POST or None),
        title=_("End the series %(word)s") % {"word": standing.word},
        back=reverse("general_office:outgoing_series_detail", args=[code]),
        verb=lambda given, by: services.end_series(code=code, **given, by=by, at=clock.now()),
    )


def _form(
    request: HttpRequest,
    form: django_forms.Form,
    *,
    title: str,
    back: str,
    verb: Callable[[dict[str, Any], Any], IssuingSeries],
) -> HttpResponseBase:
    by = actor_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            series = verb(dict(form.cleaned_data), by)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The series %(word)s is kept.") % {"word": series.word})
            return redirect("general_office:outgoing_series_detail", series.code)
    context = {"form": form, "title": title, "cancel": back, "trail": _trail(title)}
    return render(request, f"{TEMPLATES}/series_form.html", context, status=422 if form.errors else 200)


def _periods(code: str) -> list[IssuingSeries]:
    found = queries.periods_of(code)
    if not found:
        raise Http404
    return found


def _trail(here: str = "") -> list[tuple[str, str]]:
    trail = [
        (reverse("general_office:outgoing"), _("Outgoing documents")),
        (reverse("general_office:outgoing_series"), _("Numbering series")),
    ]
    return [*trail, ("", here)] if here else trail
