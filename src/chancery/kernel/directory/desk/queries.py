"""What the desk shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chancery.foundations.journal.models import Entry
from chancery.foundations.journal.queries import LINE
from chancery.kernel.directory.queries import Row, ask

_TREE = """
select u.id, u.code, u.parent_id, t.name_en, t.name_zh, t.kind, t.led_by_id, u.confirmed_on,
  coalesce(p.seats, 0) as seats, coalesce(p.seats, 0) - coalesce(p.filled, 0) as vacant
from directory_unitclosure c
join directory_unit u on u.id = c.descendant_id
join directory_unitterm t on t.unit_id = u.id and t.during @> %(on)s::date
left join lateral (
  select sum(x.seats) as seats, sum((select count(*) from directory_holding h
      where h.post_id = x.post_id and h.kind <> 'ACTING' and h.during @> %(on)s::date)) as filled
  from directory_postterm x join directory_post o on o.id = x.post_id
  where o.unit_id = u.id and x.during @> %(on)s::date) p on true
where c.ancestor_id = %(root)s and c.depth <= %(deep)s
order by c.depth, t.position, u.id
limit %(most)s
"""

_ROOTS = """
select u.id from directory_unit u where u.parent_id is null and u.during @> %(on)s::date order by u.position,
  u.id limit 50
"""


def tree(on: dt.date, root_id: int | None = None, *, deep: int = 3, most: int = 400) -> list[Row]:
    """The units below `root_id` (else below the first root), nested under `units`, at most `deep` storeys down."""
    roots = [root_id] if root_id else [row["id"] for row in ask(_ROOTS, {"on": on})]
    found: list[Row] = []
    for root in roots:
        rows = ask(_TREE, {"on": on, "root": root, "deep": deep, "most": most})
        known: dict[int, Row] = {}
        for row in rows:
            row["units"] = []
            known[row["id"]] = row
            (known[row["parent_id"]]["units"] if row["parent_id"] in known and row["id"] != root else found).append(row)
    return found


_POSTS = """
select p.id, p.code, p.is_public, p.during, t.title_en, t.title_zh, t.rank, t.is_leading, t.seats,
  upper(p.during) as ends_on,
  coalesce((select json_agg(json_build_object('id', h.id, 'person_id', q.id, 'code', q.code, 'name_en', q.name_en,
    'name_zh', q.name_zh,
      'kind', h.kind, 'seat', h.seat, 'since', lower(h.during), 'until', upper(h.during), 'decision', h.decision)
      order by h.kind = 'ACTING', h.seat, lower(h.during))
    from directory_holding h join directory_person q on q.id = h.person_id
    where h.post_id = p.id and upper(h.during) is distinct from null and upper(h.during) > %(on)s::date
       or h.post_id = p.id and upper_inf(h.during)), '[]'::json) as holders
from directory_post p
join lateral (select * from directory_postterm t where t.post_id = p.id and not isempty(t.during)
  order by (t.during @> %(on)s::date) desc, t.during desc limit 1) t on true
where p.unit_id = %(unit)s and not isempty(p.during)
order by coalesce(upper(p.during) <= %(on)s::date, false), t.position, p.id
"""


def posts_at(unit_id: int, on: dt.date) -> list[Row]:
    """The posts of a unit, abolished ones last, with those who hold them now or are to."""
    rows = ask(_POSTS, {"unit": unit_id, "on": on})
    day = on.isoformat()
    for row in rows:
        row["is_over"] = row["ends_on"] is not None and row["ends_on"] <= on
        now = [h for h in row["holders"] if h["since"] <= day and h["kind"] != "ACTING"]
        row["vacant"] = 0 if row["is_over"] else row["seats"] - len({h["seat"] for h in now})
        for holder in row["holders"]:
            holder["is_future"] = holder["since"] > day
    return rows


_CONTACTS = """
select id, kind, "use", value, value_zh, is_public, position, lower(during) as since, upper(during) as until, version
from directory_contact where {owner}_id = %(id)s and not isempty(during)
  and (upper_inf(during) or upper(during) > %(on)s::date)
order by position, id
"""


def contacts_at(owner: str, owner_id: int, on: dt.date) -> list[Row]:
    """The contacts of a unit, post or person that hold now or are to. `owner`: which of the three."""
    if owner not in {"unit", "post", "person"}:
        raise ValueError(owner)
    return ask(_CONTACTS.format(owner=owner), {"id": owner_id, "on": on})


_HOLDINGS = """
select h.id, h.seat, h.kind, lower(h.during) as since, upper(h.during) as until, h.during @> %(on)s::date as is_now,
  h.is_void, h.decision, h.reason, h.version, q.id as person_id, q.code as person_code, q.name_en, q.name_zh,
    q.is_sample,
  p.id as post_id, p.title_en, p.title_zh, u.code as unit_code, u.name_en as unit_name_en, u.name_zh as unit_name_zh
from directory_holding h
join directory_person q on q.id = h.person_id join directory_post p on p.id = h.post_id
join directory_unit u on u.id = p.unit_id
where {owner}_id = %(id)s
order by h.is_void, h.during desc, h.seat, h.id limit 500
"""


def holdings_of(owner: str, owner_id: int, on: dt.date) -> list[Row]:
    """Every holding of a post or a person, newest first, struck-out ones last. `owner`: "post" or "person"."""
    if owner not in {"post", "person"}:
        raise ValueError(owner)
    return ask(_HOLDINGS.format(owner=f"h.{owner}"), {"id": owner_id, "on": on})


_SUBJECTS = """
select 'directory.unit:' || %(unit)s as subject
union all select 'directory.post:' || id from directory_post where unit_id = %(unit)s
union all select 'directory.holding:' || h.id from directory_holding h
  join directory_post p on p.id = h.post_id where p.unit_id = %(unit)s
union all select 'directory.contact:' || id from directory_contact where unit_id = %(unit)s
"""


def subjects_of_unit(unit_id: int) -> list[str]:
    """The journal subjects that make up a unit's history."""
    return [row["subject"] for row in ask(_SUBJECTS, {"unit": unit_id})]


def history_of(subjects: list[str], *, most: int = 100) -> list[dict[str, Any]]:
    """The journal's entries of several subjects, newest first."""
    return list(Entry.objects.filter(subject__in=subjects).order_by("-id").values(*LINE, "subject")[:most])


def names_of(entries: list[dict[str, Any]]) -> tuple[dict[int, Row], dict[int, Row]]:
    """The people and the posts that journal entries speak of, as far as one may see them, by id."""
    people = [entry["data"]["person"] for entry in entries if entry["data"].get("person")]
    posts = [entry["data"]["post"] for entry in entries if entry["data"].get("post")]
    posts += [
        int(entry["subject"].rpartition(":")[2]) for entry in entries if entry["subject"].startswith("directory.post:")
    ]
    who = ask("select id, name_en, name_zh from directory_person where id = any(%(ids)s)", {"ids": people})
    what = ask("select id, title_en, title_zh from directory_post where id = any(%(ids)s)", {"ids": posts})
    return {row["id"]: row for row in who}, {row["id"]: row for row in what}
