"""Opinions as they are read."""

from __future__ import annotations

from typing import Any

from chancery.departments.general_office.petitions.handling.models import PetitionMeeting, PetitionOpinion
from chancery.departments.general_office.petitions.handling.queries import words_of
from chancery.departments.general_office.petitions.handling.terms import (
    DRAFTED_TONES,
    ENDS,
    PART_WORDS,
    PARTS,
    Result,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionStage
from chancery.departments.general_office.petitions.terms import Kind, Outcome, Stage


def latest(stage_id: int) -> PetitionOpinion | None:
    """The last opinion of a stage."""
    rows = PetitionOpinion.objects.select_related(*PARTS, "person", "unit")
    return rows.filter(stage_id=stage_id).order_by("-number").first()


def all_of(petition_id: int) -> list[PetitionOpinion]:
    """Every opinion of a petition, in order."""
    rows = PetitionOpinion.objects.select_related(*PARTS, "person", "unit", "stage", "decided_person")
    return list(rows.filter(stage__petition_id=petition_id).order_by("drafted_at", "id"))


def parts_of(opinion: PetitionOpinion) -> dict[str, str]:
    """Its five texts."""
    return {part: words_of(getattr(opinion, part)) for part in PARTS}


def shown(opinion: PetitionOpinion) -> dict[str, Any]:
    """An opinion for a page."""
    return {
        "row": opinion,
        "tone": DRAFTED_TONES[opinion.state],
        "parts": [(PART_WORDS[part], text) for part, text in parts_of(opinion).items()],
    }


def ends_of(petition: Petition, stage: PetitionStage) -> tuple[Outcome, ...]:
    """What an opinion of this stage may come to. A re-review is the last: it sends nothing back."""
    if stage.stage == Stage.FIRST:
        return ENDS[Kind(petition.kind)]
    if stage.stage == Stage.REVIEW:
        return (Outcome.UPHELD, Outcome.CHANGED, Outcome.RETURNED)
    return (Outcome.UPHELD, Outcome.CHANGED)


def was_settled(stage_id: int) -> bool:
    """Whether a mediation of the stage came to a settlement."""
    return PetitionMeeting.objects.filter(stage_id=stage_id, result=Result.SETTLED).exists()
