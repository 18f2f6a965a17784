"""Pages of the rulebook: what holds on a day, a key's history, a new value, an end."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.foundations import clock, duties
from chancery.foundations.journal import queries as journal
from chancery.foundations.rulebook import queries, services
from chancery.foundations.rulebook.forms import AmendForm, EndForm
from chancery.foundations.rulebook.models import Provision
from chancery.foundations.rulebook.terms import WORDS, Origin, Profile, Unit, counted
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EDITOR = "rulebook_editor"
may_edit = duties.rule(EDITOR)
HALF = ("valid_from", "valid_to", "basis_en", "basis_zh", "note_en", "note_zh", "unit", "value")


@door(staff, methods=("GET",))
def provisions(request: HttpRequest, profile: str = "") -> HttpResponseBase:
    """What holds on a day in a profile: today in the site's own unless asked otherwise."""
    on = _day(request.GET.get("on", "")) or clock.today()
    profile = profile or settings.PROFILE
    if profile not in Profile.values:
        raise Http404
    page = ListPage(
        request,
        name="rulebook.provisions",
        rows=queries.holding(on, profile=profile).values(),
        order="key",
        per_page=50,
        columns=[
            Column("name", gettext_lazy("Provision"), kind="words", is_main=True, link=_address, style="cut"),
            Column("value", gettext_lazy("Value"), value=_value, style="tight"),
            Column("key", gettext_lazy("Key"), sort="key", style="tight", is_shown=False),
            Column("valid_from", gettext_lazy("Holds from"), kind="date", sort="valid_from"),
            Column("valid_to", gettext_lazy("Holds until"), kind="date", sort="valid_to"),
            Column("basis", gettext_lazy("Legal basis"), kind="words", style="cut"),
            Column(
                "is_verified",
                gettext_lazy("Basis checked"),
                kind="badge",
                value=_checked,
                tones={True: "green", False: "amber"},
            ),
            Column(
                "origin",
                gettext_lazy("Written by"),
                kind="badge",
                codes=dict(Origin.choices),
                tones={Origin.SITE.value: "blue"},
                sort="origin",
            ),
        ],
        filters=[
            Filter("on", gettext_lazy("As of"), kind="date", apply=_as_it_is),
            Filter("area", gettext_lazy("Area"), choices=_areas, apply=_of_area),
            Filter("origin", gettext_lazy("Written by"), choices=Origin.choices),
        ],
        search=_found,
        empty={"title": _("Nothing holds on that day."), "text": _("Choose another day, or widen the search.")},
    )
    asked = f"?on={on}" if on != clock.today() else ""
    tabs = [
        {
            "title": one.label,
            "address": reverse("rulebook:profile", args=[one.value]) + asked,
            "is_here": one.value == profile,
        }
        for one in Profile
    ]
    return page.respond("rulebook/provisions.html", {"on": on, "tabs": tabs, "is_today": on == clock.today()})


@door(staff, methods=("GET",))
def history(request: HttpRequest, profile: str, key: str) -> HttpResponse:
    """A key's whole history: every value it had or will have, and who changed it."""
    rows = _rows_or_404(profile, key)
    today = clock.today()
    held = next((row for row in rows if _holds(row, today)), None)
    context = {
        "rows": [{"row": row, "value": _value_of(row), "state": _state(row, today)} for row in rows],
        "held": held,
        "named": held or rows[0],
        "facts": _facts(held) if held else [],
        "profile": Profile(profile),
        "key": key,
        "trail": _trail((None, words(held or rows[0]))),
        "entries": journal.timeline(services.subject(profile, key)),
        "may_edit": bool(may_edit(actor_of(request))),
    }
    return render(request, "rulebook/history.html", context)


@door(may_edit)
def amend(request: HttpRequest, profile: str, key: str) -> HttpResponse:
    """A new value from a day on."""
    rows = _rows_or_404(profile, key)
    today = clock.today()
    before = next((row for row in rows if _holds(row, today)), None) or _latest(rows)
    form = AmendForm(request.POST or None, initial={**_initial(before, today), "seen": queries.version(rows)})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            services.amend_provision(
                profile=profile,
                key=key,
                text=form.text(before),
                valid_from=told["valid_from"],
                valid_to=told["valid_to"],
                reason=told["reason"],
                seen=told["seen"] or None,
                by=actor_of(request),
                at=clock.now(),
            )
        except Stale:
            raise
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The new value is in the rulebook."))
            return redirect("rulebook:history", profile, key)
    context = {
        "form": form,
        "before": before,
        "value": _value_of(before),
        "state": _state(before, today),
        "profile": Profile(profile),
        "key": key,
        "back": reverse("rulebook:history", args=[profile, key]),
        "trail": _trail((reverse("rulebook:history", args=[profile, key]), words(before)), (None, _("New value"))),
        "widths": dict.fromkeys(HALF, "half"),
    }
    return render(request, "rulebook/amend.html", context, status=422 if form.errors else 200)


@door(may_edit)
def end(request: HttpRequest, profile: str, key: str) -> HttpResponse:
    """Let the provision that holds today end without a successor."""
    rows = _rows_or_404(profile, key)
    held = next((row for row in rows if _holds(row, clock.today())), None)
    if held is None:
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_provision(
                provision_id=held.pk,
                last_day=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error("last_day" if refusal.field == "valid_to" else refusal.field, str(refusal))
        else:
            messages.success(request, _("The provision ends on that day."))
            return redirect("rulebook:history", profile, key)
    back = reverse("rulebook:history", args=[profile, key])
    context = {
        "form": form,
        "held": held,
        "value": _value_of(held),
        "key": key,
        "back": back,
        "trail": _trail((back, words(held)), (None, _("End it"))),
    }
    return render(request, "rulebook/end.html", context, status=422 if form.errors else 200)


# --- Parts of the pages ----------------------------------------------------------------------------------------------
def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _rows_or_404(profile: str, key: str) -> list[Provision]:
    rows = queries.history(key, profile=profile)
    if not rows:
        raise Http404
    return rows


def _latest(rows: list[Provision]) -> Provision:
    return next((row for row in rows if row.withdrawn_at is None), rows[0])


def _holds(row: Provision, day: dt.date) -> bool:
    return row.withdrawn_at is None and row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


def _state(row: Provision, today: dt.date) -> tuple[str, str]:
    """Words and tone of where a row stands."""
    if row.withdrawn_at is not None:
        return _("withdrawn"), "neutral"
    if row.valid_from > today:
        return _("to come"), "blue"
    if row.valid_to is not None and row.valid_to < today:
        return _("ended"), "neutral"
    return _("holds today"), "green"


def _address(row: Any) -> str:
    return reverse("rulebook:history", args=[row["profile"], row["key"]])


def _value(row: Any) -> str:
    return value_words(row["value"], row["unit"])


def _value_of(row: Provision) -> str:
    return value_words(row.value, row.unit)


def value_words(value: str, unit: str) -> str:
    """A value with its unit, as a reader expects it."""
    if unit == Unit.FLAG:
        return _("yes") if value == "yes" else _("no")
    if unit in WORDS or unit == Unit.COUNT:
        return value
    return counted(Decimal(value), unit)


def _checked(row: Any) -> str:
    """How sure the basis is; a rule of the house's own needs no checking."""
    return _("verified") if row["is_verified"] else _("second-hand") if row["source"] else ""


def _facts(row: Provision) -> list[tuple[str, str]]:
    until = row.valid_to.isoformat() if row.valid_to else _("further notice")
    lines = [
        (_("Value"), _value_of(row)),
        (_("Unit"), str(Unit(row.unit).label)),
        (_("Holds"), _("%(first)s to %(last)s") % {"first": row.valid_from.isoformat(), "last": until}),
        (_("Legal basis"), words(row, "basis")),
        (_("Note"), words(row, "note")),
        (_("Basis checked"), _checked({"is_verified": row.is_verified, "source": row.source})),
        (_("Where it was read"), row.source),
        (_("Written by"), str(Origin(row.origin).label)),
    ]
    return [line for line in lines if line[1]]


def _initial(before: Provision, today: dt.date) -> dict[str, Any]:
    names = ("value", "unit", "basis_en", "basis_zh", "note_en", "note_zh", "source", "is_verified")
    return {**{name: getattr(before, name) for name in names}, "valid_from": today}


def _trail(*more: tuple[str | None, str]) -> list[tuple[str | None, str]]:
    return [(reverse("rulebook:provisions"), _("Rulebook")), *more]


def _as_it_is(rows: Any, value: Any) -> Any:
    """The day and the profile are in the query already."""
    return rows


def _areas() -> list[tuple[str, StrOrPromise]]:
    keys = Provision.objects.order_by().values_list("key", flat=True).distinct()
    return [(area, AREAS.get(area, area)) for area in sorted({key.split(".")[0] for key in keys})]


def _of_area(rows: Any, area: str) -> Any:
    return rows.filter(key__startswith=f"{area}.")


def _found(rows: Any, said: str) -> Any:
    for word in said.split():
        anywhere = Q()
        for column in ("key", "name_en", "name_zh", "basis_en", "basis_zh", "value"):
            anywhere |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(anywhere)
    return rows


AREAS = {
    "access": gettext_lazy("Access"),
    "calendar": gettext_lazy("Calendar"),
    "incoming": gettext_lazy("Incoming documents"),
    "journal": gettext_lazy("Journal"),
    "procedures": gettext_lazy("Procedures"),
    "records": gettext_lazy("Records"),
}
