"""The hub, the register, the page of a petition, its registration."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chancery.departments.general_office.petitions import queries, rules, services, terms
from chancery.departments.general_office.petitions.forms import CorrectForm, RegisterForm
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.register_book import queries as pages
from chancery.departments.general_office.petitions.terms import TONES, Channel, Kind, Outcome, Stage, State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.access.readings.views import was_read

TEMPLATES = "general_office/petitions/"


def seen(petition_id: int) -> Petition:
    """The petition, or 404."""
    found = queries.petition(petition_id)
    if found is None:
        raise Http404
    return found


def trail(*more: tuple[str, Any], petition: Petition | None = None, by: Actor | None = None) -> list[tuple[str, Any]]:
    """Where one is. On pages that others enter too, `by` says who asks: the desk is linked for whoever may enter it."""
    is_near = by is None or bool(rules.takes_part(by))
    desk = reverse("general_office:petitions") if is_near else ""
    here: list[tuple[str, Any]] = [(desk, _("Letters and visits"))]
    if petition is not None:
        here.append(
            (reverse("general_office:petition", args=[petition.pk]), petition.number or _("Not registered yet"))
        )
    return [*here, *more]


@door(rules.takes_part, methods=("GET",))
def hub(request: HttpRequest) -> HttpResponse:
    """What waits, for whoever asks."""
    by = actor_of(request)
    context = {
        "groups": pages.desk(by, clock.today()),
        "may_register": bool(rules.may_register(by)),
        "links": terms.links(by),
    }
    return render(request, f"{TEMPLATES}hub.html", context)


# --- The register ----------------------------------------------------------------------------------------------------
def _address(row: Any) -> str:
    return reverse("general_office:petition", args=[row["id"]])


def _columns(fields: dict[str, str]) -> list[Column]:
    return [
        Column("number", gettext_lazy("Number"), link=_address, style="tight", sort="number",
               value=lambda row: row["number"] or _("not registered")),
        Column("title", gettext_lazy("Title"), is_main=True, style="cut", link=_address,
               value=lambda row: row["title"] or _("not registered yet")),
        Column("kind", pgettext_lazy("petition", "Kind"), codes=dict(Kind.choices), style="tight"),
        Column("channel", gettext_lazy("Came by"), codes=dict(Channel.choices), style="tight", is_shown=False),
        Column("field", gettext_lazy("Subject field"), codes=fields, style="tight"),
        Column("subject_unit", gettext_lazy("Unit complained of"), style="cut",
               value=lambda row: words(row, "subject_unit__name")),
        Column("handling_unit", gettext_lazy("Handled by"), style="cut", is_shown=False,
               value=lambda row: words(row, "handling_unit__name")),
        Column("received_on", pgettext_lazy("petition", "Received on"), kind="date", sort=("received_on", "id")),
        Column("state", gettext_lazy("State"), kind="badge", codes=dict(State.choices), tones=TONES),
        Column("stage", gettext_lazy("Stage"), codes=dict(Stage.choices), style="tight", is_shown=False),
        Column("due_on", gettext_lazy("Due"), kind="deadline", sort="due_on"),
        Column("group_size", gettext_lazy("People"), kind="number", is_shown=False),
        Column("is_repeat", gettext_lazy("Wrote before"), kind="flag", is_shown=False),
        Column("outcome", gettext_lazy("Outcome"), codes=dict(Outcome.choices), is_shown=False),
        Column("rating", gettext_lazy("Rating"), kind="number", is_shown=False),
    ]  # fmt: skip


def _filters(fields: list[tuple[str, str]]) -> list[Filter]:
    return [
        Filter("state", gettext_lazy("State"), choices=State.choices),
        Filter("kind", pgettext_lazy("petition", "Kind"), choices=Kind.choices),
        Filter("stage", gettext_lazy("Stage"), choices=Stage.choices),
        Filter("channel", gettext_lazy("Came by"), choices=Channel.choices),
        Filter("field", gettext_lazy("Subject field"), choices=fields),
        Filter("unit", gettext_lazy("Unit complained of"), lookup="subject_unit_id", choices=pages.subject_units),
        Filter("received_on", pgettext_lazy("petition", "Received on"), kind="date_range"),
        Filter("late", gettext_lazy("Overdue only"), kind="flag", apply=lambda rows, _value: pages.overdue(rows)),
        Filter("is_repeat", gettext_lazy("Wrote before only"), kind="flag"),
    ]


@door(rules.takes_part, methods=("GET",))
def register_list(request: HttpRequest) -> HttpResponseBase:
    """The register: filtered, sorted, exported; never with who petitions."""
    fields = queries.fields(on=clock.today())
    page = ListPage(
        request,
        name="general_office.petitions",
        rows=pages.register(clock.today()),
        columns=_columns(dict(fields)),
        filters=_filters(fields),
        search=pages.find,
        order=("-received_on", "-id"),
        caption=_("Register of petitions"),
        row_css=lambda row: "is-late" if row["due_on_lateness"] == "RED" else "",
        empty={
            "symbol": "messages",
            "title": _("No petition here"),
            "text": _("Petitions appear here once they reach you; what is about you or your unit never does."),
        },
    )
    return page.respond(f"{TEMPLATES}register.html", {"trail": trail(("", _("Register")))})


# --- One petition ----------------------------------------------------------------------------------------------------
@door(rules.takes_part, methods=("GET",))
def petition(request: HttpRequest, petition_id: int) -> HttpResponse:
    """One petition: what is asked of me, by when, what was written, what happened."""
    found, by, at = seen(petition_id), actor_of(request), clock.now()
    was_read(request, guard_id=found.guard_id, label=found.guard.label, subject=f"{terms.SUBJECT}:{found.pk}")
    context = pages.page(found, by=by, at=at)
    context["trail"] = trail(petition=found)
    response = render(request, f"{TEMPLATES}petition.html", context)
    response["Cache-Control"] = "no-store"
    return response


@door(rules.may_register)
def register(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Give it its number and neutral title."""
    found = seen(petition_id)
    if found.number:
        return redirect("general_office:petition", found.pk)
    form = RegisterForm(request.POST or None, petition=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register(petition_id=found.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Registered as %(number)s.") % {"number": made.number})
            return redirect("general_office:petition", made.pk)
    return _form(request, form, found, _("Register the petition"), _("Register"))


@door(rules.may_register)
def correct(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Set registration right."""
    found = seen(petition_id)
    form = CorrectForm(request.POST or None, petition=found)
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        version = changes.pop("version")
        try:
            services.correct(
                petition_id=found.pk, changes=changes, seen_version=version, by=actor_of(request), at=clock.now()
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Corrected."))
            return redirect("general_office:petition", found.pk)
    return _form(request, form, found, _("Correct the registration"), _("Save"))


def _form(request: HttpRequest, form: Any, found: Petition, title: str, submit: str) -> HttpResponse:
    context = {
        "form": form,
        "petition": found,
        "title": title,
        "submit": submit,
        "back": reverse("general_office:petition", args=[found.pk]),
        "trail": trail(("", title), petition=found),
        "texts": [one for one in queries.texts(found.pk, actor_of(request)) if one["is_shown"]],
        "widths": {"title": "full", "subject_unit_id": "half", "subject_person_id": "half"},
    }
    return render(request, f"{TEMPLATES}form.html", context, status=422 if form.errors else 200)
