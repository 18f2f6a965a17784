"""Reminders."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.archives.appraisal.services import remind_of_holds
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic


@periodic("5 0 * * *")
def remind_of_holds_due(*, at: dt.datetime) -> int:
    """Every morning: holds that somebody must look at again."""
    return int(remind_of_holds(by=SYSTEM, at=at))
