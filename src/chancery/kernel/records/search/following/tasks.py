"""Keeping the index up with what changed."""

from __future__ import annotations

import datetime as dt

from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic
from chancery.kernel.records.search.following import services

BATCHES = 50


@periodic("* * * * *", atomic=False)
def follow(*, at: dt.datetime) -> int:
    """Read anew what changed since the last minute, some batches at a time; how many things."""
    done = 0
    for _n in range(BATCHES):
        batch = services.catch_up(by=SYSTEM, at=at)
        done += batch
        if not batch:
            break
    return done


@periodic("30 3 * * 0", atomic=False)
def read_everything(*, at: dt.datetime) -> int:
    """Once a week, everything: names of units stand in the entries of their people, and days pass."""
    return services.fill_index(by=SYSTEM, at=at)
