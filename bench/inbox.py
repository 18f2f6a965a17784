"""The inbox page of 20 over HTTP, with 10,000 matters and with 1,000,000; and against a bare Django list.

`inbox`: p50 at a million to p50 at ten thousand (target 1.2), the same queries. `inbox_page`: the page to a bare list
of 20 model instances in a plain template behind the same session and user (target 3). `inbox_queries`: queries of
the page at both sizes (`ratio` 1 = equal), in place of milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import _matters
from bench._matters import in_turn
from bench.frame import Row, Timing, site

SMALL, LARGE = 10_000, 1_000_000
TIMES = 200


def run() -> Iterator[Row]:
    """Three rows."""
    with site() as home:
        cast = _matters.people()
        _matters.generate(cast, SMALL)
        small, floor, few = _measured(home, cast)
        _matters.generate(cast, LARGE)
        large, floor_large, many = _measured(home, cast)
    # Each to the floor of its own minutes: the two sizes are measured a while apart.
    relative = (large.p50 / floor_large.p50) / (small.p50 / floor.p50)
    yield Row("inbox", large.p50, large.p95, small.p50, relative, 1.2, LARGE)
    yield Row.of("inbox_page", large, floor_large, target=3, rows=LARGE)
    yield Row("inbox_queries", float(many), None, float(few), many / few, 1, LARGE)


def _measured(home: Path, cast: Any) -> tuple[Timing, Timing, int]:
    with _matters.web(home) as port:
        person = _matters.Person(port, cast.handler)
        page = person.get("/inbox/")
        assert page.count(b"data-pick aria") == 20, page.count(b"data-pick aria")
        ours, floor = in_turn((lambda: person.get("/inbox/"), lambda: person.get("/bench-floor/")), TIMES)
    return ours, floor, _queries(cast)


def _queries(cast: Any) -> int:
    """How many statements the page takes, transaction control aside."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.access.accounts.models import Account

    client = Client(headers={"host": "127.0.0.1"})
    with acting_as(SYSTEM):
        from django.db import transaction

        with transaction.atomic():
            client.force_login(Account.objects.get(pk=cast.handler.account_id))
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/inbox/").status_code == 200
    return sum(1 for query in seen.captured_queries if query["sql"] not in {"BEGIN", "COMMIT"})
