"""The round of levels: what has expired is declassified."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.confidential_work.classification.deriving.later import services as later
from chancery.departments.general_office.confidential_work.classification.effects import services
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic


@periodic("10 * * * *")
def declassify_round(*, at: dt.datetime) -> None:
    """Levels that ended yesterday fall, and their audience is told; hourly, so soon after midnight in any zone."""
    services.declassify_expired(by=SYSTEM, at=at)


@periodic("40 * * * *")
def heirs_round(*, at: dt.datetime) -> None:
    """What was derived since from something restricted is proposed for the same level."""
    later.propose_for_heirs(by=SYSTEM, at=at)
