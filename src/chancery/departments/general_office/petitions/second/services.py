"""Asking for review, answering it, closing what nobody asked to review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.handling import services as handling
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.clocks.services import begin_stage, go_on, inscribe
from chancery.departments.general_office.petitions.handling.opinions import services as opinions
from chancery.departments.general_office.petitions.handling.terms import WhyEnded
from chancery.departments.general_office.petitions.models import Petition, PetitionStage
from chancery.departments.general_office.petitions.second import queries, rules
from chancery.departments.general_office.petitions.second.terms import NEXT, PROCEDURES
from chancery.departments.general_office.petitions.terms import Outcome, Part, Side, Stage, State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused


@service
def ask_review(*, petition_id: int, text: str, by: Actor, at: dt.datetime) -> PetitionStage:
    """The sender does not agree: review, or after it re-review, begins with its own clock. By the system's hand,
    behind a receipt code."""
    petition = petitions.locked(petition_id)
    queries.may_ask(petition, at).demand()
    rules.is_asked_with(text).demand()
    before = clocks.running(petition_id)
    assert before is not None  # noqa: S101 - the rule has refused
    stage = NEXT[Stage(before.stage)]
    petition = petitions.set_state(petition_id=petition_id, state=State.UNDER_WAY, by=by, at=at)
    made = begin_stage(petition=petition, stage=stage, by=by, at=at)
    petitions.add_text(petition_id=petition_id, part=Part.REVIEW_REQUEST, side=Side.PETITIONER, text=text, by=by, at=at)
    petition.due_on, petition.is_provisional, petition.stage = made.due_on, made.is_provisional, stage
    with acting_as(SYSTEM):
        matter = handling.open_petition_matter(petition=petition, procedure=PROCEDURES[stage], by=SYSTEM, at=at)
        made.matter = matter
        made.save(update_fields=["matter"])
    inscribe(act="petition.review_asked", petition=petition, data={"stage": stage, "due_on": made.due_on}, by=by, at=at)
    return made


@service
def demand_reviewer(*, petition_id: int, by: Actor, at: dt.datetime) -> PetitionStage:
    """The running review, for whoever may have it; it is noted who and which unit has."""
    petition = petitions.locked(petition_id)
    stage = clocks.running(petition_id)
    rules.may_review(
        by, petition, stage,
        former=queries.former_hands(petition_id, stage.pk if stage else 0),
        units=queries.former_units(petition_id, stage.pk if stage else 0),
    ).demand()  # fmt: skip
    assert stage is not None  # noqa: S101 - the rule has refused
    handling.note_hand(petition_id=petition_id, by=by, at=at)
    if stage.unit_id is None:
        stage.unit_id = by.body_id
        stage.save(update_fields=["unit"])
    return stage


@service
def answer_review(
    *, petition_id: int, outcome: str, data: Mapping[str, Any], by: Actor, at: dt.datetime
) -> PetitionStage:
    """Uphold, change, or return to be handled anew; after re-review it is closed for good."""
    stage = demand_reviewer(petition_id=petition_id, by=by, at=at)
    opinion = opinions.draft(petition_id=petition_id, data={**data, "outcome": outcome}, by=by, at=at)
    petition = petitions.locked(petition_id)
    if outcome == Outcome.RETURNED:
        _return(petition, stage, opinion, by, at)
    else:
        opinions.answer(petition=petition, stage=stage, opinion=opinion, by=by, at=at)
    if stage.stage == Stage.RE_REVIEW:
        stage.closed_at = at
        stage.save(update_fields=["closed_at"])
        petitions.set_state(petition_id=petition_id, state=State.FINAL, by=by, at=at)
    return stage


def _return(petition: Petition, stage: PetitionStage, opinion: Any, by: Actor, at: dt.datetime) -> None:
    """What was returned is answered too, and begins anew at once: with its own clock, assigned by the officer."""
    go_on(petition=petition, stage=stage, by=by, at=at)
    stage.answered_at, stage.answered_on, stage.outcome = at, clock.date_of(at), Outcome.RETURNED
    stage.closed_at = at
    stage.save(update_fields=["answered_at", "answered_on", "outcome", "closed_at"])
    opinions.close_opinion(opinion=opinion, by=by, at=at)
    opinions.end_hands(stage=stage, why=WhyEnded.ANSWERED, by=by, at=at)
    inscribe(act="petition.review_returned", petition=petition, data={"round": stage.round}, by=by, at=at)
    handling.handle_again(petition=petition, by=by, at=at)


@service
def close_answered(*, by: Actor, at: dt.datetime) -> int:
    """Answered petitions whose days to ask for review are over are closed; how many. By the night's hand."""
    if not by.is_system:
        raise Refused(_("This is done by the clock."))
    closed = 0
    waiting = Petition.objects.filter(state=State.ANSWERED).order_by("id").values_list("pk", flat=True)
    # All are held before anything is written.
    for petition in [petitions.locked(one) for one in list(waiting)]:
        pk = petition.pk
        if petition.state == State.ANSWERED and not queries.may_ask(petition, at):
            petitions.set_state(petition_id=pk, state=State.CLOSED, reason=str(_("Review period over")), by=by, at=at)
            closed += 1
    return closed
