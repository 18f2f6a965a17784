"""Permission-exact people search among 350,000 people against the bare indexed query.

Ours is what the find box asks as a member of staff: a transaction stamped with the actor, people by surname, full
name, initials or given name, Chinese or pinyin, only those one may see, each with the posts of the day. The floor is
the same answer by plain SQL as the owner of the tables: the same indexes, prepared statements, no stamp, no
permission. `people_search_public` is the same search by somebody not signed in, who may see 20,000 of the people.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator

import psycopg

from bench import _federation
from bench.frame import Row, site, timed

DAY = dt.date(2026, 3, 1)
TYPED = ("wang", "李伟", "zhang w", "王", "zwm", "liuyang", "陈", "guo jia")

_POSTS = """
(select json_agg(json_build_object('title_en', t.title_en, 'title_zh', t.title_zh, 'kind', h.kind, 'unit_id', u.unit_id,
    'unit_name_en', u.name_en, 'unit_name_zh', u.name_zh) order by u.position, t.position)
 from directory_holding h join directory_post p on p.id = h.post_id
 join directory_postterm t on t.post_id = p.id and t.during @> %(day)s::date
 join directory_unitterm u on u.unit_id = p.unit_id and u.during @> %(day)s::date
 where h.person_id = q.id and h.during @> %(day)s::date)
"""
_COLUMNS = f"select q.id, q.code, q.name_en, q.name_zh, q.is_sample, {_POSTS} from"
BARE = {
    "latin": f"{_COLUMNS} directory_person q where q.sort_key like %(start)s order by q.sort_key limit 20",
    "chinese": f"{_COLUMNS} directory_person q where q.name_zh like %(start)s order by q.name_zh limit 20",
    "keys": f"{_COLUMNS} (select * from directory_person where keys @@ %(asked)s::tsquery limit 2000) q"
    " order by q.sort_key limit 20",
}


def run() -> Iterator[Row]:
    """A round of eight things people type."""
    with site() as home:
        from django.db import transaction

        from chancery.foundations.actor import PUBLIC, Actor
        from chancery.foundations.postgres import embedded
        from chancery.foundations.postgres.row_security import acting_as
        from chancery.kernel.directory.finding.queries import find_people

        _federation.load_seed()
        server = embedded.ensure(home / "postgres")
        _federation.fill_embedded(server)

        def by(actor: Actor) -> Callable[[], None]:
            typed = itertools.cycle(TYPED)

            def search() -> None:
                with acting_as(actor), transaction.atomic():
                    find_people(next(typed), on=DAY)

            return search

        staff = Actor(account_id=1, person_id=1, post_id=1, body_id=1, clearance=10)
        with psycopg.connect(**server.params(), dbname="chancery", autocommit=True) as owner:
            floor = timed(_bare(owner), 400)
            yield Row.of("people_search", timed(by(staff), 400), floor, target=3, rows=_federation.PEOPLE)
            yield Row.of("people_search_public", timed(by(PUBLIC), 400), floor, target=3, rows=_federation.PEOPLE)


def _bare(owner: psycopg.Connection) -> Callable[[], None]:
    from chancery.kernel.directory.finding.rules import question

    typed = itertools.cycle(TYPED)

    def search() -> None:
        text = next(typed)
        shape = "chinese" if not text.isascii() else "keys" if text in ("zwm", "liuyang") else "latin"
        owner.execute(BARE[shape], {"day": DAY, "start": f"{text}%", "asked": question(text)}).fetchall()

    return search
