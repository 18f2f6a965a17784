"""Questions of the directory. Each takes the day it is asked for, and answers under the stamped actor's sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection

Row = dict[str, Any]


def ask(question: str, facts: Mapping[str, Any] | None = None) -> list[Row]:
    """The rows of a SQL question, as dictionaries. One round trip."""
    with connection.cursor() as cursor:
        cursor.execute(question, facts or {})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_HOLDERS_OF = """
select h.id, h.person_id, q.code, q.name_en, q.name_zh, q.is_sample, h.seat, h.kind, lower(h.during) as since,
  h.decision
from directory_holding h join directory_person q on q.id = h.person_id
where h.post_id = %(post)s and h.during @> %(on)s::date
order by h.kind = 'ACTING', h.seat, h.id
"""


def holders_of(post_id: int, on: dt.date) -> list[Row]:
    """Who holds a post on a day, by seat; those acting last."""
    return ask(_HOLDERS_OF, {"post": post_id, "on": on})


def subtree(unit_id: int) -> list[int]:
    """The unit and every unit below it, in today's tree, nearest first."""
    return [
        row["id"]
        for row in ask(
            "select descendant_id as id from directory_unitclosure where ancestor_id = %(unit)s order by depth, id",
            {"unit": unit_id},
        )
    ]


def ancestors(unit_id: int) -> list[int]:
    """The unit and every unit above it, in today's tree, nearest first."""
    return [
        row["id"]
        for row in ask(
            "select ancestor_id as id from directory_unitclosure where descendant_id = %(unit)s order by depth",
            {"unit": unit_id},
        )
    ]


_UNIT = """
select u.id, u.code, u.confirmed_on, u.during as life, u.version, t.during, t.name_en, t.name_zh, t.kind, t.parent_id,
  t.led_by_id,
  t.position, t.functions_en, t.functions_zh, t.decision,
  above.code as parent_code, above.name_en as parent_name_en, above.name_zh as parent_name_zh,
  leader.code as leader_code, leader.name_en as leader_name_en, leader.name_zh as leader_name_zh
from directory_unitterm t
join directory_unit u on u.id = t.unit_id
left join lateral (select x.code, y.name_en, y.name_zh from directory_unit x
  join directory_unitterm y on y.unit_id = x.id
  where x.id = t.parent_id and y.during @> %(on)s::date) above on true
left join lateral (select x.code, y.name_en, y.name_zh from directory_unit x
  join directory_unitterm y on y.unit_id = x.id
  where x.id = t.led_by_id and y.during @> %(on)s::date) leader on true
where t.unit_id = %(unit)s and t.during @> %(on)s::date
"""


def unit_as_of(unit_id: int, on: dt.date) -> Row | None:
    """A unit's facts on a day, with the names of the unit above and the one leading it; None when it was not there."""
    rows = ask(_UNIT, {"unit": unit_id, "on": on})
    return rows[0] if rows else None


_VACANT = """
select p.id as post_id, p.code as post_code, p.is_public, t.title_en, t.title_zh, t.rank, t.is_leading, seat.seat,
  u.id as unit_id, u.code as unit_code,
  f.name_en as unit_name_en, f.name_zh as unit_name_zh,
  (select max(upper(h.during)) from directory_holding h
   where h.post_id = p.id and h.seat = seat.seat and h.kind <> 'ACTING'
     and upper(h.during) <= %(on)s::date) as vacant_since,
  lower(p.during) as opened_on,
  acting.name_en as acting_name_en, acting.name_zh as acting_name_zh, acting.id as acting_id
from directory_postterm t
join directory_post p on p.id = t.post_id
cross join lateral generate_series(1, t.seats) as seat(seat)
join directory_unit u on u.id = p.unit_id
join directory_unitterm f on f.unit_id = u.id and f.during @> %(on)s::date
left join lateral (
  select q.id, q.name_en, q.name_zh from directory_holding a join directory_person q on q.id = a.person_id
  where a.post_id = p.id and a.seat = seat.seat and a.kind = 'ACTING' and a.during @> %(on)s::date) acting on true
where t.during @> %(on)s::date
  and (%(unit)s::bigint is null or exists (
    select 1 from directory_unitclosure c where c.ancestor_id = %(unit)s and c.descendant_id = u.id))
  and not exists (select 1 from directory_holding h
    where h.post_id = p.id and h.seat = seat.seat and h.kind <> 'ACTING' and h.during @> %(on)s::date)
order by f.position, u.id, t.position, p.id, seat.seat
limit %(most)s
"""


def vacancies(on: dt.date, *, unit_id: int | None = None, most: int = 1000) -> list[Row]:
    """Seats nobody fills on a day (somebody may be acting), in a unit's subtree or everywhere."""
    return ask(_VACANT, {"on": on, "unit": unit_id, "most": most})


_SEVERAL = """
select q.id, q.code, q.name_en, q.name_zh, json_agg(json_build_object(
    'holding_id', h.id, 'kind', h.kind, 'title_en', t.title_en, 'title_zh', t.title_zh,
    'unit_id', f.unit_id, 'unit_name_en', f.name_en, 'unit_name_zh', f.name_zh) order by f.position,
      t.position) as posts
from directory_holding h
join directory_person q on q.id = h.person_id
join directory_post p on p.id = h.post_id
join directory_postterm t on t.post_id = p.id and t.during @> %(on)s::date
join directory_unitterm f on f.unit_id = p.unit_id and f.during @> %(on)s::date
where h.during @> %(on)s::date
group by q.id, q.code, q.name_en, q.name_zh
having count(*) > 1 or bool_or(h.kind = 'CONCURRENT')
order by q.sort_key, q.id
"""


def concurrent_posts(on: dt.date) -> list[Row]:
    """People with several posts on a day, or with one marked concurrent."""
    return ask(_SEVERAL, {"on": on})


_CHANGES = """
with event as (
  select lower(t.during) as on_day,
    case when lower(t.during) = lower(u.during) then 'UNIT_BEGAN' else 'UNIT_CHANGED' end as what,
    u.id as unit_id, null::bigint as post_id, null::bigint as person_id, t.decision
  from directory_unitterm t join directory_unit u on u.id = t.unit_id where not isempty(t.during)
  union all
  select upper(u.during), 'UNIT_ENDED', u.id, null, null, u.reason from directory_unit u where not upper_inf(u.during)
  union all
  select lower(t.during), case when lower(t.during) = lower(p.during) then 'POST_OPENED' else 'POST_CHANGED' end,
    p.unit_id, p.id, null, t.decision
  from directory_postterm t join directory_post p on p.id = t.post_id where not isempty(t.during)
  union all
  select upper(p.during), 'POST_ABOLISHED', p.unit_id, p.id, null, p.reason
    from directory_post p where not upper_inf(p.during)
  union all
  select lower(h.during), case h.kind when 'ACTING' then 'ACTING_BEGAN' else 'APPOINTED' end, p.unit_id, p.id,
    h.person_id, h.decision
  from directory_holding h join directory_post p on p.id = h.post_id where not isempty(h.during)
  union all
  select upper(h.during), 'LEFT', p.unit_id, p.id, h.person_id, h.reason
  from directory_holding h join directory_post p on p.id = h.post_id where not upper_inf(h.during))
select e.*, u.code as unit_code, u.name_en as unit_name_en, u.name_zh as unit_name_zh, p.title_en, p.title_zh,
  q.name_en as person_name_en, q.name_zh as person_name_zh
from event e join directory_unit u on u.id = e.unit_id
left join directory_post p on p.id = e.post_id left join directory_person q on q.id = e.person_id
where e.on_day > %(since)s::date and e.on_day <= %(until)s::date and (p.id is null or p.is_public or not %(public)s)
order by e.on_day, u.position, e.what, e.post_id, e.person_id
limit %(most)s
"""


def changes_between(since: dt.date, until: dt.date, *, public_only: bool = False, most: int = 1000) -> list[Row]:
    """What took effect after `since` and up to `until`: begun, changed, ended, appointed, left."""
    return ask(_CHANGES, {"since": since, "until": until, "public": public_only, "most": most})


_FORMER = """
select f.version, f.facts, f.reason, f.replaced_at, f.replaced_by_person, q.name_en as person_name_en,
  q.name_zh as person_name_zh
from directory_formerversion f left join directory_person q on q.id = f.replaced_by_person
where f.row_table = %(table)s and f.row_id = %(row)s order by f.version
"""


def former_versions(table: str, row_id: int) -> list[Row]:
    """How a row stood before each of its changes, oldest first. `table` without the prefix, such as "holding"."""
    return ask(_FORMER, {"table": f"directory_{table}", "row": row_id})
