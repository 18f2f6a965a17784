"""The records' own sources: directory, rulebook, types of paper, seals. Read as the system; each row gets a guard that
admits whoever sees it on its own page. Of rules and types only the site's profile counts: both at once would say each
thing twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from chancery.foundations.actor import Clearance
from chancery.kernel.directory.models import Person, Unit
from chancery.kernel.records.search.following.models import SearchGuard
from chancery.kernel.records.search.terms import Entry, Source

_UNITS = """
select u.id, u.code, u.name_en, u.name_zh, u.functions_en, u.functions_zh, lower(u.during), u.during @> %(today)s,
       (select string_agg(distinct t.name_en || ' ' || t.name_zh, ' ') from directory_unitterm t where t.unit_id = u.id)
from directory_unit u where u.id = any(%(keys)s) and not u.is_void
"""
_POSTS = """
select p.id, p.title_en, p.title_zh, p.code, u.name_en, u.name_zh, p.unit_id, lower(p.during), p.during @> %(today)s,
       (select string_agg(q.name_en || ' ' || q.name_zh, ' ') from directory_holding h
        join directory_person q on q.id = h.person_id and q.label = 10 where h.post_id = p.id and h.during @> %(today)s)
from directory_post p join directory_unit u on u.id = p.unit_id where p.id = any(%(keys)s) and not p.is_void
"""
_PEOPLE = """
select p.id, p.name_en, p.name_zh, p.label, p.initials, min(p_post.unit_id), max(lower(h.during)),
       bool_or(h.during @> %(today)s),
       string_agg(distinct concat_ws(' ', t.title_en, t.title_zh, u.name_en, u.name_zh), '; ')
from directory_person p
left join directory_holding h on h.person_id = p.id and not h.is_void
left join directory_post p_post on p_post.id = h.post_id and h.during @> %(today)s
left join directory_post t on t.id = h.post_id left join directory_unit u on u.id = t.unit_id
where p.id = any(%(keys)s) group by p.id
"""
_PROVISIONS = """
select v.id, v.key, v.value, v.name_en, v.name_zh, concat_ws(' ', v.basis_en, v.basis_zh, v.note_en, v.note_zh),
       v.valid_from, v.valid_to is null or v.valid_to >= %(today)s
from rulebook_provision v
where v.id = any(%(keys)s) and v.withdrawn_at is null and v.profile = %(profile)s
"""
_TYPES = """
select t.id, t.code, t.name_en, t.name_zh, concat_ws(' ', t.use_en, t.use_zh, t.basis_en, t.basis_zh), t.valid_from,
       t.valid_to is null or t.valid_to >= %(today)s
from records_papertype t
where t.id = any(%(keys)s) and to_jsonb(t) ->> 'withdrawn_at' is null and t.profile = %(profile)s
"""
_SEALS = """
select s.id, s.guard_id, s.code, s.name_en, s.name_zh, s.legal_name, s.unit_id, s.valid_from, s.state = 'ACTIVE'
from records_seal s where s.id = any(%(keys)s)
"""


def _asked(sql: str, keys: Sequence[int], today: dt.date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"keys": list(keys), "today": today, "profile": settings.PROFILE})
        return list(cursor.fetchall())


def _state(is_now: object) -> str:
    return "NOW" if is_now else "PAST"


def shared_guards() -> dict[int, int]:
    """The shared guard of each label."""
    return dict(SearchGuard.objects.values_list("label", "guard_id"))


def _units(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    guard = shared_guards()[Clearance.INTERNAL]
    for key, code, en, zh, does_en, does_zh, since, is_now, former in _asked(_UNITS, keys, today):
        yield Entry(guard, "unit", f"directory.unit:{key}", since or today, en, zh or en,
                    f"{code}\n{former or ''}\n{does_en}\n{does_zh}", key, state=_state(is_now))  # fmt: skip


def _posts(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    guard = shared_guards()[Clearance.INTERNAL]
    for key, en, zh, code, of_en, of_zh, unit, since, is_now, who in _asked(_POSTS, keys, today):
        yield Entry(guard, "post", f"directory.post:{key}", since or today, f"{en} · {of_en}",
                    f"{zh or en} · {of_zh or of_en}", f"{code}\n{who or ''}", unit, state=_state(is_now))  # fmt: skip


def _people(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    guards = shared_guards()
    for key, en, zh, label, initials, unit, since, is_now, posts in _asked(_PEOPLE, keys, today):
        yield Entry(guards[label], "person", f"directory.person:{key}", since or today, en, zh or en,
                    f"{posts or ''}\n{initials}", unit, label, state=_state(is_now))  # fmt: skip


def _provisions(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    guard = shared_guards()[Clearance.INTERNAL]
    for key, code, value, en, zh, body, since, is_now in _asked(_PROVISIONS, keys, today):
        yield Entry(guard, "provision", f"rulebook.provision:{key}", since, en, zh or en, f"{code} {value}\n{body}",
                    state=_state(is_now))  # fmt: skip


def _types(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    guard = shared_guards()[Clearance.INTERNAL]
    for key, code, en, zh, body, since, is_now in _asked(_TYPES, keys, today):
        yield Entry(guard, "paper_type", f"records.papertype:{key}", since, en, zh or en, f"{code}\n{body}",
                    state=_state(is_now))  # fmt: skip


def _seals(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    for key, guard, code, en, zh, legal, unit, since, is_now in _asked(_SEALS, keys, today):
        yield Entry(guard, "seal", f"records.seal:{key}", since, en, zh or en, f"{code}\n{legal}", unit,
                    state=_state(is_now))  # fmt: skip


def keys_of(table: str) -> Iterable[int]:
    """Every key of a table named in this code."""
    with connection.cursor() as cursor:
        cursor.execute(f'select id from "{table}" order by id')  # noqa: S608 - the name is a source's, never typed
        return [row[0] for row in cursor.fetchall()]


SOURCES = (
    Source("directory_unit", "directory.unit", _units),
    Source("directory_post", "directory.post", _posts),
    Source("directory_person", "directory.person", _people),
    Source("rulebook_provision", "rulebook.provision", _provisions),
    Source("records_papertype", "records.papertype", _types),
    Source("records_seal", "records.seal", _seals),
)


def page_arguments(kind: str, key: int) -> tuple[str, list[Any]] | None:
    """The address of a page that goes by another name than the key, as the stamped actor sees it; None: not there."""
    if kind == "unit":
        code = Unit.objects.filter(pk=key).values_list("code", flat=True).first()
        return ("directory:desk_unit", [code]) if code else None
    if kind == "person":
        code = Person.objects.filter(pk=key).values_list("code", flat=True).first()
        return ("directory:desk_person", [code]) if code else None
    table, name = {
        "provision": ("rulebook_provision", "rulebook:history"),
        "paper_type": ("records_papertype", "records:paper_type"),
    }.get(kind, ("", ""))
    if not table:
        return None
    column = "key" if kind == "provision" else "code"
    with connection.cursor() as cursor:
        cursor.execute(f'select profile, "{column}" from "{table}" where id = %s', [key])  # noqa: S608 - names from above
        row = cursor.fetchone()
    return (name, list(row)) if row else None
