"""Keeping the index up to its dictionary."""

from __future__ import annotations

import datetime as dt

from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic
from chancery.kernel.records.search import services

BATCHES = 200


@periodic("*/10 * * * *", atomic=False)
def cut_anew(*, at: dt.datetime) -> int:
    """Cut entries of an older tokenizer anew, some batches at a time; how many were done. Usually none."""
    done = 0
    for _n in range(BATCHES):
        batch = services.reindex(by=SYSTEM, at=at)
        done += batch
        if not batch:
            break
    return done
