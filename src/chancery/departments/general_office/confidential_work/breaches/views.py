"""Pages of breaches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.breaches import queries, rules, services
from chancery.departments.general_office.confidential_work.breaches.forms import (
    BreachForm,
    MeasuresForm,
    MoreForm,
    ReportedForm,
    ResultForm,
)
from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.breaches.terms import STATE_TONES, State, What
from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.carriers.views import TEMPLATES, trail
from chancery.departments.general_office.confidential_work.forms import Act, answer
from chancery.departments.general_office.confidential_work.rules import keeps_secrets
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal.queries import timeline
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage


@door(staff, methods=("GET",))
def breaches(request: HttpRequest) -> HttpResponseBase:
    """Breaches: all for officer and authority, one's own reports for others."""
    page = ListPage(
        request,
        name="general_office.breaches",
        rows=queries.listed(),
        columns=[
            Column("number", gettext_lazy("Number"), is_main=True, link=_address, sort="number"),
            Column("what", gettext_lazy("What happened"), codes=dict(What.choices), style="cut"),
            Column("alias", gettext_lazy("Alias of the carrier")),
            Column("found_at", gettext_lazy("When it was found"), kind="datetime", sort="found_at"),
            Column("due_at", gettext_lazy("To be reported by"), kind="datetime", sort="due_at"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(State.choices), tones=STATE_TONES),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=State.choices)],
        search=("number", "alias"),
        order=("-found_at", "-id"),
        caption=_("Breach reports"),
        empty={"symbol": "shield-check", "title": _("No breach is reported"), "text": ""},
    )
    links = [(reverse("general_office:breach_new"), _("Report a breach"), "alert-triangle")]
    return page.respond(
        f"{TEMPLATES}list.html",
        {"title": _("Breach reports"), "links": links, "trail": trail((None, _("Breach reports")))},
    )


def _address(row: Any) -> str:
    return reverse("general_office:breach", args=[row["id"]])


@door(staff)
def new(request: HttpRequest) -> HttpResponse:
    """Report a breach. `?copy=`: about a copy that one knows of."""
    by = actor_of(request)
    asked = request.GET.get("copy", "")
    copy = carriers.copy(int(asked)) if asked.isdecimal() and len(asked) < 18 else None
    first = {
        "found_at": timezone.localtime(clock.now()).replace(second=0, microsecond=0),
        "what": What.LOST if copy else What.OTHER,
        "alias": copy.carrier.alias if copy else "",
    }
    form = BreachForm(request.POST or None, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.report_breach(
                    **form.cleaned_data, copy_id=copy.pk if copy else None, by=by, at=clock.now()
                )
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("Reported. The confidential officer sees it now."))
                return redirect("general_office:breach", made.pk)
    back = reverse("general_office:confidential")
    context = {
        "form": form,
        "title": _("Report a breach"),
        "back": back,
        "trail": trail((None, _("Report a breach"))),
        "note": _("At once, even when you are not sure. Write nothing of the content."),
        "note_tone": "amber",
    }
    return render(request, f"{TEMPLATES}form.html", context, status=status)


@door(staff)
def breach(request: HttpRequest, breach_id: int) -> HttpResponse:
    """One breach: the clock, what was done, how it ended."""
    by = actor_of(request)
    found = queries.breach(breach_id)
    if found is None:
        raise Http404
    here = reverse("general_office:breach", args=[found.pk])
    matter = queries.matter_id(found.pk)
    context = {
        "title": _("Breach %(number)s") % {"number": found.number},
        "links": [(reverse("procedures:matter", args=[matter]), _("Its matter"), "route")] if matter else [],
        "marks": [(found.get_state_display(), STATE_TONES[found.state])],  # type: ignore[index]  # codes are the enum's
        "notes": _notes(found),
        "facts_title": found.get_what_display(),
        "facts": queries.facts(found),
        "entries": timeline(found) if keeps_secrets(by) or by.person_id == found.reporter_id else None,
        "trail": trail((reverse("general_office:breaches"), _("Breach reports")), (None, found.number)),
    }
    return answer(request, f"{TEMPLATES}page.html", context, _acts(found, by), here)


def _notes(found: Breach) -> list[tuple[str, str]]:
    if found.state != State.OPEN:
        return []
    if clock.now() > found.due_at:
        return [
            (
                "red",
                _("Overdue: it was to be reported to the authority by %(time)s.")
                % {"time": queries.time_words(found.due_at)},
            )
        ]
    return [("amber", _("To be reported to the authority by %(time)s.") % {"time": queries.time_words(found.due_at)})]


def _acts(found: Breach, by: Actor) -> list[Act]:
    """What waits for the actor in the procedure, and measures at any time."""
    at, pk = clock.now(), found.pk
    waiting = queries.task_of(pk, by)
    step = waiting[1] if waiting is not None else ""
    acts = []
    if step == "report" and rules.may_tell_authority(by, found):
        acts.append(
            Act(
                "report", _("Reported to the authority"),
                lambda said: services.tell_authority(breach_id=pk, reported_to=said["reported_to"], by=by, at=at),
                _("Noted."), form_class=ReportedForm, tone="main",
            )
        )  # fmt: skip
    if step == "close" and rules.may_close(by, found):
        acts += [
            Act(
                "close", _("Close with its result"),
                lambda said: services.close_breach(breach_id=pk, result=said["result"], by=by, at=at),
                _("Closed."), form_class=ResultForm, tone="main",
            ),
            Act(
                "more", _("More measures are needed"),
                lambda said: services.ask_more(breach_id=pk, note=said["opinion"], by=by, at=at),
                _("Noted."), form_class=MoreForm,
            ),
        ]  # fmt: skip
    if step == "remedy" and rules.may_note(by, found):
        acts.append(
            Act(
                "remedy", _("Measures taken"),
                lambda said: services.remedy(breach_id=pk, measures=said["measures"], by=by, at=at),
                _("Noted."), form_class=MeasuresForm, tone="main",
            )
        )  # fmt: skip
    elif rules.may_note(by, found):
        acts.append(
            Act(
                "measures", _("Add measures"),
                lambda said: services.note_measures(breach_id=pk, measures=said["measures"], by=by, at=at),
                _("Noted."), form_class=MeasuresForm,
            )
        )  # fmt: skip
    return acts
