"""Content that no row names is swept after a day; what somebody is storing at that moment survives. Real commits."""

from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import store
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.files.services import discard_unnamed
from chancery.kernel.records.files.tasks import sweep_unnamed
from chancery.kernel.records.models import StoredFile
from chancery.kernel.records.services import store_file
from chancery.kernel.records.tests.world import AT, World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


def keep(world: World, words: str) -> str:
    stored = store_file(
        guard_id=world.guard_id, name="a.txt", content=io.BytesIO(words.encode()), by=world.clerk, at=AT
    )
    return str(stored.sha256)


class Undone(Exception):
    """The rest of the request failed."""


def orphan(world: World, words: str) -> str:
    with pytest.raises(Undone), transaction.atomic():
        sha256 = keep(world, words)
        raise Undone
    return sha256


def age(settings: Any, days: int) -> None:
    then = time.time() - days * 86_400
    for path in Path(settings.FILE_STORE).rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def sweep() -> None:
    sweep_unnamed(timestamp=int(AT.timestamp()))


def test_a_rolled_back_upload_is_swept_after_a_day_and_a_kept_one_stays(world: World, settings: Any) -> None:
    kept, lost = keep(world, "kept"), orphan(world, "lost")
    sweep()
    assert (store().has(kept), store().has(lost)) == (True, True)  # not a day old
    age(settings, 2)
    sweep()
    assert (store().has(kept), store().has(lost)) == (True, False)
    assert keep(world, "lost") == lost  # it can be stored again
    assert store().has(lost)


def test_only_the_system_says_that_no_row_names_a_content(world: World) -> None:
    kept = keep(world, "kept")
    with pytest.raises(PermissionError):
        discard_unnamed(sha256=kept, by=world.outsider, at=AT)
    assert discard_unnamed(sha256=kept, by=SYSTEM, at=AT) is False
    assert store().has(kept)


def test_content_that_is_being_stored_again_survives_the_sweep(world: World, settings: Any) -> None:
    sha256 = orphan(world, "again")
    age(settings, 2)
    stored, go_on = threading.Event(), threading.Event()

    def store_slowly() -> None:
        try:
            with clock.fixed_at(AT), transaction.atomic():
                keep(world, "again")  # the content is there already: nothing is written, and the row is not committed
                stored.set()
                go_on.wait(20)
        finally:
            connection.close()

    other = threading.Thread(target=store_slowly)
    other.start()
    assert stored.wait(20)
    sweep()
    go_on.set()
    other.join(20)
    with acting_as(SYSTEM), transaction.atomic():
        assert StoredFile.objects.filter(sha256=sha256).count() == 1
    assert store().has(sha256)


def test_whoever_stores_during_the_sweep_writes_it_anew(world: World) -> None:
    sha256 = orphan(world, "late")
    swept, done = threading.Event(), threading.Event()

    def store_late() -> None:
        try:
            with clock.fixed_at(AT):
                swept.wait(20)
                keep(world, "late")
                done.set()
        finally:
            connection.close()

    other = threading.Thread(target=store_late)
    other.start()
    with transaction.atomic():
        assert discard_unnamed(sha256=sha256, by=SYSTEM, at=AT) is True
        swept.set()
        assert not done.wait(0.3)  # it waits for our end
    other.join(20)
    assert done.is_set()
    assert store().has(sha256)
