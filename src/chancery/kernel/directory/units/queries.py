"""Questions about one unit."""

from __future__ import annotations

from typing import Any

from django.db import connection

# Every row that belongs to the unit, in one number that only ever grows: any change makes it another.
_STAMP = """
select (select version from directory_unit where id = %(unit)s)
  + (select coalesce(sum(version), 0) from directory_unitterm where unit_id = %(unit)s)
  + (select coalesce(sum(version), 0) from directory_post where unit_id = %(unit)s)
  + (select coalesce(sum(t.version), 0) from directory_postterm t join directory_post p on p.id = t.post_id
     where p.unit_id = %(unit)s)
  + (select coalesce(sum(h.version), 0) from directory_holding h join directory_post p on p.id = h.post_id
     where p.unit_id = %(unit)s)
  + (select coalesce(sum(version), 0) from directory_contact where unit_id = %(unit)s)
"""


def stamp_of(unit_id: int) -> int:
    """The state of a unit with its posts, holdings and contacts, as a number forms carry to notice a later change."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, {"unit": unit_id})
        row: tuple[Any, ...] | None = cursor.fetchone()
    return int(row[0]) if row and row[0] is not None else 0
