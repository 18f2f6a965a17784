"""Questions about guards."""

from __future__ import annotations

from django.db import connection

from chancery.kernel.access.guards.models import Guard


def is_visible(guard_id: int) -> bool:
    """Whether the stamped actor sees what this guard keeps."""
    return Guard.objects.filter(pk=guard_id).exists()


def few_guards(at_most: int = 1000) -> list[int] | None:
    """The guards the stamped actor sees, when they are few; None when they are many.

    A list sorted by date that someone sees little of is driven from these (`guard_id__in=few`): row security alone
    would test every row of the table to show three. When many are seen, the sorted walk soon finds a page.
    The answer may include guards above the actor's clearance; row security still hides what they keep.
    """
    with connection.cursor() as cursor:
        cursor.execute("select access_few_guards(%s)", [at_most])
        row = cursor.fetchone()
    return row[0] if row else None
