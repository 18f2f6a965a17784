"""By the clock: openings that have run out are marked as ended."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.petitions.custody import services
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic


@periodic("*/15 * * * *")
def end_openings(*, at: dt.datetime) -> None:
    """They gave nothing from their last minute on; now they say so."""
    services.end_openings(by=SYSTEM, at=at)
