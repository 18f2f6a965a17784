"""Pages: what expires, the year's lists, undefined matters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.classification import queries as levels
from chancery.departments.general_office.confidential_work.classification import terms
from chancery.departments.general_office.confidential_work.classification.views import desk_trail as trail
from chancery.departments.general_office.confidential_work.classification.views import level_column
from chancery.departments.general_office.confidential_work.review import queries, rules, services
from chancery.departments.general_office.confidential_work.review.forms import EntryForm
from chancery.departments.general_office.confidential_work.review.terms import REVIEW_TONES, ReviewState
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage

LIST = "general_office/confidential_work/classification/list.html"


@door(staff, methods=("GET",))
def expiry(request: HttpRequest) -> HttpResponseBase:
    """Levels in force by their last day."""
    today = clock.today()
    page = ListPage(
        request,
        name="general_office.classification_expiry",
        rows=queries.expiring(today).values(
            "id", "title", "target", "level", "until", "until_lateness", "condition", "unit__name_en", "unit__name_zh"
        ),
        columns=[
            Column(
                "title",
                gettext_lazy("What"),
                is_main=True,
                style="cut",
                link=lambda row: reverse("general_office:classification", args=[row["id"]]),
            ),
            level_column(),
            Column("until", gettext_lazy("Until"), kind="deadline", sort="until"),
            Column("condition", gettext_lazy("Or until"), style="cut"),
            Column("unit__name", gettext_lazy("Unit"), kind="words", style="cut"),
        ],
        filters=[
            Filter("target", gettext_lazy("Target"), choices=terms.Target.choices),
            Filter("until", gettext_lazy("Until"), kind="date_range"),
        ],
        search=("title",),
        order=("until", "id"),
        caption=_("What expires"),
        empty={"symbol": "clock", "title": _("Nothing is classified"), "text": _("Levels in force stand here.")},
    )
    note = _("A level ends by itself on the day after its last; an extension is proposed before that.")
    return page.respond(LIST, {"heading": _("What expires"), "trail": trail((None, _("What expires"))), "note": note})


@door(staff, methods=("GET",))
def reviews(request: HttpRequest) -> HttpResponseBase:
    """The year's lists of every unit one answers for."""
    by = actor_of(request)
    today = clock.today()
    page = ListPage(
        request,
        name="general_office.reviews",
        rows=queries.reviews(today).values(
            "id", "year", "state", "due_on", "due_on_lateness", "total", "decided", "unit__name_en", "unit__name_zh"
        ),
        columns=[
            Column(
                "unit__name",
                gettext_lazy("Unit"),
                kind="words",
                is_main=True,
                link=lambda row: reverse("general_office:review", args=[row["id"]]),
            ),
            Column("year", gettext_lazy("Year"), style="tight", sort="year"),
            Column("decided", gettext_lazy("Decided"), kind="number"),
            Column("total", gettext_lazy("Levels"), kind="number"),
            Column("due_on", gettext_lazy("Due"), kind="deadline", sort="due_on"),
            Column(
                "state",
                gettext_lazy("State"),
                kind="badge",
                codes=dict(ReviewState.choices),
                tones={str(state): tone for state, tone in REVIEW_TONES.items()},
            ),
        ],
        filters=[
            Filter("state", gettext_lazy("State"), choices=ReviewState.choices),
            Filter(
                "late",
                gettext_lazy("Overdue"),
                kind="flag",
                apply=lambda rows, _value: rows.filter(state=ReviewState.OPEN, due_on__lt=today),
            ),
        ],
        order=("-year", "id"),
        caption=_("Yearly reviews"),
        empty={
            "symbol": "list-check",
            "title": _("No yearly review"),
            "text": _("A list opens each year for every unit that has levels in force."),
        },
    )
    context = {
        "may_open": bool(queries.is_officer(by)),
        "year": today.year,
        "trail": trail((None, _("Yearly reviews"))),
    }
    return page.respond("general_office/confidential_work/review/reviews.html", context)


@door(queries.is_officer, methods=("POST",))
def open_reviews(request: HttpRequest) -> HttpResponseBase:
    """Open the lists of this year that are missing."""
    by = actor_of(request)
    opened = services.open_reviews(year=clock.today().year, by=by, at=clock.now())
    messages.success(request, _("%(n)s lists opened.") % {"n": opened})
    return redirect("general_office:reviews")


def _levels_below(entry: Any) -> list[tuple[str, Any]]:
    of = entry.shown
    if of is None:
        return []
    choices = terms.CarrierLevel.choices if of.target == terms.Target.CARRIER else terms.HouseLevel.choices
    return [(code, words) for code, words in choices if rules.is_lower(of.target, code, of.level)]


@door(staff)
def review(request: HttpRequest, review_id: int) -> HttpResponseBase:
    """One list: each level kept, lowered or declassified by the unit; then the authority signs."""
    by = actor_of(request)
    of = queries.review(review_id)
    if of is None:
        raise Http404
    entries = queries.entries(review_id)
    is_of_unit = queries.is_of_unit(by, of.unit_id)
    asked = request.POST.get("entry", "")
    wrong = False
    for entry in entries:
        is_it = request.method == "POST" and asked == str(entry.pk)
        first = {"decision": entry.decision, "new_level": entry.new_level, "reason": entry.reason}
        form = EntryForm(
            request.POST if is_it else None, initial=first, levels=_levels_below(entry), prefix=f"e{entry.pk}"
        )
        entry.form = form  # type: ignore[attr-defined]  # for the page, not a column
        if is_it and form.is_valid():
            try:
                services.decide_entry(entry_id=entry.pk, by=by, at=clock.now(), **form.cleaned_data)
            except Refused as refusal:
                undo(request)
                refuse(form, refusal)
            else:
                messages.success(request, _("Noted."))
                return redirect(f"{reverse('general_office:review', args=[review_id])}#entry-{entry.pk}")
        wrong = wrong or (is_it and bool(form.errors))
    undecided = sum(1 for entry in entries if not entry.decision)
    took_part = {of.handed_in_person_id, *(entry.decided_person_id for entry in entries)}
    context = {
        "review": of,
        "entries": entries,
        "undecided": undecided,
        "state_tone": REVIEW_TONES[ReviewState(of.state)],
        "may_decide": is_of_unit and of.state == ReviewState.OPEN,
        "may_hand_in": bool(rules.may_hand_in(of.state, is_of_unit=is_of_unit, undecided=undecided)),
        "may_sign": bool(
            rules.may_sign(by, of.state, is_authority=levels.may_authorise(by, of.unit_id), took_part=took_part)
        ),
        "trail": trail((reverse("general_office:reviews"), _("Yearly reviews")), (None, of.year)),
    }
    status = 422 if wrong else 200
    return render(request, "general_office/confidential_work/review/review.html", context, status=status)


@door(staff, methods=("POST",))
def hand_in(request: HttpRequest, review_id: int) -> HttpResponseBase:
    """The unit is through."""
    by = actor_of(request)
    if queries.review(review_id) is None:
        raise Http404
    services.hand_in(review_id=review_id, by=by, at=clock.now())
    messages.success(request, _("Handed in. The classification authority signs."))
    return redirect("general_office:review", review_id)


@door(staff, methods=("POST",))
def sign(request: HttpRequest, review_id: int) -> HttpResponseBase:
    """The authority signs."""
    by = actor_of(request)
    if queries.review(review_id) is None:
        raise Http404
    services.sign(review_id=review_id, note=request.POST.get("note", ""), by=by, at=clock.now())
    messages.success(request, _("Signed. What was to be lowered or declassified is."))
    return redirect("general_office:review", review_id)
