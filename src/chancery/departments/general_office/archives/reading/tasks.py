"""The night's end of what has run out."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.archives.reading import services
from chancery.foundations import jobs
from chancery.foundations.actor import SYSTEM


@jobs.periodic("5 0 * * *")
def end_readings(*, at: dt.datetime) -> None:
    """Readings whose last day was yesterday."""
    services.end_readings(by=SYSTEM, at=at)
