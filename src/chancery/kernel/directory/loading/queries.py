"""What the directory holds, on a day, of what a file speaks about. Four questions, whatever the file's length."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from chancery.kernel.directory.queries import Row, ask


@dataclass(slots=True)
class Known:
    """The directory as of a day, by code."""

    units: dict[str, Row] = field(default_factory=dict)
    posts: dict[tuple[str, str], Row] = field(default_factory=dict)
    holders: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    contacts: dict[str, list[Row]] = field(default_factory=dict)
    people: dict[str, Row] = field(default_factory=dict)


_UNITS = """
select u.id, u.code, lower(u.during) as begins, upper(u.during) as ends, u.confirmed_on, t.id is not null as is_there,
  t.name_en, t.name_zh, t.kind, t.functions_en, t.functions_zh, t.position, above.code as parent, leader.code as led_by
from directory_unit u
left join directory_unitterm t on t.unit_id = u.id and t.during @> %(on)s::date
left join directory_unit above on above.id = t.parent_id left join directory_unit leader on leader.id = t.led_by_id
where u.code = any(%(units)s)
"""
_POSTS = """
select p.id, u.code as unit, p.code, p.is_public, t.id is not null as is_there, t.title_en, t.title_zh, t.heading_en,
  t.heading_zh, t.rank, t.is_leading, t.seats, t.position
from directory_post p join directory_unit u on u.id = p.unit_id
left join directory_postterm t on t.post_id = p.id and t.during @> %(on)s::date
where u.code = any(%(units)s)
"""
_HOLDERS = """
select h.id, u.code as unit, p.code as post, q.code as person, h.kind, h.seat, lower(h.during) as begins
from directory_holding h join directory_post p on p.id = h.post_id join directory_unit u on u.id = p.unit_id
join directory_person q on q.id = h.person_id
where u.code = any(%(units)s) and p.is_public and h.during @> %(on)s::date order by h.seat, h.id
"""
_CONTACTS = """
select c.id, u.code as unit, c.kind, c.value, c.value_zh, c.position, lower(c.during) as begins
from directory_contact c join directory_unit u on u.id = c.unit_id
where u.code = any(%(units)s) and c.is_public and c.during @> %(on)s::date order by c.position, c.id
"""
_PEOPLE = "select id, code, name_en, name_zh from directory_person where code = any(%(people)s)"


def known_on(on: dt.date, units: list[str], people: list[str]) -> Known:
    """The directory as of `on`, of these unit and person codes."""
    facts: dict[str, Any] = {"on": on, "units": units, "people": people}
    known = Known()
    known.units = {row["code"]: row for row in ask(_UNITS, facts)}
    known.posts = {(row["unit"], row["code"]): row for row in ask(_POSTS, facts)}
    for row in ask(_HOLDERS, facts):
        known.holders.setdefault((row["unit"], row["post"]), []).append(row)
    for row in ask(_CONTACTS, facts):
        known.contacts.setdefault(row["unit"], []).append(row)
    known.people = {row["code"]: row for row in ask(_PEOPLE, facts)}
    return known
