"""What the directory does by the clock."""

from __future__ import annotations

import datetime as dt

from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic
from chancery.kernel.directory import services


@periodic("5 * * * *")
def bring_up_to_date(*, at: dt.datetime) -> None:
    """Repeat the term of today in units and posts, and the tree, where a change of today was entered before.

    Every hour, because the site's midnight is at another hour of UTC in every time zone; a run with nothing to do
    writes nothing.
    """
    services.bring_up_to_date(by=SYSTEM, at=at)
