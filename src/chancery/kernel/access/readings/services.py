"""Writing a reading down."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.access.readings.rules import may_be_logged
from chancery.kernel.access.readings.terms import How


@service
def note_reading(*, guard_id: int, label: int, subject: str, how: How, by: Actor, at: dt.datetime) -> bool:
    """Write down that `by` opened it; whether a new line was needed.

    The same look again within some minutes is one reading. A read-only transaction writes nothing and goes on.
    """
    if not may_be_logged(by, label):
        return False
    held = rulebook.held(["access.readings.from_label", "access.readings.again_after"], on=clock.date_of(at))
    if label < held["access.readings.from_label"].number:
        return False
    minutes = int(held["access.readings.again_after"].number)
    with connection.cursor() as cursor:
        cursor.execute(
            "select access_note_reading(%s, %s, %s, %s, %s, %s)", [guard_id, label, subject, how.value, at, minutes]
        )
        row = cursor.fetchone()
    return bool(row and row[0])
