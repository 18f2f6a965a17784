"""The public directory of a day in one query, whatever else the federation holds."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from chancery.foundations import clock
from chancery.kernel.directory.queries import Row, ask
from chancery.kernel.directory.terms import HOUSE_KINDS

_POSTS = """
  select json_agg(json_build_object(
    'id', p.id, 'code', p.code, 'title_en', t.title_en, 'title_zh', t.title_zh, 'heading_en', t.heading_en,
    'heading_zh', t.heading_zh, 'rank', t.rank, 'is_leading', t.is_leading, 'seats', t.seats,
    'holders', coalesce((
      select json_agg(json_build_object('id', h.id, 'person', q.code, 'name_en', q.name_en, 'name_zh', q.name_zh,
        'kind', h.kind, 'seat', h.seat, 'since', lower(h.during)) order by h.kind = 'ACTING', h.seat, h.id)
      from directory_holding h join directory_person q on q.id = h.person_id
      where h.post_id = p.id and h.during @> %(on)s::date), '[]'::json),
    'contacts', coalesce((
      select json_agg(json_build_object('kind', c.kind, 'value', c.value, 'value_zh', c.value_zh) order by c.position,
        c.id)
      from directory_publiccontact c where c.post_id = p.id and c.during @> %(on)s::date), '[]'::json)
    ) order by t.position, p.id) as list
  from directory_post p join directory_postterm t on t.post_id = p.id and t.during @> %(on)s::date
  where p.unit_id = house.unit_id and p.is_public
"""

_CONTACTS = """
  select json_agg(json_build_object('kind', c.kind, 'value', c.value, 'value_zh', c.value_zh) order by c.position,
    c.id) as list
  from directory_publiccontact c where c.unit_id = house.unit_id and c.during @> %(on)s::date
"""

_TAIL = f"""
select u.id, u.code, u.confirmed_on, house.depth, house.above_id, house.name_en, house.name_zh, house.kind,
  house.functions_en, house.functions_zh, house.led_by_id, lower(house.during) as since, above.name_en as above_name_en,
  above.name_zh as above_name_zh, above.code as above_code, leader.code as leader_code,
    leader.name_en as leader_name_en,
  leader.name_zh as leader_name_zh, coalesce(posts.list, '[]'::json) as posts, coalesce(contacts.list,
    '[]'::json) as contacts
from house
join directory_unit u on u.id = house.unit_id
left join lateral (select x.code, y.name_en, y.name_zh from directory_unitterm y
  join directory_unit x on x.id = y.unit_id
  where y.unit_id = house.above_id and y.during @> %(on)s::date) above on true
left join lateral (select x.code, y.name_en, y.name_zh from directory_unitterm y
  join directory_unit x on x.id = y.unit_id
  where y.unit_id = house.led_by_id and y.during @> %(on)s::date) leader on true
left join lateral ({_POSTS}) posts on true
left join lateral ({_CONTACTS}) contacts on true
order by house.path
"""  # noqa: S608  # put together from constants of this file

_FACTS = """t.unit_id, t.parent_id as above_id, t.name_en, t.name_zh, t.kind, t.functions_en, t.functions_zh,
  t.led_by_id, t.during"""

_HOUSE = f"""
with recursive house as (
  (select {_FACTS}, 0 as depth, array[]::bigint[] as path
   from directory_unitterm t where t.kind = 'HEADQUARTERS' and t.during @> %(on)s::date order by t.position,
     t.unit_id limit 1)
  union all
  select {_FACTS}, house.depth + 1, house.path || t.position::bigint || t.unit_id
  from house join directory_unitterm t on t.parent_id = house.unit_id
  where t.during @> %(on)s::date and t.kind = any(%(kinds)s))
{_TAIL}
"""  # noqa: S608  # put together from constants of this file

_UNIT = f"""
with house as (select {_FACTS}, 0 as depth, array[]::bigint[] as path from directory_unitterm t
  where t.unit_id = (select id from directory_unit where code = %(code)s) and t.during @> %(on)s::date)
{_TAIL}
"""  # noqa: S608  # put together from constants of this file


@dataclass(slots=True)
class PublicUnit:
    """A unit as the public sees it on a day, with the units below it."""

    facts: Row
    units: list[PublicUnit] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.facts[name]
        except KeyError:
            raise AttributeError(name) from None

    def walk(self) -> Iterable[PublicUnit]:
        """The unit and everything below it, in order."""
        yield self
        for unit in self.units:
            yield from unit.walk()

    def contact_values(self, kind: str) -> list[Row]:
        """The contacts of a kind, in order."""
        return [contact for contact in self.facts["contacts"] if contact["kind"] == kind]


@dataclass(slots=True)
class House:
    """The headquarters of a day. `root` None: there was none."""

    on: dt.date
    root: PublicUnit | None

    @property
    def units(self) -> list[PublicUnit]:
        """Departments and offices, in order."""
        return self.root.units if self.root else []

    def walk(self) -> Iterable[PublicUnit]:
        """Every unit, headquarters first."""
        return self.root.walk() if self.root else ()

    def fingerprint(self, *more: object) -> str:
        """A number that changes with anything shown."""
        rows = [unit.facts for unit in self.walk()]
        text = json.dumps([rows, self.on, more], default=str, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _dressed(row: Row) -> PublicUnit:
    for post in row["posts"]:
        filled = {holder["seat"] for holder in post["holders"] if holder["kind"] != "ACTING"}
        post["vacant"] = max(post["seats"] - len(filled), 0)
    return PublicUnit(row)


def house_on(on: dt.date) -> House:
    """The headquarters with its departments, offices and divisions, posts, holders and contacts. One query."""
    rows = ask(_HOUSE, {"on": on, "kinds": [kind.value for kind in HOUSE_KINDS]})
    units = {row["id"]: _dressed(row) for row in rows}
    for row in rows[1:]:
        units[row["above_id"]].units.append(units[row["id"]])
    return House(on, units[rows[0]["id"]] if rows else None)


def unit_on(code: str, on: dt.date) -> PublicUnit | None:
    """One unit of a day, with its posts and contacts, without those below it. One query."""
    rows = ask(_UNIT, {"on": on, "code": code})
    return _dressed(rows[0]) if rows else None


_BELOW = """
select u.code, t.name_en, t.name_zh, t.kind, t.led_by_id = %(unit)s as is_led from directory_unitterm t
join directory_unit u on u.id = t.unit_id
where (t.parent_id = %(unit)s or t.led_by_id = %(unit)s) and t.during @> %(on)s::date
order by (t.led_by_id = %(unit)s and t.parent_id is distinct from %(unit)s), t.position, u.id limit 500
"""

_NAMES = """
select t.name_en, t.name_zh, lower(t.during) as since, upper(t.during) as until, t.decision,
  above.name_en as above_name_en,
  above.name_zh as above_name_zh
from directory_unitterm t join directory_unit u on u.id = t.unit_id left
  join directory_unit above on above.id = t.parent_id
where u.code = %(code)s and not isempty(t.during) order by t.during
"""


def below(unit_id: int, on: dt.date) -> list[Row]:
    """The units directly below a unit, then those it leads elsewhere."""
    return ask(_BELOW, {"unit": unit_id, "on": on})


def terms_of(code: str) -> list[Row]:
    """A unit's names and places through time, oldest first; empty when there never was such a unit."""
    return ask(_NAMES, {"code": code})


_PERSON = """
select q.id, q.code, q.name_en, q.name_zh, held.list as holdings, coalesce(contacts.list, '[]'::json) as contacts
from directory_person q
join lateral (
  select json_agg(json_build_object('kind', h.kind, 'since', lower(h.during), 'until', upper(h.during),
    'is_now', h.during @> %(on)s::date, 'title_en', t.title_en, 'title_zh', t.title_zh, 'unit', u.code,
    'unit_name_en', f.name_en, 'unit_name_zh', f.name_zh)
    order by h.during @> %(on)s::date desc, (h.kind <> 'SUBSTANTIVE'), lower(h.during) desc, f.position, h.id) as list
  from directory_holding h
  join directory_post p on p.id = h.post_id and p.is_public
  join directory_unit u on u.id = p.unit_id
  -- as the post and the unit were called on the day, or on the last day it was held
  join lateral (select greatest(lower(h.during), least(%(on)s::date, upper(h.during) - 1)) as day) d on true
  join directory_postterm t on t.post_id = p.id and t.during @> d.day
  join directory_unitterm f on f.unit_id = u.id and f.during @> d.day
  where h.person_id = q.id) held on held.list is not null
left join lateral (
  select json_agg(json_build_object('kind', c.kind, 'value', c.value, 'value_zh', c.value_zh) order by c.position,
    c.id) as list
  from directory_publiccontact c where c.person_id = q.id and c.during @> %(on)s::date) contacts on true
where q.code = %(code)s and q.is_public
"""


def person_on(code: str, on: dt.date) -> Row | None:
    """A person with the public posts held, now and before; None for whoever never held one."""
    rows = ask(_PERSON, {"code": code, "on": on})
    return rows[0] if rows else None


def first_day() -> dt.date | None:
    """The first day the directory knows anything of."""
    rows = ask("select min(lower(during)) as day from directory_unit where not isempty(during)")
    day: dt.date | None = rows[0]["day"]
    return day


def headquarters() -> House:
    """The headquarters of today alone, without those below it. One query."""
    today = clock.today()
    rows = ask(_HOUSE, {"on": today, "kinds": []})
    return House(today, _dressed(rows[0]) if rows else None)
