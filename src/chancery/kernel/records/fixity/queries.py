"""What there is to check, reading it, and what a check says."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from chancery.foundations.actor import Actor
from chancery.foundations.content_store import ContentStore, DamagedContent, MissingContent, copy_store, store
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.fixity.models import ContentCheck, FixityFinding, FixityRun
from chancery.kernel.records.fixity.terms import Content, ContentState, Outcome, Reading, RunState

READERS = 2  # threads; a third gains nothing on two cores and takes the disk from others
MOST_AT_ONCE = 2000  # contents of a piece

_NEXT = """
select f.sha256, max(f.size) from records_storedfile f where f.sha256 > %s and f.destroyed_at is null
group by f.sha256 order by f.sha256 limit %s
"""


def running() -> FixityRun | None:
    """The run that is going on."""
    return FixityRun.objects.filter(state=RunState.RUNNING).first()


def run_of(run_id: int) -> FixityRun | None:
    """A run, None when it does not exist for the actor."""
    return FixityRun.objects.select_related("started_person").filter(pk=run_id).first()


def last_run() -> FixityRun | None:
    """The latest run."""
    return FixityRun.objects.order_by("-started_at").first()


def measure() -> tuple[int, int]:
    """(contents, bytes) that rows name; asked by the system."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), coalesce(sum(c.size), 0) from (select max(size) size from records_storedfile"
            " where destroyed_at is null group by sha256) c"
        )
        count, size = cursor.fetchone()
    return int(count), int(size)


def next_contents(after: str, most_bytes: int) -> list[Content]:
    """The contents behind a hash, in its order, as many as make a piece; one at least."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [after, MOST_AT_ONCE])
        found = [Content(sha256, int(size)) for sha256, size in cursor.fetchall()]
    taken, left = 0, most_bytes
    while taken < len(found) and (taken == 0 or left >= found[taken].size):
        left -= found[taken].size
        taken += 1
    return found[:taken]


def read(contents: Sequence[Content]) -> tuple[list[Reading], int]:
    """Read contents and their second copies anew, and write to the copy what it lacks; (readings, milliseconds).

    No database is asked and nothing is mended here. A store that does not answer raises `StoreUnavailable`: that says
    nothing of what it holds.
    """
    kept, copy = store(), copy_store()
    began = time.perf_counter()
    if copy is not None and not copy.is_there():
        copy = None
    with ThreadPoolExecutor(READERS) as readers:
        # By blocks: handing every small file to a thread by itself would cost more than reading it.
        blocks = [contents[at : at + 64] for at in range(0, len(contents), 64)]
        done = [one for block in readers.map(lambda b: [_read(c, kept, copy) for c in b], blocks) for one in block]
    return done, int((time.perf_counter() - began) * 1000)


def _read(content: Content, kept: ContentStore, copy: ContentStore | None) -> Reading:
    state, size = state_in(kept, content)
    if copy is None:
        return Reading(content.sha256, content.size, state, size)
    copy_state, copy_size = state_in(copy, content)
    was_copied = False
    if copy_state == ContentState.MISSING and state == ContentState.SOUND:
        was_copied = put_copy(content.sha256, kept, copy)
        copy_state = ContentState.SOUND if was_copied else copy_state
    return Reading(content.sha256, content.size, state, size + copy_size, copy_state, was_copied)


def state_in(kept: ContentStore, content: Content) -> tuple[str, int]:
    """How content stands in a store, and how many bytes were read. What the disk cannot read is damaged."""
    try:
        digest, size = kept.digest(content.sha256)
    except MissingContent:
        return ContentState.MISSING, 0
    except OSError:
        return ContentState.DAMAGED, 0
    return (ContentState.SOUND if digest == content.sha256 else ContentState.DAMAGED), size


def put_copy(sha256: str, kept: ContentStore, copy: ContentStore) -> bool:
    """Write content to the second copy, which looks at its hash again; whether it is there now."""
    try:
        with kept.open(sha256) as content:
            copy.keep(sha256, content if content.seekable() else io.BytesIO(content.read()))
    except (MissingContent, DamagedContent):
        return False
    return True


# --- Reports ----------------------------------------------------------------------------------------------------------
def runs() -> QuerySet[FixityRun, Any]:
    """The runs as rows."""
    return FixityRun.objects.values(
        "id", "cause", "state", "started_at", "ended_at", "total", "checked", "checked_bytes", "sound", "damaged",
        "missing", "restored", "copied", "busy_ms", "has_copy", "note",
    )  # fmt: skip


def findings(**narrowed: Any) -> QuerySet[FixityFinding, Any]:
    """Findings as rows."""
    return FixityFinding.objects.filter(**narrowed).values(
        "id", "run_id", "sha256", "size", "kind", "place", "found_at", "outcome", "settled_at", "trouble"
    )


def open_findings(hashes: Iterable[str] | None = None) -> list[FixityFinding]:
    """What is still broken, of those contents or of all."""
    rows = FixityFinding.objects.filter(outcome=Outcome.OPEN)
    return list((rows if hashes is None else rows.filter(sha256__in=list(hashes))).order_by("id"))


def resting_on(hashes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What rests on damaged content, by hash: `items` (code; id and title for who may know the item), `files` (those
    the actor may see) and `hidden`, how many files of others there are. Only contents with a finding are told of."""
    said: dict[str, dict[str, Any]] = {one: {"items": [], "files": [], "hidden": 0} for one in hashes}
    if not said:
        return said
    with connection.cursor() as cursor:
        cursor.execute("select * from records_resting_on(%s)", [list(said)])
        found = cursor.fetchall()
    seen = _seen_items({item for _sha, item, _code, _files in found if item is not None})
    files = StoredFile.objects.filter(sha256__in=list(said), destroyed_at=None).order_by("id")
    for file in files.values("id", "name", "sha256"):
        said[file["sha256"]]["files"].append({"id": file["id"], "name": file["name"]})
    for sha256, item, code, count in found:
        if item is None:
            said[sha256]["hidden"] = max(0, count - len(said[sha256]["files"]))
        else:
            said[sha256]["items"].append(
                {"code": code, "id": item if item in seen else None, "title": seen.get(item, "")}
            )
    return said


def _seen_items(ids: set[int]) -> dict[int, str]:
    from chancery.kernel.records.archive.models import ArchivalItem  # the archive's page shows our block: it imports us

    return dict(ArchivalItem.objects.filter(pk__in=ids).values_list("pk", "title"))


def checks_of(hashes: Iterable[str]) -> dict[str, ContentCheck]:
    """The last reading of contents, by hash; of those whose file the actor may see."""
    return {row.sha256: row for row in ContentCheck.objects.filter(sha256__in=list(hashes))}


def checks_of_item(item: Any) -> list[dict[str, Any]]:
    """The parts of an archival item the actor may read, each with its last reading."""
    from chancery.kernel.records.archive.models import ItemPart

    parts = list(
        ItemPart.objects.filter(item=item).order_by("position").values("file_id", "file__name", "file__sha256", "title")
    )
    known = checks_of({part["file__sha256"] for part in parts})
    return [
        {
            "name": part["title"] or part["file__name"],
            "file_id": part["file_id"],
            "check": known.get(part["file__sha256"]),
        }
        for part in parts
    ]


def section(item: Any, by: Actor) -> dict[str, Any] | None:
    """The block on the page of an archival item: when its files were last read, and how they stood."""
    parts = checks_of_item(item)
    return {"parts": parts} if parts else None
