"""Housekeeping of the store."""

from __future__ import annotations

import datetime as dt
import itertools
import logging

from django.db import transaction

from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import ContentStore, DiskStore, copy_store, store
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
    return sum(kept.sweep() for kept in _stores() if isinstance(kept, DiskStore))


@periodic("37 19 * * *", atomic=False)
def sweep_unnamed(*, at: dt.datetime) -> int:
    """Remove content that no row names: its upload was rolled back more than a day ago. How many contents."""
    removed, old = 0, itertools.chain.from_iterable(kept.older_than(A_DAY) for kept in _stores())
    while batch := list(itertools.islice(old, AT_ONCE)):
        with acting_as(SYSTEM), transaction.atomic():
            orphans = set(batch) - named(batch)
        removed += sum(discard_unnamed(sha256=sha256, by=SYSTEM, at=at) for sha256 in sorted(orphans))
    if removed:
        log.info("removed %s contents of uploads that were rolled back", removed)
    return removed


def _stores() -> list[ContentStore]:
    """The store, and its second copy where there is one."""
    return [kept for kept in (store(), copy_store()) if kept is not None]
