"""The storage check's part of the story: one run in which all is well, one that finds and mends a flipped byte."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import DiskStore, copy_store, store
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.models import ItemPart
from chancery.kernel.records.fixity import services, tasks
from chancery.kernel.records.fixity.models import FixityRun

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Two runs. Told twice it changes nothing; without a second copy there is one run only, and nothing is harmed."""
    by = cast.archivist
    with acting_as(SYSTEM), transaction.atomic():
        if FixityRun.objects.exists():
            return
    kept, copy = store(), copy_store()
    if isinstance(copy, DiskStore):
        copy.root.mkdir(parents=True, exist_ok=True)
    _run(services.start_run(by=by, at=now - dt.timedelta(days=7)), now - dt.timedelta(days=7))
    if copy is None or not isinstance(kept, DiskStore):
        return
    with acting_as(SYSTEM), transaction.atomic():
        part = ItemPart.objects.filter(item__kind="earlier").select_related("file").order_by("id").first()
        sha256 = part.file.sha256 if part is not None else ""
    if sha256 and kept.has(sha256) and copy.has(sha256):
        place = kept.path(sha256)
        held = place.read_bytes()
        place.chmod(0o640)
        io.FileIO(place, "r+").write(bytes([held[0] ^ 1]))
    _run(services.start_run(by=by, at=now), now)


def _run(run: FixityRun, at: dt.datetime) -> None:
    while tasks.take_piece(run_id=run.pk, at=at):
        pass
