"""Complete a task over HTTP: session, actor, rules, engine step, opinion, journal, next task, inbox, commit.

Floor: one transaction of three plain statements (an event row, a matter row, an inbox row) by psycopg on the same
server, taken in turn with ours so that all feel the same load. `transition_one` measures against the same three in a
single statement, the least PostgreSQL can do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import _matters
from bench._matters import in_turn
from bench.frame import Row, site

TIMES = 300
MATTERS = 10_000


def run() -> Iterator[Row]:
    """Two rows."""
    with site() as home:
        cast = _matters.people()
        tasks = _opened(cast, TIMES + TIMES // 10 + 5)
        with _matters.owner() as server, _matters.web(home) as port:
            plain, single = _floors(server)
            person = _matters.Person(port, cast.handler)
            person.get("/inbox/")
            waiting = iter(tasks)

            def complete() -> None:
                person.post(f"/tasks/{next(waiting)}/complete/", outcome="SENT", opinion="Agreed. 同意。", seen="1")

            ours, floor, one = in_turn((complete, plain, single), TIMES)
        yield Row.of("transition", ours, floor, target=20, rows=len(tasks))
        yield Row.of("transition_one", ours, one, target=None, rows=len(tasks))


def _opened(cast: Any, count: int) -> list[int]:
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.procedures import services
    from chancery.kernel.procedures.matters.models import Task

    for n in range(count):
        services.open_matter(
            procedure="bench", title=f"Matter {n}", unit_id=cast.units["PF"], by=cast.handler, at=clock.now()
        )
    with acting_as(SYSTEM):
        from django.db import transaction

        with transaction.atomic():
            return list(Task.objects.filter(step="draft").order_by("id").values_list("id", flat=True))


def _floors(server: Any) -> tuple[Any, Any]:
    """Three plain statements in a transaction, and the same in one statement."""
    server.execute(
        "create table bench_event (id bigserial primary key, matter_id bigint, at timestamptz, act text, data jsonb);"
        "create table bench_matter (id bigint primary key, state text, version int);"
        "create table bench_inbox (id bigint primary key, matter_id bigint, state text);"
        f"insert into bench_matter select i, 'OPEN', 1 from generate_series(1, {MATTERS}) i;"
        f"insert into bench_inbox select i, i, 'READY' from generate_series(1, {MATTERS}) i"
    )
    number = iter(range(1, MATTERS))

    def plain() -> None:
        n = next(number)
        with server.transaction():
            server.execute("insert into bench_event (matter_id, at, act, data) values (%s, now(), 'done', '{}')", [n])
            server.execute("update bench_matter set state = 'NEXT', version = version + 1 where id = %s", [n])
            server.execute("update bench_inbox set state = 'DONE' where id = %s", [n])

    def single() -> None:
        n = next(number)
        server.execute(
            "with e as (insert into bench_event (matter_id, at, act, data) values (%s, now(), 'done', '{}')),"
            " m as (update bench_matter set state = 'NEXT', version = version + 1 where id = %s)"
            " update bench_inbox set state = 'DONE' where id = %s",
            [n, n, n],
        )

    return plain, single
