"""Finding: three round trips, whatever there is to find."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from chancery.kernel.directory.finding.rules import question, words_of
from chancery.kernel.directory.queries import Row, ask

_HAN_START = re.compile(r"\s*([\u3400-\u9fff\U00020000-\U0003ffff]+)")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first; `*_more` says that the limit cut something off."""

    people: list[Row]
    units: list[Row]
    posts: list[Row]
    most: int

    def __bool__(self) -> bool:
        return bool(self.people or self.units or self.posts)


_PEOPLE = """
select * from directory_people_found(
  %(asked)s::tsquery, %(beginning)s, %(beginning_zh)s, %(public)s, %(most)s, %(on)s::date)
"""

_UNITS = """
select u.id, u.code, t.name_en, t.name_zh, t.kind, t.functions_en, t.functions_zh
from (
  select * from directory_unitterm where keys @@ %(asked)s::tsquery and during @> %(on)s::date limit 1000) t
join directory_unit u on u.id = t.unit_id
order by ts_rank(t.keys, %(asked)s::tsquery) desc, t.position, u.id limit %(most)s
"""

_POSTS = """
select p.id, p.unit_id, t.title_en, t.title_zh, u.name_en as unit_name_en, u.name_zh as unit_name_zh, held.holders
from directory_find_posts(%(asked)s::tsquery, %(on)s::date, %(public)s, %(most)s) f
join directory_post p on p.id = f.post_id
join directory_postterm t on t.post_id = p.id and t.during @> %(on)s::date
join directory_unitterm u on u.unit_id = p.unit_id and u.during @> %(on)s::date
left join lateral (
  select json_agg(json_build_object('id', q.id, 'name_en', q.name_en, 'name_zh', q.name_zh, 'kind', h.kind)
    order by h.seat) as holders
  from directory_holding h join directory_person q on q.id = h.person_id
  where h.post_id = p.id and h.during @> %(on)s::date) held on true
order by u.position, t.position, p.id
"""


def find(text: str, *, on: dt.date, public_only: bool = False, most: int = 20) -> Found:
    """People, units and posts that `text` finds on a day. `public_only`: as the public sees it, whoever asks."""
    asked = question(text)
    if not asked:
        return Found([], [], [], most)
    facts = {"asked": asked, "on": on, "public": public_only, "most": most}
    return Found(
        find_people(text, on=on, public_only=public_only, most=most), ask(_UNITS, facts), ask(_POSTS, facts), most
    )


def find_people(text: str, *, on: dt.date, public_only: bool = False, most: int = 20) -> list[Row]:
    """People by name, pinyin or initials, with their posts of that day. One round trip."""
    asked = question(text)
    if not asked:
        return []
    han = _HAN_START.match(text)
    # With two scripts in one question no single order of names can serve: the keys are asked alone.
    latin = words_of(text)
    return ask(
        _PEOPLE,
        {
            "asked": asked,
            "beginning": "" if han else " ".join(latin),
            "beginning_zh": han.group(1) if han and not latin and han.end() == len(text.rstrip()) else "",
            "on": on,
            "public": public_only,
            "most": most,
        },
    )
