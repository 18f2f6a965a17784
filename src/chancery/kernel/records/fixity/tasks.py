"""The check by the clock, in pieces; the second copy; taking up what a killed worker left."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import MissingContent, copy_store, store
from chancery.foundations.jobs import periodic, task
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.records.fixity import queries, rules, services
from chancery.kernel.records.fixity.terms import RunCause, listeners

LEFT_LYING = dt.timedelta(minutes=10)

log = logging.getLogger(__name__)


@task(atomic=False)
def check_piece(*, run_id: int) -> None:
    """Read the next piece of a run and note it; then have the next one taken."""
    if take_piece(run_id=run_id, at=clock.now()):
        services.go_on(run_id=run_id, by=SYSTEM, at=clock.now())


def take_piece(*, run_id: int, at: dt.datetime) -> bool:
    """One piece; whether there is more. What was read counts once, however often a killed worker's job is run again.

    Nothing is read from the disk inside a transaction: a piece may take a minute.
    """
    with acting_as(SYSTEM), transaction.atomic():
        run = queries.run_of(run_id)
        if run is None or run.ended_at is not None:
            return False
        most = int(rulebook.number("records.fixity.piece_mb", on=clock.date_of(at))) * 1024 * 1024
        contents = queries.next_contents(run.cursor, most)
    if contents and not store().is_there():
        services.stop_run(run_id=run_id, reason=_("The file store is not there."), by=SYSTEM, at=at)
        return False
    if not contents:
        services.finish_run(run_id=run_id, by=SYSTEM, at=at)
        return False
    if not run.total:
        services.measure_run(run_id=run_id, by=SYSTEM, at=at)
    readings, busy_ms = queries.read(contents)
    found = services.note_piece(
        run_id=run_id, after=run.cursor, readings=readings, busy_ms=busy_ms, by=SYSTEM, at=clock.now()
    )
    services.pass_over(run_id=run_id, after=run.cursor, to=contents[-1].sha256, by=SYSTEM, at=at)
    restored = sum(services.restore(finding_id=one, by=SYSTEM, at=clock.now()) for one in found)
    if found:
        with acting_as(SYSTEM), transaction.atomic():
            for listener in listeners():
                listener(run_id, len(found), restored, at)
    return True


@periodic("23 17 * * *", atomic=False)
def check_by_the_clock(*, at: dt.datetime) -> None:
    """At night: start a run when the rulebook's interval has passed."""
    with acting_as(SYSTEM), transaction.atomic():
        last = queries.last_run()
        every = rulebook.days("records.fixity.every", on=clock.date_of(at))
        if queries.running() is None and rules.is_due(last.started_at if last else None, every, at):
            services.start_run(cause=RunCause.CLOCK, by=SYSTEM, at=at)


@periodic("*/10 * * * *", atomic=False)
def take_up_the_run(*, at: dt.datetime) -> None:
    """Go on with a run that nobody has moved for a while: its worker and its job were lost."""
    with acting_as(SYSTEM), transaction.atomic():
        run = queries.running()
        if run is not None and at - run.moved_at > LEFT_LYING:
            services.go_on(run_id=run.pk, by=SYSTEM, at=at)


@task(atomic=False)
def copy_content(*, sha256: str) -> None:
    """Write content to the second copy, once its row is committed."""
    copy = copy_store()
    if copy is None or not copy.is_there():
        return  # the next check writes what the copy lacks
    try:
        with store().open(sha256) as content:
            copy.keep(sha256, content)
    except MissingContent:
        log.info("content %s was taken away before it was copied", sha256)
