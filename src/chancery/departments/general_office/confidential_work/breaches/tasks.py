"""The clock of breach reports."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.confidential_work.breaches import services
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic


@periodic("11 * * * *")
def chase_overdue_breaches(*, at: dt.datetime) -> None:
    """Chase what was not reported in time."""
    services.chase_overdue(by=SYSTEM, at=at)
