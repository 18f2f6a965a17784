"""Storing files."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.db import connection

from chancery.foundations.actor import Actor
from chancery.foundations.content_store import CHUNK, copy_store, sha256_of, store
from chancery.foundations.jobs import enqueue
from chancery.foundations.journal import services as journal
from chancery.foundations.papers import Limits, Unacceptable, examine
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records.files import rules
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.queries import named
from chancery.kernel.records.files.terms import LONGEST_TEXT, SEALED
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
    it, storing it again takes it up, and after a day it is swept (`discard_unnamed`).
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
        _hold(sha256)
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
    _copy_later(sha256)
    return stored


@service
def store_sealed(
    *, guard_id: int, name: str, ciphertext: IO[bytes], owner: str, by: Actor, at: dt.datetime
) -> StoredFile:
    """Keep what the caller examined and sealed (`foundations.vault`). Here it is bytes: fixity, the second copy and
    disposal reach it, search and the pages of files do not."""
    sha256, size = sha256_of(ciphertext)
    _hold(sha256)
    store().keep(sha256, ciphertext)
    stored = StoredFile.objects.create(
        guard_id=guard_id,
        owner=owner,
        name=rules.clean_name(name),
        media_type=SEALED,
        size=size,
        sha256=sha256,
        stored_at=at,
        stored_person_id=by.person_id,
        stored_post_id=by.post_id,
    )
    data = {"name": stored.name, "sha256": sha256, "size": size, "media_type": SEALED, "owner": owner}
    journal.write(by=by, at=at, act="file.stored", on=stored, data=data)
    _copy_later(sha256)
    return stored


def _copy_later(sha256: str) -> None:
    """Have the content written to the second copy once this transaction is committed."""
    if copy_store() is not None:
        from chancery.kernel.records.fixity.tasks import copy_content  # its tasks import our models

        enqueue(copy_content, sha256=sha256)


@service
def give_file(*, file_id: int, owner: str, guard_id: int | None = None, by: Actor, at: dt.datetime) -> None:
    """Say what a file belongs to, once that exists, and take over its guard. A file changes hands only while free."""
    changes: dict[str, object] = {"owner": owner}
    if guard_id is not None:
        changes["guard_id"] = guard_id
    StoredFile.objects.filter(pk=file_id, owner="").update(**changes)


@service
def copy_file(
    *, file_id: int, guard_id: int, owner: str = "", name: str = "", by: Actor, at: dt.datetime
) -> StoredFile | None:
    """A stored file once more, under another guard: a row of its own over the same content, examined when first stored.

    None when the actor may not see the file.
    """
    of = StoredFile.objects.filter(pk=file_id, destroyed_at=None).first()
    if of is None:
        return None
    _hold(of.sha256)
    copy = StoredFile.objects.create(
        guard_id=guard_id,
        owner=owner,
        name=rules.clean_name(name) if name else of.name,
        media_type=of.media_type,
        size=of.size,
        sha256=of.sha256,
        pages=of.pages,
        text=of.text,
        stored_at=at,
        stored_person_id=by.person_id,
        stored_post_id=by.post_id,
    )
    journal.write(
        by=by,
        at=at,
        act="file.stored",
        on=copy,
        data={"name": copy.name, "sha256": of.sha256, "size": of.size, "media_type": of.media_type, "owner": owner},
    )
    return copy


_HELD = 0x46494C45  # the advisory locks of contents; the other half is the hash


def _lock_of(sha256: str) -> list[int]:
    return [_HELD, int.from_bytes(bytes.fromhex(sha256[:8]), signed=True)]


def _hold(sha256: str) -> None:
    """Until this transaction ends, nobody sweeps the content: its row is not to be seen by others yet."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s, %s)", _lock_of(sha256))


@service
def discard_unnamed(*, sha256: str, by: Actor, at: dt.datetime) -> bool:
    """Remove content that no row names; False when one does, or when somebody is storing the same content now.

    Whoever stores it next waits for us and then writes it anew.
    """
    if not by.is_system:
        raise PermissionError("only the system sees every row, and so may say that none names a content")
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", _lock_of(sha256))
        if not cursor.fetchone()[0] or named({sha256}):
            return False
    copy = copy_store()
    if copy is not None:
        copy.discard(sha256)  # first: while it does not answer, nothing is discarded, and the next sweep tries again
    store().discard(sha256)
    return True


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
