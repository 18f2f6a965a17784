"""Storing files."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator
from typing import IO

from django.conf import settings

from chancery.foundations.actor import Actor
from chancery.foundations.content_store import CHUNK, sha256_of, store
from chancery.foundations.journal import services as journal
from chancery.foundations.papers import Limits, Unacceptable, examine
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records.files import rules
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.terms import LONGEST_TEXT
from chancery.kernel.records.markings.rules import are_unmarked
from chancery.kernel.records.markings.services import demand_unmarked

_IN_MEMORY = 8 * 1024 * 1024


@service
def store_file(
    *, guard_id: int, name: str, content: IO[bytes], owner: str = "", by: Actor, at: dt.datetime
) -> StoredFile:
    """Examine a file and, if it may be kept, keep it.

    Everything is asked before anything is stored: size, type by content, readability, and the state-secret marking in
    its name, text, headers, notes, watermarks, properties and the files inside it. `FileRefused` or `SecretMarking`
    otherwise. If the transaction is rolled back later, the content stays in the store without a row: nobody can reach
    it, and storing it again takes it up.
    """
    clean = rules.clean_name(name)
    with _rereadable(content) as source:
        try:
            paper = examine(clean, source, Limits(size=settings.UPLOAD_LIMIT_BYTES))
        except Unacceptable as fault:
            rules.refusal_of(fault, name=clean).demand()
            raise  # unreachable: the verdict refuses
        texts = {"name": name, "file": f"{paper.text}\n{paper.particulars}"}
        if not are_unmarked(texts):
            demand_unmarked(texts=texts, where="file", by=by, at=at)
        sha256, size = sha256_of(source)
        store().keep(sha256, source)
    stored = StoredFile.objects.create(
        guard_id=guard_id,
        owner=owner,
        name=clean,
        media_type=paper.media_type.name,
        size=size,
        sha256=sha256,
        pages=paper.pages,
        text=paper.text[:LONGEST_TEXT].replace("\x00", ""),
        stored_at=at,
        stored_person_id=by.person_id,
        stored_post_id=by.post_id,
    )
    journal.write(
        by=by,
        at=at,
        act="file.stored",
        on=stored,
        data={"name": clean, "sha256": sha256, "size": size, "media_type": stored.media_type, "owner": owner},
    )
    return stored


@service
def give_file(*, file_id: int, owner: str, guard_id: int | None = None, by: Actor, at: dt.datetime) -> None:
    """Say what a file belongs to, once that exists, and take over its guard. A file changes hands only while free."""
    changes: dict[str, object] = {"owner": owner}
    if guard_id is not None:
        changes["guard_id"] = guard_id
    StoredFile.objects.filter(pk=file_id, owner="").update(**changes)


@contextlib.contextmanager
def _rereadable(content: IO[bytes]) -> Iterator[IO[bytes]]:
    """Content that can be read twice. A stream that cannot is held in memory or in an unnamed temporary file, which is
    gone when it is closed or the process dies."""
    if content.seekable():
        content.seek(0)
        yield content
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as held:
        taken = 0
        # One byte over the limit is enough for `examine` to refuse it.
        while taken <= settings.UPLOAD_LIMIT_BYTES and (piece := content.read(CHUNK)):
            taken += len(piece)
            held.write(piece)
        held.seek(0)
        yield held
