"""Questions about seats."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.validity.services import span

_FREE = """
select s from generate_series(1, (
  select min(t.seats) from directory_postterm t where t.post_id = %(post)s and t.during && %(days)s::daterange)) s
where not exists (
  select 1 from directory_holding h where h.post_id = %(post)s and h.seat = s and h.during && %(days)s::daterange
    and (h.kind = 'ACTING') = %(acting)s)
order by s limit 1
"""


def free_seat(post_id: int, start: dt.date, until: dt.date | None, *, is_acting: bool) -> int | None:
    """The first seat nobody fills (or nobody acts in) on any of the days; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {"post": post_id, "days": span(start, until), "acting": is_acting})
        row = cursor.fetchone()
    if row:
        return int(row[0])
    # The post is not there on those days: let the database say so, of seat one.
    return 1 if not _exists(post_id, start, until) else None


def _exists(post_id: int, start: dt.date, until: dt.date | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select %s::daterange <@ during from directory_post where id = %s", [span(start, until), post_id]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def is_last_post(holding: Holding) -> bool:
    """Whether the person holds no other post without an end."""
    others = Holding.objects.filter(person_id=holding.person_id, during__endswith=None, is_void=False)
    return not others.exclude(pk=holding.pk).exists()
