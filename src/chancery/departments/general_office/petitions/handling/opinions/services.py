"""Drafting, returning, approving an opinion; with approval the sender is told and the stage is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.clocks.services import go_on, inscribe
from chancery.departments.general_office.petitions.handling.models import PetitionAssignment, PetitionOpinion
from chancery.departments.general_office.petitions.handling.opinions import queries, rules
from chancery.departments.general_office.petitions.handling.rules import is_written
from chancery.departments.general_office.petitions.handling.terms import PARTS, Drafted, WhyEnded
from chancery.departments.general_office.petitions.models import Petition, PetitionHand, PetitionStage
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import Outcome, Part, Side, State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused

_PART = {part: Part[f"OPINION_{part.upper()}"] for part in PARTS}


def demand_stage(petition_id: int) -> PetitionStage:
    """The stage that runs."""
    stage = clocks.running(petition_id)
    if stage is None or stage.answered_at is not None:
        raise WrongState(_("This petition is not being handled now."))
    return stage


@service
def draft(*, petition_id: int, data: Mapping[str, Any], by: Actor, at: dt.datetime) -> PetitionOpinion:
    """Keep the five texts, sealed, as the next opinion of the running stage. Who may was asked by the step."""
    petition = petitions.locked(petition_id)
    stage = demand_stage(petition_id)
    rules.is_whole(data, queries.ends_of(petition, stage), was_settled=queries.was_settled(stage.pk)).demand()
    texts = {}
    for part in PARTS:
        try:
            texts[part] = petitions.add_text(
                petition_id=petition_id, part=_PART[part], side=Side.OFFICE, text=str(data[part]), by=by, at=at
            )
        except Refused as refusal:
            refusal.field = part
            raise
    last = queries.latest(stage.pk)
    assert by.person_id is not None  # noqa: S101 - only people draft
    made = PetitionOpinion.objects.create(
        stage=stage, number=last.number + 1 if last else 1, **texts, outcome=Outcome(data["outcome"]), drafted_at=at,
        person_id=by.person_id, post_id=by.post_id, unit_id=by.body_id,
    )  # fmt: skip
    inscribe(
        act="petition.opinion_drafted",
        petition=petition,
        data={"stage": stage.stage, "number": made.number},
        by=by,
        at=at,
    )
    return made


@service
def send_back(*, petition_id: int, note: str, by: Actor, at: dt.datetime) -> PetitionOpinion:
    """Back to the handler, with what is to be done; sealed like every text."""
    petition = petitions.locked(petition_id)
    opinion = queries.latest(demand_stage(petition_id).pk)
    rules.may_approve(by, opinion).demand()
    assert opinion is not None  # noqa: S101 - the rule has refused
    is_written(note, "note").demand()
    petitions.add_text(petition_id=petition_id, part=Part.NOTE, side=Side.OFFICE, text=note, by=by, at=at)
    opinion.state, opinion.decided_at, opinion.decided_person_id = Drafted.RETURNED, at, by.person_id
    opinion.save(update_fields=["state", "decided_at", "decided_person"])
    inscribe(act="petition.opinion_returned", petition=petition, data={"number": opinion.number}, by=by, at=at)
    return opinion


@service
def approve(*, petition_id: int, by: Actor, at: dt.datetime) -> PetitionOpinion:
    """Approve what another wrote: the stage is answered."""
    petition = petitions.locked(petition_id)
    stage = demand_stage(petition_id)
    opinion = queries.latest(stage.pk)
    rules.may_approve(by, opinion).demand()
    assert opinion is not None  # noqa: S101 - the rule has refused
    return answer(petition=petition, stage=stage, opinion=opinion, by=by, at=at)


@service
def answer(
    *, petition: Petition, stage: PetitionStage, opinion: PetitionOpinion, by: Actor, at: dt.datetime
) -> PetitionOpinion:
    """The opinion stands: told to the sender, the stage answered, nothing runs any more."""
    close_opinion(opinion=opinion, by=by, at=at)
    go_on(petition=petition, stage=stage, by=by, at=at)
    stage.answered_at, stage.answered_on, stage.outcome = at, clock.date_of(at), opinion.outcome
    stage.save(update_fields=["answered_at", "answered_on", "outcome"])
    end_hands(stage=stage, why=WhyEnded.ANSWERED, by=by, at=at)
    if petition.state != State.ANSWERED:
        petitions.set_state(petition_id=petition.pk, state=State.ANSWERED, outcome=opinion.outcome, by=by, at=at)
    inscribe(
        act="petition.opinion_approved",
        petition=petition,
        data={"stage": stage.stage, "outcome": opinion.outcome},
        by=by,
        at=at,
    )
    return opinion


@service
def close_opinion(*, opinion: PetitionOpinion, by: Actor, at: dt.datetime) -> None:
    """It stands, and the sender reads it."""
    opinion.state, opinion.decided_at, opinion.decided_person_id = Drafted.APPROVED, at, by.person_id
    opinion.save(update_fields=["state", "decided_at", "decided_person"])
    petitions.tell(text_ids=[getattr(opinion, f"{part}_id") for part in PARTS], by=by, at=at)


@service
def end_hands(*, stage: PetitionStage, why: str, by: Actor, at: dt.datetime) -> None:
    """Nobody has the stage in hand any more; who had it stays known."""
    PetitionHand.objects.filter(stage=stage, ended_at=None).update(ended_at=at, why_ended=why)
    PetitionAssignment.objects.filter(stage=stage, ended_at=None).update(ended_at=at, why_ended=why)
