"""Putting things into the index and taking them out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records.search.models import SearchEntry
from chancery.kernel.records.search.terms import LONGEST_BODY, TOKENIZER, Entry, vector

_UPSERT = """
insert into records_searchentry as e (guard_id, kind, subject, title_en, title_zh, body, dated, unit_id, label,
    class_code, state, tokens, tokenizer, indexed_at)
select guard_id, kind, subject, title_en, title_zh, body, dated, unit_id, label, class_code, state, tokens::tsvector,
    %s, %s
from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::bigint[],
    %s::int[], %s::text[], %s::text[], %s::text[])
    as n (guard_id, kind, subject, title_en, title_zh, body, dated, unit_id, label, class_code, state, tokens)
on conflict (subject) do update set guard_id = excluded.guard_id, kind = excluded.kind, title_en = excluded.title_en,
    title_zh = excluded.title_zh, body = excluded.body, dated = excluded.dated, unit_id = excluded.unit_id,
    label = excluded.label, class_code = excluded.class_code, state = excluded.state, tokens = excluded.tokens,
    tokenizer = excluded.tokenizer, indexed_at = excluded.indexed_at
"""


@service
def index_item(
    *,
    guard_id: int,
    kind: str,
    subject: str,
    dated: dt.date,
    title_en: str = "",
    title_zh: str = "",
    body: str = "",
    unit_id: int | None = None,
    label: int = 0,
    class_code: str = "",
    state: str = "",
    by: Actor,
    at: dt.datetime,
) -> None:
    """Let a thing be found by its titles and body, by whoever its guard admits. Indexing again replaces."""
    entry = Entry(guard_id, kind, subject, dated, title_en, title_zh, body, unit_id, label, class_code, state)
    index_many(entries=[entry], by=by, at=at)


@service
def index_many(*, entries: Iterable[Entry], by: Actor, at: dt.datetime) -> int:
    """`index_item` for many at once, in one statement; how many. Each subject once."""
    columns: list[list[Any]] = [[] for _n in range(12)]
    for entry in entries:
        body = entry.body.replace("\x00", "")[:LONGEST_BODY]
        en, zh = entry.title_en.replace("\x00", ""), entry.title_zh.replace("\x00", "")
        values = (entry.guard_id, entry.kind, entry.subject, en[:400], zh[:400], body, entry.dated, entry.unit_id,
                  entry.label, entry.class_code, entry.state, vector(_title(en, zh), body))  # fmt: skip
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    if columns[0]:
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [TOKENIZER, at, *columns])
    return len(columns[0])


@service
def set_state(*, subjects: Sequence[str], state: str, by: Actor, at: dt.datetime) -> int:
    """Say where things stand now, without reading them anew; how many were in the index."""
    return SearchEntry.objects.filter(subject__in=subjects).exclude(state=state).update(state=state)


def _title(en: str, zh: str) -> str:
    return f"{en} {zh}" if en != zh else zh


@service
def withdraw_item(*, subject: str, by: Actor, at: dt.datetime) -> None:
    """Take a thing out of the index."""
    SearchEntry.objects.filter(subject=subject).delete()


@service
def reindex(*, by: Actor, at: dt.datetime, batch: int = 500) -> int:
    """Cut entries made by an older tokenizer anew, a batch at a time; how many were done. Zero means finished."""
    entries = list(
        SearchEntry.objects.filter(tokenizer__lt=TOKENIZER)
        .order_by("id")
        .values_list("id", "title_en", "title_zh", "body")[:batch]
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "update records_searchentry set tokens = %s::tsvector, tokenizer = %s, indexed_at = %s where id = %s",
            [(vector(_title(en, zh), body), TOKENIZER, at, entry_id) for entry_id, en, zh, body in entries],
        )
    return len(entries)
