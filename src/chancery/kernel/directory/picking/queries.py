"""Finding what to pick: by name, pinyin and initials of the holder, of the post's title and of the unit, in any mixture
("lin registrar", "bgt zr"). Every word must fit the same post. What is found is what the stamped actor may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from chancery.foundations import clock
from chancery.foundations.web.picker import Line
from chancery.foundations.words import is_chinese, words
from chancery.kernel.directory.finding.queries import find_people
from chancery.kernel.directory.finding.rules import pieces_of
from chancery.kernel.directory.queries import Row, ask

_POSTS = """
select p.id, t.title_en, t.title_zh, u.name_en as unit_name_en, u.name_zh as unit_name_zh, held.holders
from directory_pick_posts(%(asked)s::tsquery[], %(within)s::bigint[], %(on)s::date, %(held)s, %(leading)s, %(most)s) f
join directory_post p on p.id = f.post_id
join directory_postterm t on t.post_id = p.id and t.during @> %(on)s::date
join directory_unitterm u on u.unit_id = p.unit_id and u.during @> %(on)s::date
left join lateral (
  select json_agg(json_build_object('name_en', q.name_en, 'name_zh', q.name_zh) order by h.kind = 'ACTING', h.seat)
    as holders
  from (select * from directory_holding h where h.post_id = p.id and h.during @> %(on)s::date order by h.seat limit 6) h
  join directory_person q on q.id = h.person_id) held on true
order by f.place
"""


def find_posts(
    typed: str,
    most: int,
    *,
    within: Collection[int] | None = None,
    is_held: bool = True,
    is_leading: bool = False,
    on: dt.date | None = None,
) -> list[Line]:
    """Posts that every word fits; no words: those of the asker's unit, then of the first units.

    `within`: only these posts. `is_held`: somebody whose name one may see holds it. Flat in the size of the house.
    """
    facts = {
        "asked": [f"'{piece}':*A" for piece in pieces_of(typed)],
        "within": None if within is None else list(within),
        "on": on or clock.today(),
        "held": is_held,
        "leading": is_leading,
        "most": most,
    }
    if typed.strip() and not facts["asked"]:
        return []
    return [_post_line(row) for row in ask(_POSTS, facts)]


def _post_line(row: Row) -> Line:
    """The holder first, as one looks for people; a vacant post by its title."""
    comma = "、" if is_chinese() else ", "
    holders = comma.join(words(holder) for holder in row["holders"] or ())
    title, unit = words(row, "title"), words(row, "unit_name")
    dot = " · "
    return Line(row["id"], holders, f"{title}{dot}{unit}") if holders else Line(row["id"], title, unit)


_UNITS = """
select u.id, u.code, t.name_en, t.name_zh, a.name_en as above_name_en, a.name_zh as above_name_zh
from directory_unitterm t join directory_unit u on u.id = t.unit_id left join directory_unit a on a.id = t.parent_id
where t.during && daterange(%(on)s::date, %(until)s::date) and (%(kinds)s::text[] is null or t.kind = any(%(kinds)s))
"""
_BY_CODE = _UNITS + " and u.code = any(%(codes)s::text[]) order by u.id, t.during limit %(most)s"
_BY_KEYS = _UNITS + " and t.keys @@ %(asked)s::tsquery order by t.position, u.id, t.during limit %(most)s"
_FIRST = _UNITS + " order by u.position, u.id, t.during limit %(most)s"
_NAMED = _UNITS + " and u.id = any(%(ids)s::bigint[]) order by t.during"


def find_units(typed: str, most: int, *, kinds: Iterable[str] | None = None, is_coming: bool = False) -> list[Line]:
    """Units by code, name, pinyin or initials; no words: the first in the directory's order.

    `is_coming`: those that begin later, too.
    """
    text = typed.strip()
    facts = _facts(kinds, is_coming) | {"most": most}
    if not text:
        return _unit_lines(ask(_FIRST, facts))
    found = _unit_lines(ask(_BY_CODE, {**facts, "codes": _spelled(text)}), is_exact=True)
    if pieces := pieces_of(text):
        asked = " & ".join(f"'{piece}':*A" for piece in pieces)
        known = {line.value for line in found}
        found += [line for line in _unit_lines(ask(_BY_KEYS, {**facts, "asked": asked})) if line.value not in known]
    return found[:most]


def units_named(ids: Collection[int], *, kinds: Iterable[str] | None = None, is_coming: bool = False) -> list[Line]:
    """Those of the units that stand today (or are to) and are of the kinds."""
    return _unit_lines(ask(_NAMED, _facts(kinds, is_coming) | {"ids": list(ids)}))


def _facts(kinds: Iterable[str] | None, is_coming: bool) -> Row:
    today = clock.today()
    until = None if is_coming else today + dt.timedelta(days=1)
    return {"on": today, "until": until, "kinds": None if kinds is None else list(kinds)}


def _spelled(code: str) -> list[str]:
    return list({code, code.upper(), code.lower()})


def _unit_lines(rows: Iterable[Row], *, is_exact: bool = False) -> list[Line]:
    """One line a unit, under its earliest name of those found."""
    found: dict[int, Line] = {}
    for row in rows:
        place = " · ".join(part for part in (row["code"], words(row, "above_name")) if part)
        found.setdefault(row["id"], Line(row["id"], words(row), place, is_exact))
    return list(found.values())


def posts_named(ids: Collection[int], *, is_held: bool = True, is_leading: bool = False) -> list[Line]:
    """Those of the posts that may be picked."""
    return find_posts("", len(ids), within=ids, is_held=is_held, is_leading=is_leading) if ids else []


_PEOPLE = "select id, code, name_en, name_zh from directory_person where "


def people_found(typed: str, most: int) -> list[Line]:
    """People by code, name, pinyin or initials, with the posts they hold today."""
    by_code = (
        ask(_PEOPLE + "code = any(%(codes)s::text[])", {"codes": _spelled(typed.strip())}) if typed.strip() else []
    )
    known = {row["id"] for row in by_code}
    found = [row for row in find_people(typed, on=clock.today(), most=most) if row["id"] not in known]
    return [_person_line(row, is_exact=True) for row in by_code[:1]] + [_person_line(row) for row in found]


def people_named(ids: Collection[int]) -> list[Line]:
    """Those of the people whose names one may see."""
    return [_person_line(row) for row in ask(_PEOPLE + "id = any(%(ids)s::bigint[])", {"ids": list(ids)})]


def _person_line(row: Row, *, is_exact: bool = False) -> Line:
    """Told apart by code; namesakes exist."""
    first = next(iter(row.get("posts") or ()), None)
    place = " · ".join(part for part in (words(first, "title"), words(first, "unit_name")) if part) if first else ""
    return Line(row["id"], words(row), " · ".join(part for part in (place, row["code"]) if part), is_exact)
