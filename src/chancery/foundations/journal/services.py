"""Writing the journal and sealing its days."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal.queries import subject_of
from chancery.foundations.postgres.row_security import acting_as, current

_APPEND = "select journal_append(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


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
        label = getattr(on, "label", None)
    parameters = (
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
        act,
        subject_of(on),
        json.dumps(data or {}, cls=DjangoJSONEncoder, ensure_ascii=False),
        guard_id,
        int(Clearance.INTERNAL if label is None else label),
    )
    # Not @service: inside a service nothing is left to begin, and a savepoint would cost two more round trips.
    if connection.in_atomic_block and current() == by:
        return _append(parameters)
    with acting_as(by), transaction.atomic():
        return _append(parameters)


def _append(parameters: tuple[object, ...]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, parameters)
        row = cursor.fetchone()
    return int(row[0])
