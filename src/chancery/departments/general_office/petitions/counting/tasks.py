"""By the clock: subjects that rise."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.petitions.counting import services
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic


@periodic("20 5 * * *")
def note_rising(*, at: dt.datetime) -> None:
    """Every morning, before the office opens."""
    services.note_rising(by=SYSTEM, at=at)
