"""What is stored is read again: damage is named, told and mended; a killed run goes on; nothing good is overwritten."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, transaction

from chancery.foundations.actor import SYSTEM, Clearance
from chancery.foundations.content_store import DiskStore, copy_store, store
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.files.services import discard_unnamed
from chancery.kernel.records.fixity import queries, services, tasks, terms
from chancery.kernel.records.fixity.models import ContentCheck, FixityFinding, FixityRun
from chancery.kernel.records.fixity.terms import Content, Outcome, Place, Reading, RunState
from chancery.kernel.records.models import ArchivalItem, StoredFile

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)

LATER = NOON + dt.timedelta(days=1)


def run_through(run: FixityRun) -> FixityRun:
    while tasks.take_piece(run_id=run.pk, at=NOON):
        pass
    with acting_as(SYSTEM):
        run.refresh_from_db()
    return run


def check(cast: Cast) -> FixityRun:
    return run_through(services.start_run(by=cast.archivist, at=NOON))


def content_of(item: ArchivalItem) -> str:
    with acting_as(SYSTEM):
        return str(item.parts.get().file.sha256)


def place_of(sha256: str, root: Path | None = None) -> Path:
    kept = DiskStore(root) if root else store()
    assert isinstance(kept, DiskStore)
    return kept.path(sha256)


def flip(path: Path) -> bytes:
    """One bit of it."""
    held = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(bytes([held[0] ^ 1]) + held[1:])
    return held


def findings() -> list[FixityFinding]:
    with acting_as(SYSTEM):
        return list(FixityFinding.objects.order_by("id"))


def test_a_run_over_sound_storage_says_so(cast: Cast) -> None:
    filed(cast, 3)
    run = check(cast)
    with acting_as(SYSTEM):
        count, size = queries.measure()
        known = list(ContentCheck.objects.values_list("state", "sound_at"))
    assert (run.state, run.checked, run.sound, run.damaged, run.missing) == (RunState.DONE, count, count, 0, 0)
    assert (run.total, run.total_bytes, run.checked_bytes) == (count, size, size)
    assert run.ended_at is not None
    assert known == [("SOUND", NOON)] * count
    assert findings() == []


def test_a_flipped_byte_is_found_and_named_by_the_next_run(cast: Cast) -> None:
    [item, *_others] = filed(cast, 3)
    sha256 = content_of(item)
    flip(place_of(sha256))
    run = check(cast)
    [finding] = findings()
    assert (run.damaged, run.missing, run.restored, run.sound) == (1, 0, 0, run.checked - 1)
    assert (finding.sha256, finding.kind, finding.place, finding.outcome) == (sha256, "DAMAGED", "STORE", "OPEN")
    assert finding.trouble == "There is no second copy to restore it from."
    with acting_as(cast.archivist), transaction.atomic():
        said = queries.resting_on([sha256])[sha256]
    assert said["items"] == [{"code": item.code, "id": item.pk, "title": item.title}]


def test_missing_content_is_found(cast: Cast) -> None:
    [item] = filed(cast)
    place_of(content_of(item)).unlink()
    run = check(cast)
    assert (run.missing, run.damaged) == (1, 0)
    assert [f.kind for f in findings()] == ["MISSING"]


@pytest.mark.parametrize("harm", ["flip", "take away"])
def test_what_is_broken_is_restored_from_the_copy_and_journalled(cast: Cast, with_copy: Path, harm: str) -> None:
    [item, *_others] = filed(cast, 2)
    first = check(cast)
    assert first.copied == first.checked
    sha256 = content_of(item)
    place = place_of(sha256)
    held = flip(place) if harm == "flip" else place.read_bytes()
    if harm != "flip":
        place.unlink()
    run = check(cast)
    [finding] = findings()
    assert place.read_bytes() == held
    assert (run.damaged + run.missing, run.restored, finding.outcome) == (1, 1, Outcome.RESTORED)
    with acting_as(SYSTEM):
        assert [line["act"] for line in journal.history(finding)] == ["fixity.found", "fixity.restored"]
        assert journal.history(item)[-1]["act"] == "fixity.restored"
        assert ContentCheck.objects.get(pk=sha256).state == "SOUND"
    assert check(cast).damaged == 0


def test_the_copy_is_mended_from_the_store_too(cast: Cast, with_copy: Path) -> None:
    [item] = filed(cast)
    check(cast)
    copied = place_of(content_of(item), with_copy)
    held = flip(copied)
    run = check(cast)
    assert copied.read_bytes() == held
    assert [(f.place, f.outcome) for f in findings()] == [(Place.COPY, Outcome.RESTORED)]
    assert (run.damaged, run.restored) == (0, 1)


def test_a_copy_that_is_damaged_too_restores_nothing(cast: Cast, with_copy: Path) -> None:
    [item] = filed(cast)
    check(cast)
    sha256 = content_of(item)
    flip(place_of(sha256))
    flip(place_of(sha256, with_copy))
    broken = place_of(sha256).read_bytes()
    check(cast)
    here = next(f for f in findings() if f.place == Place.STORE)
    assert (here.outcome, here.trouble) == (Outcome.OPEN, "It is damaged in the other store too.")
    assert place_of(sha256).read_bytes() == broken


def test_sound_content_is_never_overwritten(cast: Cast, with_copy: Path) -> None:
    [item] = filed(cast)
    check(cast)
    sha256 = content_of(item)
    place = place_of(sha256)
    before = place.stat().st_ino
    copy = copy_store()
    assert copy is not None
    with copy.open(sha256) as content:
        assert store().mend(sha256, content) is False
    assert place.stat().st_ino == before


def test_a_finding_stays_one_finding_until_it_is_settled(cast: Cast) -> None:
    [item] = filed(cast)
    place = place_of(content_of(item))
    held = flip(place)
    check(cast)
    second = check(cast)
    assert second.damaged == 1
    [finding] = findings()
    assert finding.last_run_id == second.pk
    place.write_bytes(held)  # somebody brought the backup back
    check(cast)
    [finding] = findings()
    assert (finding.outcome, finding.settled_at) == (Outcome.SOUND_AGAIN, NOON)


def test_a_run_that_was_killed_in_the_middle_goes_on_where_it_stood(cast: Cast, monkeypatch: Any) -> None:
    filed(cast, 6)
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 2)
    run = services.start_run(by=cast.archivist, at=NOON)
    assert tasks.take_piece(run_id=run.pk, at=NOON)
    with acting_as(SYSTEM):
        run.refresh_from_db()
        stood = run.cursor
        # Another worker had read the next piece and noted it; the first one's notes of the same piece are dropped.
        contents = queries.next_contents(stood, 10**9)
    readings, _ms = queries.read(contents)
    services.note_piece(run_id=run.pk, after=stood, readings=readings, by=SYSTEM, at=NOON)
    assert services.note_piece(run_id=run.pk, after=stood, readings=readings, by=SYSTEM, at=NOON) == []
    done = run_through(run)
    with acting_as(SYSTEM):
        assert done.checked == queries.measure()[0] == done.sound


def test_a_run_left_lying_is_taken_up(cast: Cast) -> None:
    filed(cast)
    run = services.start_run(by=cast.archivist, at=NOON)
    with acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where args->>'run_id' = %s", [str(run.pk)])
        assert cursor.fetchone()[0] == 1  # enqueued with the run, once
    tasks.take_up_the_run.function(timestamp=int((NOON + dt.timedelta(minutes=11)).timestamp()))
    with acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where args->>'run_id' = %s", [str(run.pk)])
        assert cursor.fetchone()[0] == 1  # it still waits: no second one beside it


def test_the_clock_starts_a_run_when_the_interval_has_passed(cast: Cast) -> None:
    def strike(at: dt.datetime) -> int:
        tasks.check_by_the_clock.function(timestamp=int(at.timestamp()))
        with acting_as(SYSTEM):
            return FixityRun.objects.count()

    assert strike(NOON) == 1
    assert strike(NOON + dt.timedelta(days=8)) == 1  # one is running
    with acting_as(SYSTEM):
        run_through(FixityRun.objects.get())
    assert strike(NOON + dt.timedelta(days=2)) == 1
    assert strike(NOON + dt.timedelta(days=7)) == 2


def test_a_disk_that_is_not_mounted_is_no_store_that_lost_everything(cast: Cast, settings: Any, tmp_path: Path) -> None:
    filed(cast)
    settings.FILE_STORE = tmp_path / "nowhere"
    run = check(cast)
    assert (run.state, run.note, run.missing) == (RunState.STOPPED, "The file store is not there.", 0)
    assert findings() == []


def test_content_destroyed_meanwhile_is_no_finding(cast: Cast) -> None:
    run = services.start_run(by=cast.archivist, at=NOON)
    reading = Reading("0" * 64, 5, "MISSING", 0)
    assert services.note_piece(run_id=run.pk, after="", readings=[reading], by=SYSTEM, at=NOON) == []
    assert findings() == []


def test_what_is_discarded_is_discarded_in_the_copy_too(cast: Cast, with_copy: Path) -> None:
    sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    copy = copy_store()
    assert copy is not None
    for kept in (store(), copy):
        kept.keep(sha256, io.BytesIO(b"foo"))
    assert discard_unnamed(sha256=sha256, by=SYSTEM, at=NOON)
    assert not store().has(sha256)
    assert not copy.has(sha256)


def test_what_is_stored_is_copied_by_a_job(cast: Cast, with_copy: Path) -> None:
    [item] = filed(cast)
    sha256 = content_of(item)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where args->>'sha256' = %s", [sha256])
        assert cursor.fetchone()[0] == 1
    tasks.copy_content(sha256=sha256)
    assert place_of(sha256, with_copy).exists()


def test_listeners_are_told_of_harm_and_of_nothing_else(cast: Cast, monkeypatch: Any) -> None:
    told: list[tuple[int, int, int]] = []
    monkeypatch.setattr(terms, "_listeners", [lambda run, found, restored, at: told.append((run, found, restored))])
    [item] = filed(cast)
    check(cast)
    assert told == []
    flip(place_of(content_of(item)))
    run = check(cast)
    assert told == [(run.pk, 1, 0)]


def test_who_may_not_read_an_item_hears_its_code_only(cast: Cast) -> None:
    [item] = filed(cast, label=Clearance.CONFIDENTIAL, by=cast.office_head)
    flip(place_of(content_of(item)))
    check(cast)
    with acting_as(cast.archivist), transaction.atomic():
        said = queries.resting_on([content_of(item)])[content_of(item)]
        assert said["items"] == [{"code": item.code, "id": None, "title": ""}]
        assert said["files"] == []
        assert said["hidden"] == 1
    with acting_as(cast.outsider), transaction.atomic():
        assert queries.resting_on([content_of(item)]) == {content_of(item): {"items": [], "files": [], "hidden": 0}}
        assert list(FixityFinding.objects.all()) == []
        assert list(FixityRun.objects.all()) == []


def test_how_a_file_stands_shows_to_whom_the_file_shows(cast: Cast) -> None:
    [item] = filed(cast, label=Clearance.CONFIDENTIAL, by=cast.office_head)
    check(cast)
    with acting_as(cast.office_head), transaction.atomic():
        assert set(queries.checks_of([content_of(item)])) == {content_of(item)}
    with acting_as(cast.outsider), transaction.atomic():
        assert queries.checks_of([content_of(item)]) == {}


def test_only_those_who_keep_the_archive_start_a_run_and_one_at_a_time(cast: Cast) -> None:
    with pytest.raises(Refused, match="Archivist"):
        services.start_run(by=cast.registrar, at=NOON)
    services.start_run(by=cast.archivist, at=NOON)
    with pytest.raises(Refused, match="running already"):
        services.start_run(by=cast.archivist, at=NOON)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from records_fixityfinding",
        "update records_fixityfinding set found_at = now()",
        "update records_fixityrun set damaged = 0",
        "delete from records_fixityrun",
    ],
)
def test_a_report_is_not_rewritten(cast: Cast, statement: str) -> None:
    [item] = filed(cast)
    flip(place_of(content_of(item)))
    check(cast)
    with acting_as(SYSTEM), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_file_the_disk_cannot_read_is_damaged(cast: Cast, monkeypatch: Any) -> None:
    class Failing(DiskStore):
        def digest(self, sha256: str) -> tuple[str, int]:
            raise OSError(5, "Input/output error")

    assert queries.state_in(Failing(Path("x")), Content("0" * 64, 1)) == ("DAMAGED", 0)


def test_a_piece_is_as_large_as_the_rulebook_says_and_never_empty(cast: Cast) -> None:
    filed(cast, 5)
    with acting_as(SYSTEM), transaction.atomic():
        everything = queries.next_contents("", 10**9)
        assert len(queries.next_contents("", 1)) == 1
        assert len(queries.next_contents("", everything[0].size + everything[1].size)) == 2
        assert len(everything) == StoredFile.objects.values("sha256").distinct().count()
