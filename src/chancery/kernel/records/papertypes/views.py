"""Pages of paper types: all of them, one with its rules and history, an edit, an end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.foundations import clock, duties
from chancery.foundations.journal import queries as journal
from chancery.foundations.rulebook.terms import Profile
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.words import words
from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.records.papertypes import queries, services
from chancery.kernel.records.papertypes.forms import AmendTypeForm, EndTypeForm
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.papertypes.terms import RULES, RuleKind, Shape

may_edit = duties.rule("rulebook_editor")


@door(staff, methods=("GET",))
def paper_types(request: HttpRequest, profile: str = "") -> HttpResponseBase:
    """Every type that holds on a day, with its rules in short."""
    profile = profile or settings.PROFILE
    if profile not in Profile.values:
        raise Http404
    on = _day(request.GET.get("on", "")) or clock.today()
    held = list(queries.holding(on, profile=profile))
    tabs = [
        {
            "title": one.label,
            "address": reverse("records:paper_types_of", args=[one.value]),
            "is_here": one.value == profile,
        }
        for one in Profile
    ]
    context = {
        "rows": [{"type": one, "short": _short(one)} for one in held],
        "tabs": tabs,
        "profile": profile,
        "on": on,
        "is_today": on == clock.today(),
    }
    return render(request, "records/paper_types.html", context)


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _short(one: PaperType) -> list[str]:
    """What the list says of a type: directions, addressees, what is forbidden."""
    which = value_words(one, RULES["addressees"])
    told = [value_words(one, RULES["directions"]), _("main addressees: %(which)s") % {"which": which} if which else ""]
    if one.says("issuers") == []:
        told.append(_("Nobody here may issue it"))
    if one.says("may_request") is False:
        told.append(_("no request in it"))
    if one.says("one_matter"):
        told.append(_("one matter"))
    if one.says("answers"):
        told.append(_("answers a request"))
    return [text for text in told if text]


@door(staff, methods=("GET",))
def paper_type(request: HttpRequest, profile: str, code: str) -> HttpResponse:
    """One type: its rules with their bases, and everything it ever was."""
    rows = _rows_or_404(profile, code)
    held = _held(rows)
    named = held or rows[0]
    context = {
        "rows": [{"row": row, "state": _state(row)} for row in rows],
        "named": named,
        "held": held,
        "profile": Profile(profile),
        "code": code,
        "rules": [
            {
                "words": kind.words,
                "value": value_words(named, kind),
                "basis": words(named.rules[kind.code], "basis") or words(named, "basis"),
            }
            for kind in RULES.values()
            if kind.code in named.rules
        ],
        "entries": journal.timeline(services.subject(profile, code)),
        "may_edit": bool(may_edit(actor_of(request))),
        "trail": _trail(profile, (None, words(named))),
    }
    return render(request, "records/paper_type.html", context)


def value_words(one: PaperType, kind: RuleKind) -> str:
    """A rule's value as a reader expects it."""
    value = one.says(kind.code)
    if value is None:
        return ""
    if kind.shape == Shape.FLAG:
        return _("yes") if value else _("no")
    if kind.code == "answers":
        held = {row.code: words(row) for row in queries.holding(clock.today(), profile=one.profile)}
        return _(", ").join(held.get(code, code) for code in value)
    if kind.shape == Shape.PHRASES:
        return _(", ").join(f"“{phrase}”" for phrase in value)
    named = {code: str(name) for code, name in (UnitKind.choices if kind.code == "issuers" else kind.choices)}
    if kind.shape == Shape.ONE:
        return named.get(value, str(value))
    if not value:
        return _("nobody here")
    return _(", ").join(named.get(code, code) for code in value)


@door(may_edit)
def amend_type(request: HttpRequest, profile: str, code: str) -> HttpResponse:
    """Other words or rules from a day on."""
    rows = _rows_or_404(profile, code)
    before = _held(rows) or next((row for row in rows if row.withdrawn_at is None), rows[0])
    initial = {**AmendTypeForm.initial_of(before), "valid_from": clock.today(), "seen": queries.version(rows)}
    form = AmendTypeForm(request.POST or None, row=before, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            services.amend_type(
                profile=profile,
                code=code,
                said=form.said(),
                type_rules=form.type_rules(),
                valid_from=told["valid_from"],
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
            messages.success(request, _("The type is amended."))
            return redirect("records:paper_type", profile, code)
    back = reverse("records:paper_type", args=[profile, code])
    half = (
        *queries.WORDS,
        "addressees",
        "signatory",
        "may_request",
        "one_matter",
        "copies_below",
        "may_be_joint",
        "needs_annex",
    )
    context = {
        "form": form,
        "before": before,
        "profile": Profile(profile),
        "back": back,
        "widths": {**dict.fromkeys(half, "half"), "answers": "half", "title_ends": "half"},
        "trail": _trail(profile, (back, words(before)), (None, _("Amend"))),
    }
    return render(request, "records/paper_type_form.html", context, status=422 if form.errors else 200)


@door(may_edit)
def end_type(request: HttpRequest, profile: str, code: str) -> HttpResponse:
    """Let the type that holds today end."""
    held = _held(_rows_or_404(profile, code))
    if held is None:
        raise Http404
    form = EndTypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_type(
                type_id=held.pk,
                last_day=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The type ends on that day."))
            return redirect("records:paper_type", profile, code)
    back = reverse("records:paper_type", args=[profile, code])
    context = {
        "form": form,
        "held": held,
        "back": back,
        "trail": _trail(profile, (back, words(held)), (None, _("End it"))),
    }
    return render(request, "records/paper_type_end.html", context, status=422 if form.errors else 200)


def _rows_or_404(profile: str, code: str) -> list[PaperType]:
    rows = queries.history(code, profile=profile)
    if not rows:
        raise Http404
    return rows


def _held(rows: list[PaperType]) -> PaperType | None:
    today = clock.today()
    return next(
        (
            row
            for row in rows
            if row.withdrawn_at is None and row.valid_from <= today and (row.valid_to is None or row.valid_to >= today)
        ),
        None,
    )


def _state(row: PaperType) -> tuple[str, str]:
    today = clock.today()
    if row.withdrawn_at is not None:
        return pgettext("state of a paper type", "withdrawn"), "neutral"
    if row.valid_from > today:
        return pgettext("state of a paper type", "to come"), "blue"
    if row.valid_to is not None and row.valid_to < today:
        return pgettext("state of a paper type", "ended"), "neutral"
    return pgettext("state of a paper type", "holds today"), "green"


def _trail(profile: str, *more: tuple[str | None, Any]) -> list[tuple[str | None, Any]]:
    return [(reverse("records:paper_types_of", args=[profile]), _("Types of paper")), *more]
