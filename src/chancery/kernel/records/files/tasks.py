"""Housekeeping of the store."""

from __future__ import annotations

import datetime as dt

from chancery.foundations.content_store import DiskStore, store
from chancery.foundations.jobs import periodic


@periodic("17 19 * * *", atomic=False)
def sweep_parts(*, at: dt.datetime) -> int:
    """Remove half-written content that killed writers left on disk; how many pieces there were."""
    kept = store()
    return kept.sweep() if isinstance(kept, DiskStore) else 0
