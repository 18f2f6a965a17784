"""Filing 18,000 documents at once, each with a guard and a file of its own: what a department does once a year.

Ours is `file_many`: codes from the number series, items, parts, readers, search entries, journal chains, all judged by
the triggers, in one transaction. The floor copies the very rows that came of it (COPY, tables with the same indexes,
no triggers, no rules) in one transaction on the same server. `filing` has both in milliseconds for all; `ratio` is ours
to the floor. `filing_per_second` says documents a second in `ratio`. `filing_memory` says in `ratio` by how many
megabytes the process grew between the 2,000th document and the last: flat means a few, whatever the number.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import _matters
from bench.frame import Row, site

ROWS, SETTLED, BATCH = 18_000, 2_000, 2_000

_GENERATE = """
insert into access_guard (unit_id, label, scope, opened_post_id, opened_account_id, is_public)
select %(unit)s, 10, 'bench', %(post)s, %(account)s, false from generate_series(1, %(rows)s);
insert into records_storedfile (guard_id, owner, name, media_type, size, sha256, pages, text, stored_at)
select g.id, '', g.id || '.pdf', 'application/pdf', 1000, encode(sha256(g.id::text::bytea), 'hex'), 2, '', now()
from access_guard g where g.scope = 'bench';
analyze access_guard;
analyze records_storedfile
"""

# What filing writes, and how to name the rows that came of it.
_WRITTEN = {
    "records_archivalitem": "true",
    "records_itempart": "true",
    "records_issuednumber": "series like 'archive.%'",
    "access_guardreader": "how = 'archive'",
    "records_searchentry": "kind = 'archive'",
    "journal_entry": "act = 'item.filed'",
    "journal_head": "subject like 'records.archivalitem:%'",
}


def run() -> Iterator[Row]:
    """One filing, and the floor of it."""
    with site() as home:
        cast = _matters.people()
        by = cast.registrar
        things = _prepare(cast, by)
        from chancery.foundations import clock
        from chancery.kernel.records.archive.services import file_many

        seen: dict[str, int] = {}
        began = time.perf_counter()
        filed = file_many(facts=_facts(cast, things, seen), by=by, at=clock.now(), batch=BATCH)
        ours = (time.perf_counter() - began) * 1000
        if filed.count != ROWS:
            raise RuntimeError(f"{filed.count} of {ROWS} were filed")
        grown = (_resident() - seen["settled"]) / 1024
        floor = _floor(home)
        yield Row("filing", ours, None, floor, ours / floor, None, ROWS)
        yield Row("filing_per_second", None, None, None, ROWS / ours * 1000, None, ROWS)
        yield Row("filing_memory", None, None, None, grown, 32, ROWS)


def _prepare(cast: Any, by: Any) -> list[tuple[int, int]]:
    """The plan in force; 18,000 guards with a file each. (guard, file) of each."""
    import psycopg
    from django.db import transaction

    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.records.fileplan.services import load_plan

    with acting_as(SYSTEM), transaction.atomic():
        load_plan(unit_id=cast.units["CAST"], keeper_unit_id=cast.units["GO"], by=SYSTEM, at=clock.now())
    values = {"unit": cast.units["GO"], "post": by.post_id, "account": by.account_id, "rows": ROWS}
    with _matters.owner() as server:
        for statement in _GENERATE.split(";\n"):
            psycopg.ClientCursor(server).execute(statement, values)
        return server.execute(
            "select g.id, f.id from access_guard g join records_storedfile f on f.guard_id = g.id"
            " where g.scope = 'bench' order by g.id"
        ).fetchall()


def _facts(cast: Any, things: list[tuple[int, int]], seen: dict[str, int]) -> Iterator[Any]:
    import datetime as dt

    from chancery.foundations import clock
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.records.archive.terms import ItemFacts, PartFacts, PartRole
    from chancery.kernel.records.fileplan import queries as plan

    with acting_as(cast.registrar):
        found = plan.propose(kind="incoming", type_code="LETTER", unit_id=cast.units["GO"], on=clock.today())
    for serial, (guard_id, file_id) in enumerate(things, 1):
        if serial == SETTLED + 1:  # a batch is through: buffers, caches and statements are there
            seen["settled"] = _resident()
        yield ItemFacts(
            kind="bench",
            subject=f"bench.thing:{serial}",
            content_guard_id=guard_id,
            unit_id=cast.units["GO"],
            title=f"关于第{serial}项工作的通知 Notice on work no. {serial}",
            author="办公厅",
            document_number=f"样办发〔2025〕{serial}号",
            dated_on=dt.date(2025, 1, 1) + dt.timedelta(days=serial % 365),
            plan_class_id=found.class_id,
            page_count=2,
            parts=(PartFacts(file_id, PartRole.MAIN, "", 2),),
        )


def _floor(home: Path) -> float:
    """The same rows, copied into tables with the same indexes; milliseconds, the read from disk not counted."""
    with _matters.owner() as server:
        for table, which in _WRITTEN.items():
            server.execute(f"create table floor_{table} (like {table} including all)")
            with (
                (home / f"{table}.copy").open("wb") as out,
                server.cursor() as cursor,
                cursor.copy(f"copy (select * from {table} where {which}) to stdout") as rows,
            ):
                for piece in rows:
                    out.write(piece)
        began = time.perf_counter()
        with server.transaction(), server.cursor() as cursor:
            for table in _WRITTEN:
                content = (home / f"{table}.copy").read_bytes()
                with cursor.copy(f"copy floor_{table} from stdin") as into:
                    into.write(content)
        return (time.perf_counter() - began) * 1000


def _resident() -> int:
    """Kilobytes of this process in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
