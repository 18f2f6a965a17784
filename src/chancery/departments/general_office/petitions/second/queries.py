"""Questions about review."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.petitions.door.terms import Review
from chancery.departments.general_office.petitions.handling import queries as handling
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.models import PetitionDecision, PetitionOpinion
from chancery.departments.general_office.petitions.handling.terms import ASK_KEYS
from chancery.departments.general_office.petitions.models import Petition, PetitionHand, PetitionStage
from chancery.departments.general_office.petitions.second import rules
from chancery.departments.general_office.petitions.second.terms import NEXT
from chancery.departments.general_office.petitions.terms import Stage
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Verdict
from chancery.kernel.calendar import queries as calendar


def last_day_to_ask(stage: PetitionStage | None) -> dt.date | None:
    """Until when review of an answered stage is asked for."""
    if stage is None or stage.answered_on is None or Stage(stage.stage) not in ASK_KEYS:
        return None
    period = rulebook.period(ASK_KEYS[Stage(stage.stage)], on=stage.answered_on)
    return calendar.due_date(stage.answered_on, period.count, period.unit).due_on  # type: ignore[arg-type]  # WD or CD


def may_ask(petition: Petition, at: dt.datetime) -> Verdict:
    """Whether review may be asked for now."""
    stage = clocks.running(petition.pk)
    today = clock.date_of(at)
    return rules.may_ask(
        petition, stage, kinds=handling.may_be_reviewed(today), until=last_day_to_ask(stage), today=today
    )


def offered(petition_id: int, at: dt.datetime) -> Review | None:
    """What the sender may ask for behind the receipt code, and until when."""
    with acting_as(SYSTEM):
        petition = Petition.objects.filter(pk=petition_id).first()
        if petition is None or not may_ask(petition, at):
            return None
        stage = clocks.running(petition_id)
        until = last_day_to_ask(stage)
        assert stage is not None and until is not None  # noqa: S101 - the rule has refused
        return Review(NEXT[Stage(stage.stage)], until)


def former_hands(petition_id: int, stage_id: int) -> set[int]:
    """Who had the petition in hand in other stages: handled, drafted, approved, accepted it."""
    with acting_as(SYSTEM):
        hands = PetitionHand.objects.filter(stage__petition_id=petition_id).exclude(stage_id=stage_id)
        drafts = PetitionOpinion.objects.filter(stage__petition_id=petition_id).exclude(stage_id=stage_id)
        decisions = PetitionDecision.objects.filter(petition_id=petition_id)
        return {
            *hands.values_list("person_id", flat=True),
            *drafts.values_list("person_id", flat=True),
            *drafts.exclude(decided_person=None).values_list("decided_person_id", flat=True),
            *decisions.values_list("person_id", flat=True),
        }


def former_units(petition_id: int, stage_id: int) -> set[int]:
    """The units that had it in other stages."""
    with acting_as(SYSTEM):
        rows = PetitionStage.objects.filter(petition_id=petition_id, unit__isnull=False).exclude(pk=stage_id)
        return {unit for unit in rows.values_list("unit_id", flat=True) if unit is not None}
