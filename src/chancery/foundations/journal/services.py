"""Writing the journal and sealing its days."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.jobs import enqueue_later
from chancery.foundations.journal.models import Seal
from chancery.foundations.journal.queries import subject_of
from chancery.foundations.postgres.row_security import acting_as, current, service
from chancery.foundations.verdict import Refused

# Sealing waits for those who are writing; they in turn would wait for it behind them.
LONGEST_WAIT = "3s"


# The subject under which checks of the whole journal are written down.
CHECKS = "journal.check:all"


class DayNotOver(Refused):
    """A day that is still running cannot be sealed."""


class WritersBusy(Refused):
    """A long transaction is writing; the seal comes with the next attempt."""


_APPEND = "select journal_append(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_APPEND_MANY = (
    "select journal_append_many(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb[], %s::bigint[],"
    " %s::bigint[])"
)


def write(
    *,
    by: Actor,
    at: dt.datetime,
    act: str,
    on: Model | str,
    data: Mapping[str, Any] | None = None,
    guard_id: int | None = None,
    label: int | None = None,
) -> int:
    """Append one entry to the chain of `on`, in the running transaction; returns its id. One round trip.

    `on` is a row, or a subject "label.model:pk". `guard_id` and `label` default to those of the row; an entry without
    a guard shows to everybody whose clearance reaches its label (INTERNAL unless told).
    """
    if guard_id is None:
        guard_id = getattr(on, "guard_id", None)
    if label is None:
        own = getattr(on, "label", None)
        label = own if isinstance(own, int) else Clearance.INTERNAL
    parameters = (
        *_who_and_when(by, at),
        act,
        subject_of(on),
        json.dumps(data or {}, cls=DjangoJSONEncoder, ensure_ascii=False),
        guard_id,
        int(label),
    )
    # Not @service: inside a service nothing is left to begin, and a savepoint would cost two more round trips.
    if connection.in_atomic_block and current() == by:
        return _append(parameters)
    with acting_as(by), transaction.atomic():
        return _append(parameters)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of many: the subject, what is said of it, who may read it."""

    subject: str
    data: Mapping[str, Any]
    guard_id: int | None = None
    label: int = Clearance.INTERNAL


@service
def write_many(*, act: str, lines: Sequence[Line], by: Actor, at: dt.datetime) -> int:
    """Append one entry to the chain of each line's subject, all of the same act, in one statement; returns how many.

    For work on whole sets. A subject may stand in `lines` once.
    """
    if not lines:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND_MANY,
            [
                *_who_and_when(by, at),
                act,
                [line.subject for line in lines],
                [json.dumps(line.data, cls=DjangoJSONEncoder, ensure_ascii=False) for line in lines],
                [line.guard_id for line in lines],
                [int(line.label) for line in lines],
            ],
        )
        row = cursor.fetchone()
    return int(row[0])


def _who_and_when(by: Actor, at: dt.datetime) -> tuple[Any, ...]:
    return (
        at,
        clock.date_of(at),
        by.kind.value,
        by.account_id,
        by.person_id,
        by.post_id,
        by.body_id,
        by.deputising_for,
        by.name,
        by.post_title,
        by.body_name,
    )


@service
def seal_day(*, day: dt.date, by: Actor, at: dt.datetime) -> list[Seal]:
    """Seal a day that is over, and any unsealed day before it. Returns the seals made: none when it was sealed before.

    Only the system may. From then on nothing can be booked on the day: a late act goes to the first open day.
    """
    if day >= clock.date_of(at):
        raise DayNotOver(_("%(date)s is not over yet; a day is sealed when it has ended.") % {"date": day.isoformat()})
    zone, sealed = settings.TIME_ZONE, []
    try:
        with connection.cursor() as cursor:
            cursor.execute("select set_config('lock_timeout', %s, true), journal_next_open_day()", [LONGEST_WAIT])
            following = cursor.fetchone()[1]
            while following is not None and following <= day:
                cursor.execute("select journal_seal_day(%s, %s)", [following, zone])
                sealed.append(following)
                following += dt.timedelta(days=1)
            cursor.execute("select set_config('lock_timeout', '0', true)")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "55P03":
            raise WritersBusy(_("Somebody is writing to the journal just now. Try again in a moment.")) from error
        raise
    return list(Seal.objects.filter(day__in=sealed).order_by("day"))


def _append(parameters: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, parameters)
        row = cursor.fetchone()
    return int(row[0])


@service
def ask_for_check(*, by: Actor, at: dt.datetime) -> None:
    """Have a worker check the whole journal; while one check waits, another is not added."""
    from chancery.foundations.journal.tasks import check_the_journal  # tasks import services

    if enqueue_later(check_the_journal, {"asked_by": by.name}, once=CHECKS):
        write(by=by, at=at, act="journal.check_asked", on=CHECKS)


@service
def write_down_check(
    *,
    counted: Mapping[str, int],
    total: int,
    findings: list[dict[str, Any]],
    asked_by: str,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Keep the result of a check in the journal itself."""
    data = {**counted, "total": total, "findings": findings, "asked_by": asked_by}
    write(by=by, at=at, act="journal.checked", on=CHECKS, data=data, label=Clearance.RESTRICTED)
