"""The public directory page as of a past day with a whole federation behind it, against the page of the seed alone.

The floor is the page itself over the seed directory alone; ours is the page with 10,000 units and 350,000 people in
the database. Both are whole requests: middleware, transaction, query, rendering.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench import _federation
from bench.frame import Row, site, timed

ADDRESS = "/about-us/administrative-departments/?on=2010-05-01"


def run() -> Iterator[Row]:
    """The page before and after the federation moves in."""
    with site() as home:
        from django.test import Client

        from chancery.foundations.postgres import embedded

        _federation.load_seed()
        public = Client(headers={"accept-language": "en", "host": "127.0.0.1"})

        def page() -> None:
            answer = public.get(ADDRESS)
            assert answer.status_code == 200, answer.status_code
            assert b"Wang Yanhu" in answer.content

        floor = timed(page, 60)
        _federation.fill_embedded(embedded.ensure(home / "postgres"))
        ours = timed(page, 60)
        yield Row.of("directory_past", ours, floor, target=1.5, rows=_federation.PEOPLE)
