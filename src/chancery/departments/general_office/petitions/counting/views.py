"""Pages of counting: figures and reports, what was released, recommendations, what rises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.counting import queries, rules, services
from chancery.departments.general_office.petitions.counting.forms import AnswerForm, RecommendForm, SeenForm
from chancery.departments.general_office.petitions.counting.papers import queries as papers
from chancery.departments.general_office.petitions.counting.register.queries import (
    recommendation_of,
    recommendation_rows,
    warning_of,
    warning_rows,
)
from chancery.departments.general_office.petitions.counting.showing.queries import figures_page, warned_of
from chancery.departments.general_office.petitions.counting.terms import ADOPTED_TONES, Adopted, Rising
from chancery.departments.general_office.petitions.views import trail
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff, undo
from chancery.foundations.web.exports import KINDS
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.publishing.notices import rules as notices

TEMPLATES = "general_office/petitions/counting/"
MAKERS: dict[str, tuple[Callable[[dict[str, Any]], bytes], str]] = {
    "pdf": (papers.as_pdf, "application/pdf"),
    "xlsx": (papers.as_workbook, KINDS["xlsx"]),
}


def _file(report: dict[str, Any], name: str, kind: str) -> HttpResponse:
    if kind not in MAKERS:
        raise Http404
    make, media = MAKERS[kind]
    response = HttpResponse(make(report), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


# --- Figures ---------------------------------------------------------------------------------------------------------
@door(rules.may_count, methods=("GET",))
def figures(request: HttpRequest) -> HttpResponse:
    """A year, quarter or month, beside another: tables and charts of what one's post may see."""
    context = figures_page(request.GET, actor_of(request))
    context["trail"] = trail(("", _("Figures")))
    return render(request, f"{TEMPLATES}figures.html", context)


@door(rules.may_count, methods=("GET",))
def report(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """The yearly report of what one's post may see, as PDF or workbook."""
    if year not in queries.years():
        raise Http404
    begin, end = queries.span(year, "")
    today = clock.today()
    found = queries.figures(begin, end, today=today)
    earlier = queries.figures(*queries.before(begin, end, "year"), today=today)
    return _file(papers.exact(found, earlier, year), f"petitions-{year}", kind)


@door(rules.may_release, methods=("POST",))
def release(request: HttpRequest, year: int) -> HttpResponse:
    """Release a year's figures to everybody."""
    services.release_year(year=year, by=actor_of(request), at=clock.now())
    messages.success(request, _("Released: everybody of the house may see it now."))
    return redirect("general_office:petition_releases")


@door(staff, methods=("GET",))
def released(request: HttpRequest) -> HttpResponse:
    """What was released, year by year."""
    every = queries.releases()
    asked = request.GET.get("year", "")
    chosen = next((one for one in every if str(one.year) == asked), every[0] if every else None)
    by = actor_of(request)
    context = {
        "releases": every,
        "chosen": chosen,
        "years": [one.year for one in every],
        "year": chosen.year if chosen else None,
        "report": papers.shown(chosen) if chosen else None,
        "may_notice": chosen is not None
        and not queries.has_notice(chosen)
        and bool(notices.may_write(by, petitions.office_id())),
        "trail": trail(("", _("Released figures")), by=by),
    }
    return render(request, f"{TEMPLATES}released.html", context)


@door(staff, methods=("GET",))
def released_file(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """What was released of a year, as PDF or workbook."""
    found = queries.release(year)
    if found is None:
        raise Http404
    return _file(papers.shown(found), f"petitions-{year}-released", kind)


@door(staff, methods=("POST",))
def notice(request: HttpRequest, year: int) -> HttpResponse:
    """Begin the public notice; publication review decides."""
    try:
        services.draft_public_notice(year=year, by=actor_of(request), at=clock.now())
    except services.NoSuchThing:
        raise Http404 from None
    messages.success(request, _("The notice was begun: send it to publication review."))
    return redirect("general_office:petition_releases")


# --- Recommendations -------------------------------------------------------------------------------------------------
@door(rules.sees_recommendations, methods=("GET",))
def recommendations(request: HttpRequest) -> HttpResponseBase:
    """Recommendations: to one's unit, or all of them for petition staff."""

    def address(row: Any) -> str:
        return reverse("general_office:petition_recommendation", args=[row["id"]])

    fields = dict(petitions.fields(on=clock.today()))
    page = ListPage(
        request,
        name="general_office.petition_recommendations",
        rows=recommendation_rows(),
        columns=[
            Column("title", gettext_lazy("Recommendation"), is_main=True, style="cut", link=address),
            Column("unit__name", gettext_lazy("Unit"), style="cut", value=lambda row: words(row, "unit__name")),
            Column("field", gettext_lazy("Subject field"), codes=fields, style="tight"),
            Column("made_at", gettext_lazy("Made"), kind="datetime", sort="made_at"),
            Column("due_on", gettext_lazy("Answer by"), kind="date", sort="due_on"),
            Column("state", gettext_lazy("Adopted"), kind="badge", codes=dict(Adopted.choices), tones=ADOPTED_TONES),
        ],
        filters=[Filter("state", gettext_lazy("Adopted"), choices=Adopted.choices)],
        search=("title",),
        order=("-made_at", "-id"),
        caption=_("Recommendations to units"),
        empty={"symbol": "speakerphone", "title": _("No recommendation"), "text": ""},
    )
    context = {
        "title": _("Recommendations to units"),
        "trail": trail(("", _("Recommendations")), by=actor_of(request)),
        "may_recommend": bool(rules.may_recommend(actor_of(request))),
    }
    return page.respond(f"{TEMPLATES}recommendations.html", context)


@door(rules.may_recommend)
def recommend(request: HttpRequest) -> HttpResponse:
    """Recommend something to a unit."""
    form = RecommendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.recommend(**form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Made: the head of the unit is told."))
            return redirect("general_office:petition_recommendation", made.pk)
    return _form(request, form, _("Recommend something to a unit"), _("Recommend"))


def _form(request: HttpRequest, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    page = reverse("general_office:petition_recommendations")
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "back": page,
        "trail": trail((page, _("Recommendations")), ("", title), by=actor_of(request)),
        **more,
    }
    return render(request, f"{TEMPLATES}form.html", context, status=422 if form.errors else 200)


@door(rules.sees_recommendations)
def recommendation(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    """One recommendation, and the unit's answer."""
    found, by = recommendation_of(recommendation_id), actor_of(request)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None) if rules.may_answer(by, found) else None
    if request.method == "POST":
        rules.may_answer(by, found).demand()
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            services.answer_recommendation(recommendation_id=found.pk, **form.cleaned_data, by=by, at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect("general_office:petition_recommendation", found.pk)
    context = {"advice": found, "tone": ADOPTED_TONES[found.state], "is_asked": form is not None}
    return _form(request, form or AnswerForm(), found.title, _("Answer"), **context)


# --- What rises ------------------------------------------------------------------------------------------------------
@door(rules.may_count, methods=("GET",))
def warnings(request: HttpRequest) -> HttpResponseBase:
    """Subjects that rise, and what came of them."""
    page = ListPage(
        request,
        name="general_office.petition_warnings",
        rows=warning_rows(),
        columns=[
            Column("rising", gettext_lazy("What rises"), codes=dict(Rising.choices), style="tight"),
            Column("field", gettext_lazy("Subject"), is_main=True, value=warned_of,
                   link=lambda row: reverse("general_office:petition_warning", args=[row["id"]])),
            Column("from_on", gettext_lazy("From"), kind="date"),
            Column("until_on", gettext_lazy("To"), kind="date", sort="until_on"),
            Column("count", gettext_lazy("Petitions"), kind="number", sort="count"),
            Column("mean", gettext_lazy("Mean before"), kind="number"),
            Column("seen_at", gettext_lazy("Looked into"), kind="datetime"),
            Column("seen_note", gettext_lazy("What came of it"), style="cut"),
        ],
        order=("-until_on", "-id"),
        caption=_("Rising subjects"),
        empty={"symbol": "chart-line", "title": _("Nothing rises"), "text": ""},
    )  # fmt: skip
    context = {"title": _("Rising subjects"), "trail": trail(("", _("Rising subjects")))}
    return page.respond("general_office/petitions/list.html", context)


@door(rules.may_count)
def warning(request: HttpRequest, warning_id: int) -> HttpResponse:
    """One rising subject: look into it, and say what comes of it."""
    found = warning_of(warning_id)
    if found is None:
        raise Http404
    row = {"rising": found.rising, "field": found.field, "unit__name_en": getattr(found.unit, "name_en", ""),
           "unit__name_zh": getattr(found.unit, "name_zh", "")}  # fmt: skip
    form = SeenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.look_into(warning_id=found.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Noted."))
            return redirect("general_office:petition_warnings")
    page = reverse("general_office:petition_warnings")
    context = {
        "form": form,
        "warning": found,
        "title": warned_of(row),
        "submit": _("Looked into"),
        "may_look": found.seen_at is None and bool(rules.may_recommend(actor_of(request))),
        "back": page,
        "trail": trail((page, _("Rising subjects")), ("", warned_of(row))),
    }
    return render(request, f"{TEMPLATES}warning.html", context, status=422 if form.errors else 200)
