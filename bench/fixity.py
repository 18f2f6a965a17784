"""The storage check against `sha256sum` over the same files.

Floor: `sha256sum` (coreutils) over all files of the store in one process, by `xargs`. Ours: a whole run as a worker
does it, with the database: contents asked for, read and hashed, notes and report written, the pieces counted. Both
read from the page cache, warmed the same way, in turn in the same run. The mix is an office's: many small files, few
large ones. `ratio` is ours to the floor.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import _matters
from bench.frame import Row, site, summed

FILES = ((1200, 40_000), (600, 400_000), (40, 8_000_000))  # (how many, bytes)
TIMES = 5


def run() -> Iterator[Row]:
    """One row."""
    with site() as home:
        from django.conf import settings

        settings.FILE_STORE = home / "files"
        _matters.people()
        count = _fill(settings.FILE_STORE)
        ours, floors = [], []
        for turn in range(TIMES + 1):
            floor, mine = _sum(settings.FILE_STORE), _check(count)
            if turn:  # the first warms the cache
                floors.append(floor)
                ours.append(mine)
        yield Row.of("fixity", summed(ours), summed(floors), target=1.5, rows=count)


def _fill(store: Path) -> int:
    """Content under its hashes, and the rows that name it."""
    from django.db import transaction

    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.access.services import open_guard
    from chancery.kernel.directory.models import Unit
    from chancery.kernel.records.models import StoredFile

    rows: list[Any] = []
    with acting_as(SYSTEM), transaction.atomic():
        guard = open_guard(unit_id=Unit.objects.earliest("pk").pk, label=10, by=SYSTEM, at=clock.now())
        for many, size in FILES:
            for _number in range(many):
                content = os.urandom(size)
                sha256 = hashlib.sha256(content).hexdigest()
                place = store / sha256[:2] / sha256[2:4] / sha256
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
                rows.append(
                    StoredFile(
                        guard=guard,
                        name="x.bin",
                        media_type="text/plain",
                        size=size,
                        sha256=sha256,
                        stored_at=clock.now(),
                    )
                )
        StoredFile.objects.bulk_create(rows)
    return len(rows)


def _sum(store: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        ["sh", "-c", "find . -type f -print0 | xargs -0 -n 100000 sha256sum > /dev/null"], cwd=store, check=True
    )
    return (time.perf_counter() - began) * 1000


def _check(count: int) -> float:
    from django.db import transaction

    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.records.fixity import services, tasks

    run = services.start_run(by=SYSTEM, at=clock.now())
    began = time.perf_counter()
    while tasks.take_piece(run_id=run.pk, at=clock.now()):
        pass
    taken = (time.perf_counter() - began) * 1000
    with acting_as(SYSTEM), transaction.atomic():
        run.refresh_from_db()
    if (run.sound, run.state) != (count, "DONE"):
        raise RuntimeError(f"the check counted {run.sound} of {count} and stands at {run.state}")
    return taken
