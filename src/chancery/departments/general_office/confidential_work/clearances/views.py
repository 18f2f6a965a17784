"""Pages of cleared persons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.carriers.views import TEMPLATES, trail
from chancery.departments.general_office.confidential_work.clearances import queries, rules, services
from chancery.departments.general_office.confidential_work.clearances.forms import (
    AnswerForm,
    ExitForm,
    NoteForm,
    ProposalForm,
    TrainingForm,
)
from chancery.departments.general_office.confidential_work.clearances.models import PersonClearance
from chancery.departments.general_office.confidential_work.clearances.terms import (
    EXIT_TONES,
    STATE_TONES,
    ExitState,
    Kind,
    State,
)
from chancery.departments.general_office.confidential_work.forms import Act, ReasonForm, Table, answer
from chancery.departments.general_office.confidential_work.rules import is_authority, keeps_secrets
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal.queries import timeline
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words


@door(staff, methods=("GET",))
def clearances(request: HttpRequest) -> HttpResponseBase:
    """Cleared persons: all for officer and authority, one's own and those one proposed for others."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.clearances",
        rows=queries.listed(),
        columns=[
            Column("who", gettext_lazy("Person"), is_main=True, link=_address, value=lambda row: words(row, "who")),
            Column("kind", gettext_lazy("Kind"), codes=dict(Kind.choices), sort="kind"),
            Column("trained_on", gettext_lazy("Last trained on"), kind="date", sort="trained_on"),
            Column("review_on", gettext_lazy("Next review"), kind="deadline", sort="review_on"),
            Column("cooling_until", gettext_lazy("Cooling-off until"), kind="date", sort="cooling_until"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(State.choices), tones=STATE_TONES),
        ],
        filters=[
            Filter("state", gettext_lazy("State"), choices=State.choices),
            Filter("kind", gettext_lazy("Kind"), choices=Kind.choices),
            Filter("review_on", gettext_lazy("Next review"), kind="date_range"),
        ],
        search=("person__name_en", "person__name_zh"),
        order=("-proposed_at", "-id"),
        caption=_("Cleared persons"),
        empty={"symbol": "user-check", "title": _("Nobody is cleared"), "text": ""},
    )
    links = []
    if rules.may_propose(by):
        links.append((reverse("general_office:clearance_new"), _("Propose somebody"), "plus"))
    if keeps_secrets(by):
        links.append((reverse("general_office:clearance_leavings"), _("Leavers"), "logout"))
    return page.respond(
        f"{TEMPLATES}list.html",
        {"title": _("Cleared persons"), "links": links, "trail": trail((None, _("Cleared persons")))},
    )


def _address(row: Any) -> str:
    return reverse("general_office:clearance", args=[row["id"]])


@door(rules.may_propose)
def new(request: HttpRequest) -> HttpResponse:
    """Propose that somebody be cleared."""
    by = actor_of(request)
    form = ProposalForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = services.propose_clearance(
                    person_id=said["person"], kind=said["kind"], basis=said["basis"], trained_on=said["trained_on"],
                    by=by, at=clock.now(),
                )  # fmt: skip
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("The proposal goes to the classification authority."))
                return redirect("general_office:clearance", made.pk)
    back = reverse("general_office:clearances")
    context = {
        "form": form,
        "title": _("Propose a clearance"),
        "back": back,
        "trail": trail((back, _("Cleared persons")), (None, _("New"))),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=status)


@door(staff)
def clearance(request: HttpRequest, clearance_id: int) -> HttpResponse:
    """One cleared person."""
    by = actor_of(request)
    found = queries.clearance(clearance_id)
    if found is None:
        raise Http404
    here = reverse("general_office:clearance", args=[found.pk])
    context = {
        "title": words(found.person),
        "marks": [(found.get_state_display(), STATE_TONES[found.state])],  # type: ignore[index]  # codes are the enum's
        "facts_title": _("Clearance"),
        "facts": [
            (_("Kind"), found.get_kind_display()),
            (_("Basis"), found.basis),
            (_("Proposed by"), f"{words(found.proposed_person)} · {clock.date_of(found.proposed_at)}"),
            (_("Decided by"), _decided(found)),
            (_("Last trained on"), found.trained_on),
            (_("Next review"), found.review_on),
            *([(_("Ended on"), found.ended_on)] if found.ended_on else []),
            *([(_("Cooling-off until"), found.cooling_until)] if found.cooling_until else []),
            *([(_("Answer"), found.answer)] if found.answer else []),
        ],
        "tables": [_exits(found, by)],
        "entries": timeline(found) if keeps_secrets(by) or found.person_id == by.person_id else None,
        "trail": trail((reverse("general_office:clearances"), _("Cleared persons")), (None, words(found.person))),
    }
    return answer(request, f"{TEMPLATES}page.html", context, _acts(found, by), here)


def _decided(found: PersonClearance) -> str:
    if found.decided_person is None or found.decided_at is None:
        return ""
    return f"{words(found.decided_person)} · {clock.date_of(found.decided_at)}"


def _exits(found: PersonClearance, by: Actor) -> Table:
    heads = [_("Where to"), _("Purpose"), _("Days"), _("State")]
    states = dict(ExitState.choices)
    may = bool(is_authority(by)) and by.person_id != found.person_id
    rows = []
    for row in queries.exits(found.pk):
        cells = [
            {"text": row["where_to"]},
            {"text": row["purpose"]},
            {"text": f"{row['leaves_on']} – {row['returns_on']}"},
            {"text": states[row["state"]], "tone": EXIT_TONES[row["state"]]},
        ]
        one: dict[str, Any] = {"cells": [{**cell, "head": head} for cell, head in zip(cells, heads, strict=True)]}
        if may and row["state"] == ExitState.ASKED:
            action = reverse("general_office:clearance_exit", args=[row["id"]])
            one["acts"] = [
                {"label": _("Approve"), "action": action, "hidden": [("decision", "yes")], "of": row["where_to"]},
                {
                    "label": _("Refuse"),
                    "action": action,
                    "hidden": [("decision", "no")],
                    "of": row["where_to"],
                    "tone": "danger",
                },
            ]
        rows.append(one)
    return Table(_("Journeys abroad"), [*heads, *([""] if may else [])], rows, _("None was asked for."))


def _acts(found: PersonClearance, by: Actor) -> list[Act]:
    at = clock.now()
    pk = found.pk
    acts = []
    if rules.may_decide(by, found):
        acts += [
            Act(
                "grant", _("Grant"),
                lambda said: services.decide_clearance(
                    clearance_id=pk, approve=True, answer=said["answer"], by=by, at=at
                ),
                _("Granted."), form_class=AnswerForm, tone="main",
            ),
            Act(
                "refuse", _("Refuse"),
                lambda said: services.decide_clearance(
                    clearance_id=pk, approve=False, answer=said["answer"], by=by, at=at
                ),
                _("Refused."), form_class=AnswerForm, tone="danger",
            ),
        ]  # fmt: skip
    if rules.may_keep(by, found):
        acts += [
            Act(
                "training", _("Note a training"),
                lambda said: services.note_training(clearance_id=pk, on=said["trained_on"], by=by, at=at),
                _("The training is noted."), form_class=TrainingForm,
            ),
            Act(
                "review", _("Note a review"),
                lambda said: services.review_clearance(clearance_id=pk, note=said["note"], by=by, at=at),
                _("The review is noted, with the day of the next."), form_class=NoteForm,
            ),
            Act(
                "end", _("End the clearance"),
                lambda said: services.end_clearance(clearance_id=pk, reason=said["reason"], by=by, at=at),
                _("Ended; the cooling-off period runs."), form_class=ReasonForm, tone="danger",
            ),
        ]  # fmt: skip
    if rules.may_ask_exit(by, found):
        acts.append(
            Act(
                "exit", _("Ask leave to travel abroad"),
                lambda said: services.ask_exit(clearance_id=pk, **said, by=by, at=at),
                _("The classification authority decides before you leave."), form_class=ExitForm,
            )
        )  # fmt: skip
    return acts


@door(is_authority, methods=("POST",))
def decide_exit(request: HttpRequest, exit_id: int) -> HttpResponse:
    """Approve or refuse a journey."""
    by = actor_of(request)
    asked = services.decide_exit(exit_id=exit_id, approve=request.POST.get("decision") == "yes", by=by, at=clock.now())
    messages.success(request, _("Decided."))
    return redirect("general_office:clearance", asked.clearance_id)
