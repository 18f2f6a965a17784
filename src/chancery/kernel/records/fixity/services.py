"""Verbs: start a run, note a piece of it, restore what is broken, end it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.content_store import (
    ContentStore,
    DamagedContent,
    MissingContent,
    StoreUnavailable,
    copy_store,
    store,
)
from chancery.foundations.jobs import enqueue_later
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.records.files.queries import named
from chancery.kernel.records.fixity import queries, rules
from chancery.kernel.records.fixity.models import FixityFinding, FixityRun
from chancery.kernel.records.fixity.terms import Content, ContentState, Outcome, Place, Reading, RunCause, RunState

_SET_DOWN = """
insert into records_contentcheck as c (sha256, checked_at, sound_at, state, copy_state, copy_sound_at)
select r.sha256, %(at)s, case when r.state = 'SOUND' then %(at)s::timestamptz end, r.state, r.copy_state,
       case when r.copy_state = 'SOUND' then %(at)s::timestamptz end
from unnest(%(hashes)s::text[], %(states)s::text[], %(copies)s::text[]) r (sha256, state, copy_state)
on conflict (sha256) do update set checked_at = excluded.checked_at, state = excluded.state,
    sound_at = coalesce(excluded.sound_at, c.sound_at), copy_state = excluded.copy_state,
    copy_sound_at = coalesce(excluded.copy_sound_at, c.copy_sound_at)
"""


class AlreadyRunning(Refused):
    """One check runs at a time."""


@service
def start_run(*, cause: str = RunCause.ASKED, by: Actor, at: dt.datetime) -> FixityRun:
    """Begin a check of all storage; a worker does it, piece by piece."""
    going = queries.running()
    rules.may_start(by, going.started_at if going else None).demand()
    try:
        with transaction.atomic():
            run = FixityRun.objects.create(
                cause=cause,
                started_at=at,
                moved_at=at,
                started_person_id=by.person_id,
                has_copy=copy_store() is not None,
            )
    except IntegrityError:
        raise AlreadyRunning(_("A check is running already; wait for its end.")) from None
    journal.write(by=by, at=at, act="fixity.started", on=run, data={"cause": cause})
    _go_on(run.pk)
    return run


@service
def measure_run(*, run_id: int, by: Actor, at: dt.datetime) -> None:
    """Note how much there is to check; the system alone sees every row."""
    count, size = queries.measure()
    FixityRun.objects.filter(pk=run_id, state=RunState.RUNNING).update(total=count, total_bytes=size)


@service
def note_piece(
    *, run_id: int, after: str, readings: Sequence[Reading], busy_ms: int = 0, by: Actor, at: dt.datetime
) -> list[int]:
    """Add what was read to the run; returns the findings it opened, or met again.

    Nothing is counted twice: a piece that another worker has noted meanwhile (`after` is not where the run stands any
    more) is dropped.
    """
    run = FixityRun.objects.select_for_update().filter(pk=run_id, state=RunState.RUNNING).first()
    if run is None or run.cursor != after:
        return []
    readings = _still_kept(readings)
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "at": at,
            "hashes": [one.sha256 for one in readings],
            "states": [one.state for one in readings],
            "copies": [one.copy_state for one in readings],
        }
        cursor.execute(_SET_DOWN, parameters)
    found = [finding for one in readings for finding in _found(run, one, by, at)]
    _settle_sound(readings, by, at)
    run.cursor = readings[-1].sha256 if readings else run.cursor
    run.moved_at = at
    run.checked += len(readings)
    run.checked_bytes += sum(one.read for one in readings)
    for field, state in (("sound", "SOUND"), ("damaged", "DAMAGED"), ("missing", "MISSING")):
        setattr(run, field, getattr(run, field) + sum(one.state == state for one in readings))
    run.copied += sum(one.was_copied for one in readings)
    run.busy_ms += busy_ms
    run.save()
    return found


@service
def pass_over(*, run_id: int, after: str, to: str, by: Actor, at: dt.datetime) -> None:
    """Move a run on over contents that no row names any more."""
    FixityRun.objects.filter(pk=run_id, state=RunState.RUNNING, cursor=after).update(cursor=to, moved_at=at)


@service
def go_on(*, run_id: int, by: Actor, at: dt.datetime) -> None:
    """Have a worker take the next piece, after the pause the rulebook grants everybody else."""
    pause = int(rulebook.number("records.fixity.pause_seconds", on=clock.date_of(at)))
    _go_on(run_id, not_before=at + dt.timedelta(seconds=pause) if pause else None)


@service
def finish_run(*, run_id: int, by: Actor, at: dt.datetime) -> bool:
    """End a run that has come to the last content; False when it had ended."""
    run = FixityRun.objects.select_for_update().filter(pk=run_id, state=RunState.RUNNING).first()
    if run is None:
        return False
    run.state, run.ended_at, run.moved_at = RunState.DONE, at, at
    run.save(update_fields=["state", "ended_at", "moved_at"])
    data = {
        name: getattr(run, name) for name in ("checked", "checked_bytes", "sound", "damaged", "missing", "restored")
    }
    journal.write(by=by, at=at, act="fixity.finished", on=run, data=data)
    return True


@service
def stop_run(*, run_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """End a run that cannot go on; the store itself is not there."""
    run = FixityRun.objects.select_for_update().filter(pk=run_id, state=RunState.RUNNING).first()
    if run is None:
        return
    run.state, run.ended_at, run.moved_at, run.note = RunState.STOPPED, at, at, reason[:300]
    run.save(update_fields=["state", "ended_at", "moved_at", "note"])
    journal.write(by=by, at=at, act="fixity.stopped", on=run, data={"reason": reason})


@service
def restore(*, finding_id: int, by: Actor, at: dt.datetime) -> bool:
    """Put sound content back where it is broken, from the other store; whether the finding is settled now.

    The content to be written is hashed before and while it is written; sound content is never overwritten (it settles
    the finding). Done twice it does nothing the second time; killed in the middle, the next run looks again.
    """
    finding = FixityFinding.objects.select_for_update().filter(pk=finding_id, outcome=Outcome.OPEN).first()
    if finding is None:
        return False
    kept, copy = store(), copy_store()
    here, there = (kept, copy) if finding.place == Place.STORE else (copy, kept)
    finding.tried_at = at
    content = Content(finding.sha256, finding.size)
    if not named({finding.sha256}):
        return _settle(finding, Outcome.GONE, by, at)
    try:
        if here is not None and queries.state_in(here, content)[0] == ContentState.SOUND:
            return _settle(finding, Outcome.SOUND_AGAIN, by, at)
        trouble = _mend(here, there, finding.sha256)
    except StoreUnavailable:
        trouble = _("The store does not answer.")
    if trouble:
        finding.trouble = trouble[:300]
        finding.save(update_fields=["tried_at", "trouble"])
        return False
    FixityRun.objects.filter(pk=finding.last_run_id).update(restored=F("restored") + 1)
    return _settle(finding, Outcome.RESTORED, by, at)


def _mend(target: ContentStore | None, source: ContentStore | None, sha256: str) -> str:
    """Write the other store's content here; why it cannot be, or ""."""
    if target is None or source is None:
        return _("There is no second copy to restore it from.")
    if not source.is_there() or not target.is_there():
        return _("The store does not answer.")
    try:
        with source.open(sha256) as content:
            target.mend(sha256, content)
    except MissingContent:
        return _("The other store does not hold it either.")
    except (DamagedContent, OSError):
        return _("It is damaged in the other store too.")
    return ""


def _still_kept(readings: Sequence[Reading]) -> list[Reading]:
    """Without what was found wanting and is named by no row any more: it was destroyed while we read."""
    wanting = [one.sha256 for one in readings if one.state != ContentState.SOUND or one.copy_state == "DAMAGED"]
    if not wanting:
        return list(readings)
    kept = named(wanting)
    return [one for one in readings if one.sha256 in kept or one.sha256 not in wanting]


def _found(run: FixityRun, reading: Reading, by: Actor, at: dt.datetime) -> list[int]:
    """Open a finding for each store in which content is broken, or meet the one that is open."""
    broken = [(Place.STORE, reading.state)] if reading.state != ContentState.SOUND else []
    if reading.copy_state == ContentState.DAMAGED:
        broken.append((Place.COPY, reading.copy_state))
    made = []
    for place, kind in broken:
        finding = FixityFinding.objects.filter(sha256=reading.sha256, place=place, outcome=Outcome.OPEN).first()
        if finding is not None:
            FixityFinding.objects.filter(pk=finding.pk).update(last_run=run, kind=kind)
        else:
            finding = FixityFinding.objects.create(
                run=run, last_run=run, sha256=reading.sha256, size=reading.size, kind=kind, place=place, found_at=at
            )
            data = {"sha256": reading.sha256, "kind": kind, "place": place, "run": run.pk}
            journal.write(by=by, at=at, act="fixity.found", on=finding, data=data)
        made.append(finding.pk)
    return made


def _settle_sound(readings: Sequence[Reading], by: Actor, at: dt.datetime) -> None:
    """Close findings whose content was found sound again: somebody brought a backup back, or a killed run mended it."""
    sound = {Place.STORE: {r.sha256 for r in readings if r.state == ContentState.SOUND}}
    sound[Place.COPY] = {r.sha256 for r in readings if r.copy_state == ContentState.SOUND}
    for finding in queries.open_findings([r.sha256 for r in readings]):
        if finding.sha256 in sound[Place(finding.place)]:
            _settle(finding, Outcome.SOUND_AGAIN, by, at)


def _settle(finding: FixityFinding, outcome: str, by: Actor, at: dt.datetime) -> bool:
    finding.outcome, finding.settled_at, finding.trouble = outcome, at, ""
    finding.save(update_fields=["outcome", "settled_at", "tried_at", "trouble"])
    data = {"sha256": finding.sha256, "place": finding.place, "outcome": outcome, "run": finding.last_run_id}
    act = "fixity.restored" if outcome == Outcome.RESTORED else "fixity.settled"
    journal.write(by=by, at=at, act=act, on=finding, data=data)
    if outcome == Outcome.RESTORED and finding.place == Place.STORE:
        _tell_items(finding, by, at)
    return True


def _tell_items(finding: FixityFinding, by: Actor, at: dt.datetime) -> None:
    """The history of each item that rests on the content says so too: it is part of what vouches for it."""
    from chancery.kernel.records.archive.models import ArchivalItem

    with connection.cursor() as cursor:
        cursor.execute(
            "update records_contentcheck set state = 'SOUND', sound_at = %s where sha256 = %s", [at, finding.sha256]
        )
    for item in ArchivalItem.objects.filter(parts__file__sha256=finding.sha256).distinct():
        journal.write(by=by, at=at, act="fixity.restored", on=item, data={"sha256": finding.sha256})


def _go_on(run_id: int, not_before: dt.datetime | None = None) -> None:
    from chancery.kernel.records.fixity.tasks import check_piece  # tasks import services

    enqueue_later(check_piece, {"run_id": run_id}, not_before=not_before, once=f"records.fixity:{run_id}")
