"""What the night does: clocks that stand, leavers, requests that lapsed, answers nobody asked to review."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.handling.clocks import services as clocks
from chancery.departments.general_office.petitions.handling.passing_on import services as passing_on
from chancery.departments.general_office.petitions.models import PetitionStage
from chancery.departments.general_office.petitions.second import services as second
from chancery.foundations import jobs
from chancery.foundations.actor import SYSTEM


@jobs.periodic("10 0 * * *")
def reckon_stopped_clocks(*, at: dt.datetime) -> None:
    """While a hearing is held or the sender is asked, the last day moves on with the days."""
    stopped = PetitionStage.objects.filter(
        pauses__until_on=None, pauses__isnull=False, answered_at=None, closed_at=None
    ).order_by("petition_id")
    # All are held before anything is written.
    for stage, petition in [(stage, petitions.locked(stage.petition_id)) for stage in stopped]:
        clocks.retime(petition=petition, stage=stage, by=SYSTEM, at=at)


@jobs.periodic("20 0 * * *")
def pass_on_leavers(*, at: dt.datetime) -> None:
    """What waits with people who have left their posts."""
    passing_on.replace_leavers(by=SYSTEM, at=at)


@jobs.periodic("30 0 * * *")
def lapse_requests(*, at: dt.datetime) -> None:
    """Requests for more time that came to nothing."""
    clocks.lapse_requests(by=SYSTEM, at=at)


@jobs.periodic("40 0 * * *")
def close_answered(*, at: dt.datetime) -> None:
    """Answers whose days to ask for review are over."""
    second.close_answered(by=SYSTEM, at=at)
