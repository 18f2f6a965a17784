"""Pages of undefined matters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.classification import queries as levels
from chancery.departments.general_office.confidential_work.classification.terms import Target, level_words
from chancery.departments.general_office.confidential_work.classification.views import desk_trail as trail
from chancery.departments.general_office.confidential_work.classification.views import level_column
from chancery.departments.general_office.confidential_work.review import queries, services
from chancery.departments.general_office.confidential_work.review.forms import AnswerForm, ReportForm, UndefinedForm
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words


@door(staff, methods=("GET",))
def undefined_matters(request: HttpRequest) -> HttpResponseBase:
    """Every undefined matter, with how its report stands."""
    today = clock.today()
    page = ListPage(
        request,
        name="general_office.undefined_matters",
        rows=queries.undefined(today).values(
            "id", "question", "name", "target", "provisional_level", "raised_at", "due_on", "due_on_lateness",
            "reported_at", "answered_at", "unit__name_en", "unit__name_zh",
        ),
        columns=[
            Column(
                "question",
                gettext_lazy("What is unclear"),
                is_main=True,
                style="cut",
                link=lambda row: reverse("general_office:undefined_matter", args=[row["id"]]),
            ),
            level_column("provisional_level"),
            Column("unit__name", gettext_lazy("Unit"), kind="words", style="cut"),
            Column("raised_at", gettext_lazy("Raised"), kind="datetime", sort="raised_at"),
            Column("due_on", gettext_lazy("To be reported by"), kind="deadline", sort="due_on"),
            Column("reported_at", gettext_lazy("Reported"), kind="datetime", sort="reported_at"),
            Column("answered_at", gettext_lazy("Decided"), kind="datetime"),
        ],
        filters=[
            Filter(
                "late",
                gettext_lazy("Overdue"),
                kind="flag",
                apply=lambda rows, _value: rows.filter(reported_at=None, due_on__lt=today),
            ),
            Filter(
                "open", gettext_lazy("Undecided"), kind="flag", apply=lambda rows, _value: rows.filter(answered_at=None)
            ),
        ],
        search=("question", "alias"),
        order=("-raised_at", "-id"),
        caption=_("Undefined matters"),
        empty={
            "symbol": "help",
            "title": _("Nothing is unclear"),
            "text": _("What nobody can classify is reported within some working days and kept meanwhile."),
        },
    )  # fmt: skip
    context = {
        "heading": _("Undefined matters"),
        "trail": trail((None, _("Undefined matters"))),
        "beside": [(reverse("general_office:undefined_new"), _("Raise one"))],
    }
    return page.respond("general_office/confidential_work/classification/list.html", context)


@door(staff)
def undefined_new(request: HttpRequest) -> HttpResponseBase:
    """Raise one, about what `?thing=` names or about a carrier."""
    by = actor_of(request)
    asked = request.GET.get("thing", "")[:120]
    thing = levels.thing(asked) if asked else None
    if asked and thing is None:
        raise Http404
    form = UndefinedForm(request.POST or None, has_thing=thing is not None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.raise_undefined(
                subject=thing.subject if thing else "",
                alias=given.get("alias") or "",
                question=given["question"],
                provisional_level=given["provisional_level"],
                by=by,
                at=clock.now(),
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Raised. It is to be reported by %(day)s.") % {"day": made.due_on.isoformat()})
            return redirect("general_office:undefined_matter", made.pk)
    context = {
        "form": form,
        "thing": thing,
        "back": reverse("general_office:undefined_matters"),
        "trail": trail((reverse("general_office:undefined_matters"), _("Undefined matters")), (None, _("Raise one"))),
    }
    status = 422 if form.errors else 200
    return render(request, "general_office/confidential_work/review/undefined_new.html", context, status=status)


@door(staff)
def undefined_matter(request: HttpRequest, undefined_id: int) -> HttpResponseBase:
    """One of them: report it, note what was decided."""
    by = actor_of(request)
    of = queries.undefined_matter(undefined_id)
    if of is None:
        raise Http404
    is_officer = bool(queries.is_officer(by))
    form: Any = None
    submit = ""
    if of.reported_at is None and (is_officer or by.person_id == of.raised_person_id):
        form, submit = ReportForm(request.POST or None), _("Note the report")
    elif of.reported_at is not None and of.answered_at is None and is_officer:
        form, submit = AnswerForm(request.POST or None), _("Note the decision")
    if request.method == "POST" and form is not None and form.is_valid():
        verb = services.report_undefined if of.reported_at is None else services.answer_undefined
        try:
            verb(undefined_id=of.pk, by=by, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Noted."))
            return redirect("general_office:undefined_matter", of.pk)
    thing = levels.thing(of.subject) if of.target == Target.THING else None
    facts = [
        (_("What is unclear"), of.question),
        (_("Alias"), of.alias),
        (_("Kept meanwhile at"), level_words(of.target, of.provisional_level)),
        (_("Unit"), words(of.unit, "name")),
        (_("Raised by"), words(of.raised_person) if of.raised_person else ""),
        (_("Raised"), of.raised_at),
        (_("To be reported by"), of.due_on),
        (_("Reported to"), of.reported_to),
        (_("Reported"), of.reported_at),
        (_("Decision"), of.answer),
    ]
    context = {
        "of": of,
        "thing": thing,
        "facts": [fact for fact in facts if fact[1]],
        "form": form,
        "submit": submit,
        "trail": trail((reverse("general_office:undefined_matters"), _("Undefined matters")), (None, of.pk)),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "general_office/confidential_work/review/undefined.html", context, status=status)
