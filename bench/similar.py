"""Similarity among 1,000,000 past petitions: what the page of a petition asks.

The rows are generated set-based: a signature is a digest a place, and one case in a thousand is a copy of another with
every tenth place changed, so that there is something to find. `similar_search` is `likeness.queries.search` of one who
registers, in the stamped transaction that a request holds: candidates by their bands, the same contact and name, how
much they have in common, and of that what the actor may see, in one question. Its floor is the bare index query of the
same bands by the owner, without row security; the ratio is p50 to p50. `similar_alike` is the whole of what the page
asks: a transaction of its own, the figure of the rulebook, the search, the petitions found as objects. Each answer is
compared with what was generated. `similar_sign` is what receiving adds: hashing a text of 2,000 characters; its `ratio`
says milliseconds. How long the loading took is told beforehand.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

from bench import _matters
from bench.frame import Row, site

ROWS, TIMES, ASKED = 1_000_000, 60, 60
TARGET = 3.0

# One guard for all: what is measured is the search; that each guard is asked is `bench search`.
_GENERATE = """
set session_replication_role = replica;
drop index petition_bands;
insert into general_office_petition (guard_id, number, title, kind, channel, language, field, region, received_at,
       received_on, registered_at, state, state_at, stage, is_provisional, group_size, is_anonymous, is_repeat, outcome,
       reopened_count, version)
select %(guard)s, 'B-' || i, 'past case ' || i, 'APPEAL', 'WEB', 'en', '', '', now() - i * interval '1 minute',
       (now() - i * interval '1 minute')::date, now(), 'CLOSED', now(), 'FIRST', false, 1, true, false, '', 0, 1
from generate_series(1, %(rows)s) i;
insert into general_office_petitionlikeness (petition_id, signature, bands, like_before)
select p.id, s.signature, array(
           select ('x' || substr(md5(n::text || ':' || substring(s.signature from n * 20 + 1 for 20)::text), 1, 16))
                  ::bit(64)::bigint
           from generate_series(0, 19) n), 0
from (select id, substr(number, 3)::int as i from general_office_petition where number like 'B-%%') p
cross join lateral (
    select decode(string_agg(substr(md5(p.i - (p.i %% 1000 = 0 and k %% 10 > 0)::int || '/' || k), 1, 8), ''
                             order by k), 'hex') as signature
    from generate_series(0, 99) k
) s;
create index petition_bands on general_office_petitionlikeness using gin (bands) with (fastupdate = off);
set session_replication_role = origin;
vacuum analyze general_office_petition;
vacuum analyze general_office_petitionlikeness
"""

_BARE = "select petition_id from general_office_petitionlikeness where bands && %s::bigint[] limit 300"
_TEXT = "".join(chr(0x4E00 + (n * 7919) % 3000) for n in range(2_000))


def run() -> Iterator[Row]:
    """Searches around cases that have a copy, each another one."""
    with site():
        cast = _matters.people()
        by = cast.petition_registrar
        asked = _fill(cast)
        from django.db import transaction

        from chancery.departments.general_office.petitions.likeness import queries, rules
        from chancery.foundations import clock, vault
        from chancery.foundations.postgres.row_security import acting_as

        # Cases of its own for each: what one has read, the other would find in memory.
        searched, shown, floored = (iter(asked[part * ASKED :][:ASKED] * 4) for part in range(3))

        def search() -> object:
            pk, _bands, copied = next(searched)
            if queries.search(pk, least=30) != [(copied, 90, False, False)]:
                raise RuntimeError(f"the copy of {pk} was not found, or not it alone")
            return None

        def alike() -> object:
            pk, _bands, copied = next(shown)
            with acting_as(by), transaction.atomic():
                found = queries.alike(pk, on=clock.today())
            if [(one.petition.pk, one.percent) for one in found] != [(copied, 90)]:
                raise RuntimeError(f"the copy of {pk} was not shown")
            return found

        with _matters.owner() as server:
            server.execute("set enable_seqscan = off")  # the planner takes every number for a common one

            def floor() -> object:
                return server.execute(_BARE, [next(floored)[1]]).fetchall()

            with acting_as(by), transaction.atomic():
                mine, bare = _matters.in_turn((search, floor), TIMES)
            (whole,) = _matters.in_turn((alike,), TIMES)
        yield Row.of("similar_search", mine, bare, target=TARGET, rows=ROWS)
        yield Row("similar_alike", whole.p50, whole.p95, None, None, None, ROWS)
        mac = vault.macs("petition.shingle")
        began = time.perf_counter()
        for _time in range(20):
            rules.bands(rules.signature(_TEXT, mac))
        yield Row("similar_sign", None, None, None, (time.perf_counter() - began) * 1000 / 20, None, 1)


def _fill(cast: Any) -> list[tuple[int, list[int], int]]:
    """The rows; of cases that are a copy: (id, bands, id of the original)."""
    import psycopg
    from django.db import transaction

    from chancery.departments.general_office.petitions import services
    from chancery.foundations import clock
    from chancery.foundations.actor import PUBLIC
    from chancery.foundations.postgres.row_security import acting_as

    with acting_as(PUBLIC), transaction.atomic():
        made = services.receive(
            kind="APPEAL", channel="WEB", language="en", request="The first of many.", by=PUBLIC, at=clock.now()
        ).petition
    began = time.perf_counter()
    with _matters.owner() as server:
        for statement in _GENERATE.split(";\n"):
            psycopg.ClientCursor(server).execute(statement, {"guard": made.guard_id, "rows": ROWS})
        print(f"loaded {ROWS:,} cases in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        copies: list[tuple[int, list[int], int]] = server.execute(
            "select l.petition_id, l.bands, o.id from general_office_petitionlikeness l"
            " join general_office_petition p on p.id = l.petition_id"
            " join general_office_petition o on o.number = 'B-' || (substr(p.number, 3)::int - 1)"
            " where p.number like 'B-%%' and substr(p.number, 3)::int %% 1000 = 0 order by l.petition_id limit %s",
            [3 * ASKED],
        ).fetchall()
        return copies
