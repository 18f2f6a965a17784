"""Where matters come from when the index is filled. Read as the system; each has its own guard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import connection

from chancery.kernel.records.terms import Entry, Source, all_sources

# What a matter is about is found by itself, if something reads it into the index; then the matter is one click away.
_MATTERS = """
select m.id, m.guard_id, m.title, m.number, m.opened_at::date, m.unit_id, m.label, m.state
from procedures_matter m
where m.id = any(%(keys)s) and split_part(m.subject, ':', 1) <> all (%(others)s)
  and not exists (select 1 from records_archivalitem i
                  where i.subject = 'procedures.matter:' || m.id and i.state in ('DESTROYED', 'TRANSFERRED'))
"""


def _matters(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(_MATTERS, {"keys": list(keys), "others": list(all_sources())})
        rows = cursor.fetchall()
    for key, guard, title, number, opened, unit, label, state in rows:
        shown = f"{number} {title}".strip()
        yield Entry(guard, "matter", f"procedures.matter:{key}", opened, shown, shown, "", unit, label, state=state)


SOURCE = Source("procedures_matter", "procedures.matter", _matters)
