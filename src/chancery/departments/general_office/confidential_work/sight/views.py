"""Pages of sight: ask about a person or a thing; the reading log."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.classification.views import desk_trail as trail
from chancery.departments.general_office.confidential_work.sight import queries, services
from chancery.departments.general_office.confidential_work.sight.forms import AskForm
from chancery.departments.general_office.confidential_work.sight.rules import may_ask
from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import column, words
from chancery.kernel.access.readings.queries import readings as all_readings
from chancery.kernel.access.readings.terms import How
from chancery.kernel.directory.models import Person
from chancery.kernel.records.models import SearchEntry


def _trail(*more: tuple[str | None, Any]) -> list[tuple[str | None, Any]]:
    return trail((reverse("general_office:sight"), _("Who may see what")), *more)


@door(may_ask, methods=("GET",))
def sight(request: HttpRequest) -> HttpResponseBase:
    """Choose a person to ask about."""
    form = AskForm(request.GET or None)
    if request.GET and form.is_valid():
        return redirect("general_office:sight_person", form.cleaned_data["person"])
    return render(
        request,
        "general_office/confidential_work/sight/ask.html",
        {"form": form, "trail": trail((None, _("Who may see what")))},
    )


@door(may_ask, methods=("GET",))
def sight_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """What a person may see, under every hat; titles only where the asker may see them too."""
    by = actor_of(request)
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Http404
    services.note_question(act="sight.asked_person", subject=f"directory.person:{person_id}", by=by, at=clock.now())
    context = {
        "person": person,
        "hats": queries.of_person(person_id, by=by),
        "trail": _trail((None, words(person))),
    }
    return render(request, "general_office/confidential_work/sight/person.html", context)


@door(may_ask, methods=("GET",))
def sight_thing(request: HttpRequest) -> HttpResponseBase:
    """Who may see a thing: `?thing=label.model:pk` for one the asker sees, `?guard=` for one known by its code name."""
    by = actor_of(request)
    asked = request.GET.get("guard", "")
    guard_id = int(asked) if asked.isdecimal() and len(asked) < 18 else queries.guard_of(request.GET.get("thing", ""))
    rows = queries.of_guard(guard_id) if guard_id is not None else []
    if guard_id is None or not rows:
        raise Http404
    services.note_question(act="sight.asked_thing", subject=f"access.guard:{guard_id}", by=by, at=clock.now())
    name = queries.named([guard_id])[guard_id]["name"]
    context = {
        "name": name,
        "rows": rows,
        "people": len({row["person"] for row in rows}),
        "readings_address": f"{reverse('general_office:readings')}?guard={guard_id}",
        "trail": _trail((None, name)),
    }
    return render(request, "general_office/confidential_work/sight/thing.html", context)


@door(staff, methods=("GET",))
def readings(request: HttpRequest) -> HttpResponseBase:
    """The reading log: one's own; the unit's for whoever heads it; all of it for confidential work and audit."""
    by = actor_of(request)
    title = SearchEntry.objects.filter(guard_id=OuterRef("guard_id")).order_by("-id")
    rows = all_readings().annotate(
        what=Subquery(title.values(column("title"))[:1]), other=Subquery(title.values("title_zh")[:1])
    )
    page = ListPage(
        request,
        name="general_office.readings",
        rows=rows.values(
            "id", "at", "guard_id", "label", "how", "subject", "what", "other", "person__name_en", "person__name_zh",
            "post__title_en", "post__title_zh", "post__unit__name_en", "post__unit__name_zh",
        ),
        columns=[
            Column(
                "what",
                gettext_lazy("What"),
                is_main=True,
                style="cut",
                value=lambda row: row["what"] or row["other"] or queries.code_name(row["guard_id"]),
            ),
            Column("person__name", gettext_lazy("Who"), kind="words", style="tight"),
            Column("post__title", gettext_lazy("Hat"), kind="words", style="cut"),
            Column("post__unit__name", gettext_lazy("Unit"), kind="words", style="cut", is_shown=False),
            Column("how", gettext_lazy("How"), codes=dict(How.choices), style="tight"),
            Column("label", gettext_lazy("Label"), style="tight", value=lambda row: queries.label_words(row["label"])),
            Column("at", gettext_lazy("When"), kind="datetime", sort="at"),
            Column("subject", gettext_lazy("Reference"), style="tight", is_shown=False),
        ],
        filters=[
            Filter("how", gettext_lazy("How"), choices=How.choices),
            Filter("at", gettext_lazy("When"), kind="date_range", lookup="at__date"),
            Filter("guard", gettext_lazy("Thing no."), kind="text", apply=_of_guard),
        ],
        search=("person__name_en", "person__name_zh"),
        order=("-at", "-id"),
        caption=_("Reading log"),
        empty={
            "symbol": "eye",
            "title": _("Nobody read anything restricted"),
            "text": _("Pages and files of restricted things leave a line here when they are opened."),
        },
    )  # fmt: skip
    if "export" in request.GET and may_ask(by):
        services.note_question(act="sight.exported", subject="access.reading:all", by=by, at=clock.now())
    context = {
        "heading": _("Reading log"),
        "trail": trail((None, _("Reading log"))),
        "beside": [(reverse("general_office:sight"), _("Who may see what"))] if may_ask(by) else [],
    }
    return page.respond("general_office/confidential_work/classification/list.html", context)


def _of_guard(rows: Any, value: str) -> Any:
    return rows.filter(guard_id=int(value)) if value.isdecimal() and len(value) < 18 else rows.none()
