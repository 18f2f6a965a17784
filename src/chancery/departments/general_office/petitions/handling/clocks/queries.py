"""What the clock of a stage says."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.petitions.handling.models import PetitionExtension
from chancery.departments.general_office.petitions.handling.terms import STAGE_KEYS, Asked
from chancery.departments.general_office.petitions.models import PetitionPause, PetitionStage
from chancery.departments.general_office.petitions.terms import Stage
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.calendar.queries import Deadline


def running(petition_id: int) -> PetitionStage | None:
    """The stage that runs, or ran last."""
    return PetitionStage.objects.filter(petition_id=petition_id).order_by("-opened_at", "-id").first()


def due_of(stage: PetitionStage, today: dt.date) -> Deadline:
    """The last day: the stage's own time and what was added, without the days that do not count; a last day on a rest
    day rolls on. A pause that is still open has counted up to today."""
    period = rulebook.period(STAGE_KEYS[Stage(stage.stage)], on=stage.opened_on)
    pauses = list(PetitionPause.objects.filter(stage_id=stage.pk).values_list("from_on", "until_on"))
    return calendar.due_date_with_pauses(
        stage.opened_on,
        period.count + stage.extended_days,
        period.unit,  # type: ignore[arg-type]  # "WD" or "CD"
        pauses=pauses,
        today=today,
    )


def open_pause(stage_id: int) -> PetitionPause | None:
    """The pause that runs."""
    return PetitionPause.objects.filter(stage_id=stage_id, until_on=None).first()


def extension(extension_id: int) -> PetitionExtension | None:
    """A request for more time, if the actor may see it."""
    return PetitionExtension.objects.select_related("stage", "reason").filter(pk=extension_id).first()


def extensions(petition_id: int) -> list[PetitionExtension]:
    """All requests for more time, the latest first."""
    rows = PetitionExtension.objects.select_related("asked_person", "decided_person", "reason")
    return list(rows.filter(stage__petition_id=petition_id).order_by("-asked_at"))


def has_asked(stage_id: int) -> bool:
    """Whether more time was asked for, or granted."""
    return PetitionExtension.objects.filter(stage_id=stage_id, state__in=[Asked.ASKED, Asked.GRANTED]).exists()
