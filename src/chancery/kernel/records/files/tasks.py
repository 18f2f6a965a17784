"""Housekeeping of the store."""

from __future__ import annotations

import datetime as dt
import itertools
import logging

from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import DiskStore, store
from chancery.foundations.jobs import periodic
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.files.queries import named
from chancery.kernel.records.files.services import discard_unnamed

AT_ONCE = 500
A_DAY = 86_400.0

log = logging.getLogger(__name__)


@periodic("17 19 * * *", atomic=False)
def sweep_parts(*, at: dt.datetime) -> int:
    """Remove half-written content that killed writers left on disk; how many pieces there were."""
    kept = store()
    return kept.sweep() if isinstance(kept, DiskStore) else 0


@periodic("37 19 * * *", atomic=False)
def sweep_unnamed(*, at: dt.datetime) -> int:
    """Remove content that no row names: its upload was rolled back more than a day ago. How many contents."""
    removed, old = 0, store().older_than(A_DAY)
    while batch := list(itertools.islice(old, AT_ONCE)):
        with acting_as(SYSTEM):
            orphans = set(batch) - named(batch)
        removed += sum(discard_unnamed(sha256=sha256, by=SYSTEM, at=at) for sha256 in sorted(orphans))
    if removed:
        log.info("removed %s contents of uploads that were rolled back", removed)
    return removed
