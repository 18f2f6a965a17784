"""The nightly seal, and the check an auditor asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from itertools import islice

import psycopg
from django.utils import timezone

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic, task
from chancery.foundations.journal import command, services, verify
from chancery.foundations.rulebook import queries as rulebook

TOLD = 50  # findings kept with the result; the command line tells all


@periodic("*/10 * * * *")
def seal_the_day_before(*, at: dt.datetime) -> None:
    """Seal yesterday once the hour of sealing (`journal.seal.time`) has struck; catches up after a standstill."""
    today = clock.date_of(at)
    if timezone.localtime(at).time() >= dt.time.fromisoformat(rulebook.text("journal.seal.time", on=today)):
        services.seal_day(day=today - dt.timedelta(days=1), by=SYSTEM, at=at)


@task(attempts=2, lock="journal.check", atomic=False)
def check_the_journal(*, asked_by: str) -> None:
    """Run the stand-alone verifier on a connection of its own, and write down what it found."""
    with psycopg.connect(command.own_address(), autocommit=True) as connection:
        verifier = verify.Verifier(connection)
        findings = verifier.findings()
        told = [asdict(finding) for finding in islice(findings, TOLD)]
        total = len(told) + sum(1 for _ in findings)
    services.write_down_check(
        counted=asdict(verifier.counted), total=total, findings=told, asked_by=asked_by, by=SYSTEM, at=clock.now()
    )
