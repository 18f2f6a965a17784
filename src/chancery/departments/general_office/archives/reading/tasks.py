"""The end of what has run out."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.archives.reading import services
from chancery.foundations import jobs
from chancery.foundations.actor import SYSTEM


@jobs.periodic("5 * * * *")  # midnight is another hour of UTC in each house
def end_readings(*, at: dt.datetime) -> None:
    """Readings whose last day is over, in the time of the house."""
    services.end_readings(by=SYSTEM, at=at)
