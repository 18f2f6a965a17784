"""Pages of absence: who is away, declaring, coming back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.columns import Column
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import ListPage
from chancery.foundations.words import words
from chancery.kernel.access import terms
from chancery.kernel.access.absence import queries, services
from chancery.kernel.access.absence.forms import AbsenceForm
from chancery.kernel.access.absence.terms import scope_name
from chancery.kernel.access.roles.rules import holds_role


@door(staff, methods=("GET",))
def absences(request: HttpRequest) -> HttpResponseBase:
    """Who is away now and soon, who stands in; one's own can be ended here."""
    by = actor_of(request)
    past = request.GET.get("past") == "1"
    is_admin = bool(holds_role(by, terms.ACCESS_ADMIN))
    today = clock.today()

    def mine(row: Any) -> bool:
        return is_admin or by.person_id in {row["absent_person_id"], row["declared_by_person_id"]}

    def state(row: Any) -> str:
        if row["cancelled_at"]:
            return _("cancelled")
        if row["ends_on"] < today:
            return _("over")
        return _("away") if row["starts_on"] <= today else _("coming")

    page = ListPage(
        request,
        name="access.absences",
        rows=queries.absences(today, past=past),
        columns=[
            Column(
                "absent_person",
                gettext_lazy("Away"),
                kind="words",
                is_main=True,
                value=lambda row: words(row, "absent_person") or "—",
            ),
            Column(
                "absent", gettext_lazy("Post"), value=lambda row: f"{words(row, 'absent')}, {words(row, 'absent_unit')}"
            ),
            Column("starts_on", gettext_lazy("First day away"), kind="date", sort=("starts_on", "id")),
            Column("ends_on", gettext_lazy("Last day away"), kind="date", sort=("ends_on", "id")),
            Column(
                "deputy",
                gettext_lazy("Deputy"),
                value=lambda row: f"{words(row, 'deputy')}, {words(row, 'deputy_unit')}",
            ),
            Column(
                "scopes",
                gettext_lazy("For"),
                value=lambda row: ", ".join(map(scope_name, row["scopes"])) if row["scopes"] else _("all work"),
            ),
            Column("state", gettext_lazy("State"), value=state),
            Column("reason", gettext_lazy("Reason"), value=lambda row: row["reason"] if mine(row) else ""),
            Column(
                "id",
                "",
                value=lambda row: _("End") if mine(row) else "",
                is_shown=not past,
                link=lambda row: reverse("access:end_absence", args=[row["id"]]) if mine(row) else "",
            ),
        ],
        search=_find,
        order=("starts_on", "id"),
        caption=gettext_lazy("Absences"),
        empty={"symbol": "plane-departure", "title": gettext_lazy("Nobody is away.")},
    )
    return page.respond("access/absences.html", {"past": past, "is_admin": is_admin})


def _find(rows: Any, typed: str) -> Any:
    return rows.filter(
        Q(absent_person__name_en__icontains=typed)
        | Q(absent_person__name_zh__icontains=typed)
        | Q(absent_post__title_en__icontains=typed)
        | Q(absent_post__title_zh__icontains=typed)
    )


@door(staff)
def declare(request: HttpRequest) -> HttpResponse:
    """Declare one's own absence, or (access administrators, `?for=another`) somebody else's."""
    by, wardrobe = actor_of(request), request.wardrobe  # type: ignore[attr-defined]  # set by ActorMiddleware
    another = request.GET.get("for") == "another" and bool(holds_role(by, terms.ACCESS_ADMIN))
    own = [(hat.post_id, f"{hat.title}, {hat.unit}") for hat in wardrobe.hats]
    initial = {"starts_on": clock.today(), "absent_post": None if another else by.post_id}
    form = AbsenceForm(request.POST or None, own=own, for_another=another, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.declare_absence(
                absent_post_id=said["absent_post"],
                deputy_post_id=said["deputy_post"],
                starts_on=said["starts_on"],
                ends_on=said["ends_on"],
                scopes=said["scopes"] or None,
                reason=said["reason"],
                by=by,
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("The absence is entered. The deputy sees and may do the work from the first day on.")
            )
            return redirect("access:absences")
    trail = [(reverse("access:absences"), _("Absence and deputies")), ("", _("Declare an absence"))]
    return render(request, "access/absence_form.html", {"form": form, "trail": trail, "another": another})


@door(staff)
def end(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Come back: the deputy's powers end at once."""
    by = actor_of(request)
    if request.method == "POST":
        services.come_back(absence_id=absence_id, by=by, at=clock.now())
        messages.success(request, _("The absence has ended; the deputy no longer stands in."))
        return redirect("access:absences")
    row = queries.absences(clock.today()).filter(pk=absence_id).first()
    facts = []
    if row:
        facts = [
            (_("Away"), words(row, "absent_person")),
            (_("Post"), f"{words(row, 'absent')}, {words(row, 'absent_unit')}"),
            (_("Days"), f"{row['starts_on'].isoformat()} – {row['ends_on'].isoformat()}"),
            (_("Deputy"), f"{words(row, 'deputy')}, {words(row, 'deputy_unit')}"),
        ]
    trail = [(reverse("access:absences"), _("Absence and deputies")), ("", _("End an absence"))]
    return render(request, "access/absence_end.html", {"facts": facts, "trail": trail})
