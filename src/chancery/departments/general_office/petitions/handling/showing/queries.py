"""Blocks of a petition's page and of its matter's, lines of the hub."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.terms import Line
from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions import terms
from chancery.departments.general_office.petitions.handling import queries, rules
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.models import (
    PetitionAssignment,
    PetitionDecision,
    PetitionMeeting,
)
from chancery.departments.general_office.petitions.handling.opinions import queries as opinions
from chancery.departments.general_office.petitions.handling.terms import ASKED_TONES, EXTENSION_SUBJECT, Asked
from chancery.departments.general_office.petitions.models import Petition, PetitionStage
from chancery.departments.general_office.petitions.terms import OPEN_STATES, Stage, State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.kernel.access.roles import queries as roles
from chancery.kernel.procedures.models import Task


def section(petition: Petition, by: Actor, at: dt.datetime) -> dict[str, Any] | None:
    """What was decided, to whom it was assigned, what was held, more time, opinions."""
    rows = PetitionAssignment.objects.select_related("unit", "post", "stage", "reason")
    found: dict[str, Any] = {
        "decisions": list(
            PetitionDecision.objects.select_related("to_unit", "person", "notice").filter(petition=petition)
        ),
        "assignments": list(rows.filter(stage__petition=petition).order_by("assigned_at", "id")),
        "meetings": list(
            PetitionMeeting.objects.select_related("person", "stage")
            .filter(stage__petition=petition)
            .order_by("at", "id")
        ),
        "more_time": [
            {"row": one, "reason": queries.words_of(one.reason), "tone": ASKED_TONES[one.state]}
            for one in clocks.extensions(petition.pk)
        ],
        "opinions": [opinions.shown(one) for one in opinions.all_of(petition.pk)],
    }
    return found if any(found.values()) else None


def actions(petition: Petition, by: Actor) -> list[tuple[str, Any, str]]:
    """The buttons at the head of a petition's page."""

    def address(name: str) -> str:
        return reverse(f"general_office:petition_{name}", args=[petition.pk])

    found: list[tuple[str, Any, str]] = []
    stage = clocks.running(petition.pk)
    decides = bool(petition_rules.may_decide(by, petition.guard.unit_id))
    if petition.state == State.UNDER_WAY and stage is not None:
        handles = bool(rules.may_handle(by, petition, stage))
        given = queries.assignment(stage.pk) if handles else None
        if given is not None and clock.today() <= given.refuse_until and queries.open_task(petition.pk, "handle"):
            found.append((address("send_back"), _("Not for us"), "arrow-back-up"))
        is_first = stage.stage == Stage.FIRST and not stage.extended_days and clock.today() <= stage.due_on
        if handles and is_first and not clocks.has_asked(stage.pk):
            found.append((address("more_time"), _("Ask for more time"), "clock-plus"))
        if handles or _has_it(by, petition):
            found.append((address("aside"), _("Step aside"), "user-off"))
        if decides and stage.stage == Stage.FIRST:
            found.append((address("reassign"), _("Assign to others"), "switch-horizontal"))
    if decides and petition.state in (State.TRANSFERRED, State.NOT_ACCEPTED):
        found.append((address("take_back"), _("Take back"), "arrow-back-up"))
    if decides and petition.state == State.CLOSED:
        until = queries.last_day_to_reopen(petition)
        if rules.may_reopen(petition, clock.today(), until, "-"):
            found.append((address("reopen"), _("Open again"), "refresh"))
    return found


def _has_it(by: Actor, petition: Petition) -> bool:
    if petition.matter_id is None or by.post_id is None:
        return False
    rows = Task.objects.filter(matter_id=petition.matter_id, done_at=None, key__isnull=False)
    return rows.filter(Q(post_id=by.post_id) | Q(doer_person_id=by.person_id)).exists() or any(
        by.post_id in roles.answering_posts(task.role, task.unit_id or 0)
        for task in rows.filter(post=None, unit__isnull=False)
    )


def desk(by: Actor, today: dt.date) -> list[Line]:
    """What waits on the hub: one question."""
    page = reverse("general_office:petition_list")
    stages = PetitionStage.objects.filter(answered_at=None, closed_at=None, petition__state__in=OPEN_STATES)
    n = stages.aggregate(
        paused=Count("id", filter=Q(pauses__until_on=None, pauses__id__isnull=False), distinct=True),
        more=Count("id", filter=Q(extensions__state=Asked.ASKED), distinct=True),
        second=Count("id", filter=~Q(stage=Stage.FIRST), distinct=True),
    )
    return [
        Line(_("Clock stopped: hearing, or the sender is asked"), n["paused"], f"{page}?state=UNDER_WAY", "blue"),
        Line(_("More time asked for"), n["more"], f"{page}?state=UNDER_WAY", "amber"),
        Line(_("In review or re-review"), n["second"], f"{page}?state=UNDER_WAY&stage=REVIEW", "violet"),
    ]


def panel(matter: Any, by: Actor) -> dict[str, Any]:
    """The petition beside the steps of its matter: facts, texts blacked out, the last opinion."""
    petition = petitions.petition(queries.petition_id_of(matter))
    if petition is None:
        return {}
    stage = clocks.running(petition.pk)
    opinion = opinions.latest(stage.pk) if stage else None
    asked = None
    if str(matter.subject).startswith(f"{EXTENSION_SUBJECT}:"):
        asked = clocks.extension(int(matter.subject.rpartition(":")[2]))
    return {
        "petition": petition,
        "petition_texts": petitions.texts(petition.pk, by),
        "petition_stage": stage,
        "petition_opinion": opinions.shown(opinion) if opinion else None,
        "petition_more_time": {"row": asked, "reason": queries.words_of(asked.reason)} if asked else None,
    }


def take_part() -> None:
    """Put the block, the buttons and the lines on their boards."""
    template = "general_office/petitions/handling/section.html"
    terms.register_section(terms.Section("handling", template, section, place=10))
    terms.register_actions("handling", actions)
    terms.register_desk("handling", desk)
