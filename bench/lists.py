"""A list of 1,000,000 rows over HTTP: a page from row to row deep down against the second page.

The list is the journal as the auditor reads it, under row security: newest first, twenty a page, counted to a thousand.
The second page is turned to by its number; those deep down by the row before them (`?after=`), spread over the whole
list, taken in turn with the second. `ratio` is deep to second.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bench import _matters
from bench.frame import Row, site

ROWS = 1_000_000
TIMES = 200

_GENERATE = """
set session_replication_role = replica;
insert into journal_entry (id, subject, seq, at, recorded_at, day, act, data, kind, account_id, person_id, post_id,
       body_id, person_name, post_title, body_name, label, canonical, previous_hash, hash)
select i, 'bench.paper:' || i / 5, i %% 5 + 1, t.at, t.at, t.at::date, 'journal.checked', '{}', 'PERSON', n, n, n, 1,
       'Person ' || n, 'Clerk', 'Office', 10, repeat('x', 600), decode(repeat('00', 32), 'hex'),
       sha256(i::text::bytea)
from generate_series(%(low)s::int, %(high)s::int) i
cross join lateral (select now() - (%(high)s - i) * interval '1 minute' as at, i %% 997 as n) t;
set session_replication_role = origin;
select setval('journal_entry_id_seq', %(high)s);
analyze journal_entry;
"""


def run() -> Iterator[Row]:
    """One row."""
    with site() as home:
        cast = _matters.people()
        _fill()
        with _matters.web(home) as port:
            person = _matters.Person(port, cast.auditor)
            deep = itertools.cycle(range(ROWS // 50, ROWS, ROWS // 50))
            assert person.get(f"/journal/?after={ROWS // 2}").count(b"<tr") == person.get("/journal/?page=2").count(
                b"<tr"
            )
            ours, floor = _matters.in_turn(
                (lambda: person.get(f"/journal/?after={next(deep)}"), lambda: person.get("/journal/?page=2")), TIMES
            )
    yield Row.of("lists", ours, floor, target=1.5, rows=ROWS)


def _fill() -> None:
    import psycopg

    with _matters.owner() as server:
        low = server.execute("select coalesce(max(id), 0) + 1 from journal_entry").fetchone()[0]
        for statement in _GENERATE.split(";\n"):
            if statement.strip():
                psycopg.ClientCursor(server).execute(statement, {"low": low, "high": ROWS})
