"""Who read it, and who may."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from chancery.kernel.access.readings.models import Reading


def readings() -> QuerySet[Reading]:
    """The readings the stamped actor may see: one's own, those of the units one heads or registers for, and all of them
    for whoever looks after confidential work or audits."""
    return Reading.objects.order_by("-at", "-id")


def readings_of(guard_id: int) -> QuerySet[Reading]:
    """Readings of what one guard keeps, newest first."""
    return readings().filter(guard_id=guard_id)


@dataclass(frozen=True, slots=True)
class Sight:
    """One ground on which somebody may see a thing. Without an account: everybody of that clearance may."""

    account_id: int | None
    person_id: int | None
    post_id: int | None
    why: str
    for_post_id: int | None  # the absent post whose deputy sees it, or whose grant it is


def who_sees(guard_id: int) -> list[Sight]:
    """The people who may see what the guard keeps today, each ground once; [] when the actor may not ask."""
    with connection.cursor() as cursor:
        cursor.execute("select account_id, person_id, post_id, why, for_post_id from access_who_sees(%s)", [guard_id])
        return [Sight(*row) for row in cursor.fetchall()]
