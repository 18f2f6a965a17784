"""Search among 1,000,000 things, each with a guard of its own, by one who may see 1 % and one who may see 90 % of them.

Ours is what the page asks, `search()` in a transaction stamped with the person: candidates, facets, the rows of the
first page, highlighted. The floor is the same call without row security: stamped as the system, for which neither
policy nor law of visibility is asked. `ratio` is p50 to p50, in the rows `…_p95` p95 to p95 (target 2). What is asked:
a rare word (ten things say it), a middling one (1 %), a common one (30 %), two common ones, a phrase, a common word
with filters, some of these the newest first, and the suggestions while someone types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bench import _matters
from bench.frame import Row, site

ROWS = 1_000_000
TIMES = 40

_GENERATE = """
set session_replication_role = replica;
drop index records_search_words;
insert into access_guard (id, unit_id, label, scope, opened_post_id, opened_account_id, is_public, reader_posts,
       reader_duties)
select %(low)s + i, case when i %% 10 < 9 then %(seen)s else %(unseen)s end, 10, '', null, null, false,
       case when i %% 100 = 99 then array[%(post)s::bigint] else '{}' end, '{}'
from generate_series(1, %(rows)s) i;
insert into access_guardreader (guard_id, post_id, role, unit_id, how, since)
select id, %(post)s, null, null, 'task', now() from access_guard where id > %(low)s and reader_posts <> '{}';
insert into records_searchentry (guard_id, kind, subject, title_en, title_zh, body, dated, unit_id, label, class_code,
       state, keys, tokens, tokenizer, indexed_at)
select g.id, (array['incoming', 'outgoing', 'archive', 'matter'])[1 + i %% 4], 'bench.thing:' || i, said.title,
       said.title, said.body, date '2010-01-01' + (i / 170), g.unit_id, 10,
       (array['1', '1.2', '2', '3'])[1 + i / 7 %% 4], (array['OPEN', 'DONE'])[1 + i / 3 %% 2], records_guard_keys(g),
       setweight(array_to_tsvector(array[said.title]), 'A') || said.body::tsvector, 1, now()
from generate_series(1, %(rows)s) i join access_guard g on g.id = %(low)s + i
cross join lateral (select md5(i::text) as md) r
cross join lateral (
    select 'title' || i %% 5000 as title,
        concat_ws(' ',
            case when md5('c' || i) < '4d' then 'common' end, case when md5('f' || i) < '4d' then 'frequent' end,
            case when md5('m' || i) < '028f' then 'middling' end, case when i %% 100000 = 99 then 'rare' end,
            case when i %% 50 in (7, 49) then 'agenda minutes' when i %% 50 = 8 then 'minutes agenda' end,
            (select string_agg('w' || (power(('x' || substr(md5(i || 'x' || n), 1, 6))::bit(24)::int / 16777216.0, 3)
                                       * 50000)::int, ' ') from generate_series(1, 40) n)) as body
) said;
set session_replication_role = origin;
create index records_search_words on records_searchentry using gin (tokens, keys);
select setval('access_guard_id_seq', %(low)s + %(rows)s);
vacuum analyze access_guard;
vacuum analyze access_guardreader;
vacuum analyze records_searchentry
"""


def run() -> Iterator[Row]:
    """Each question for each person."""
    with site():
        cast = _matters.people()
        _fill(cast)
        from django.db import transaction

        from chancery.foundations.actor import SYSTEM
        from chancery.foundations.postgres.row_security import acting_as
        from chancery.kernel.records.queries import Filters, search, suggestions

        def asked(by: Any, call: Callable[[Any], object]) -> Callable[[], object]:
            def ask() -> object:
                with acting_as(by), transaction.atomic():
                    return call(by)

            return ask

        narrow = Filters(kinds=("incoming",), classes=("1",), states=("OPEN",))
        questions: dict[str, Callable[[Any], object]] = {
            "rare": lambda by: search("rare", by=by),
            "middling": lambda by: search("middling", by=by),
            "common": lambda by: search("common", by=by),
            "two_words": lambda by: search("common frequent", by=by),
            "phrase": lambda by: search('"agenda minutes"', by=by),
            "filtered": lambda by: search("common", by=by, filters=narrow),
            "newest": lambda by: search("common", by=by, newest_first=True),
            "newest_middling": lambda by: search("middling", by=by, newest_first=True),
            "newest_filtered": lambda by: search("common", by=by, filters=narrow, newest_first=True),
            "suggest": lambda by: suggestions("common midd", by=by),
        }
        for share, actor in (("1%", cast.handler), ("90%", cast.registrar)):
            for name, call in questions.items():
                ours, floor = _matters.in_turn((asked(actor, call), asked(SYSTEM, call)), TIMES)
                yield Row.of(f"search_{name}_{share}", ours, floor, target=2, rows=ROWS)
                slow = ours.p95 / floor.p95
                yield Row(f"search_{name}_{share}_p95", ours.p50, ours.p95, floor.p95, slow, 2, ROWS)


def _fill(cast: Any) -> None:
    import psycopg

    with _matters.owner() as server:
        low = server.execute("select coalesce(max(id), 0) from access_guard").fetchone()[0]
        values = {
            "low": low,
            "rows": ROWS,
            "seen": cast.units["GO"],
            "unseen": cast.units["PF"],
            "post": cast.handler.post_id,
        }
        for statement in _GENERATE.split(";\n"):
            psycopg.ClientCursor(server).execute(statement, values)
