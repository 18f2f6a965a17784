"""The night's count, and the checks of a list just handed over."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.archives.handover import services
from chancery.departments.general_office.archives.handover.duties import services as duties
from chancery.departments.general_office.archives.handover.models import HandoverList
from chancery.departments.general_office.archives.handover.terms import ListState
from chancery.foundations import clock, jobs
from chancery.foundations.actor import SYSTEM


@jobs.periodic("20 2 * * *")
def count_what_is_owed(*, at: dt.datetime) -> None:
    """What each department owes the archive, asked of it in time."""
    duties.count_duties(by=SYSTEM, at=at)


@jobs.task
def check_list(*, list_id: int) -> None:
    """The four checks of a list. Twice is a round more."""
    if HandoverList.objects.filter(pk=list_id, state=ListState.OFFERED).exists():
        services.check(list_id=list_id, by=SYSTEM, at=clock.now())
