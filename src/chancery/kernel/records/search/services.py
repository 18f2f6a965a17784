"""Putting things into the index and taking them out."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records.search.models import SearchEntry
from chancery.kernel.records.search.terms import LONGEST_BODY, TOKENIZER, vector

_UPSERT = """
insert into records_searchentry as e (guard_id, kind, subject, title_en, title_zh, body, dated, unit_id, label, tokens,
    tokenizer, indexed_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::tsvector, %s, %s)
on conflict (subject) do update set guard_id = excluded.guard_id, kind = excluded.kind, title_en = excluded.title_en,
    title_zh = excluded.title_zh, body = excluded.body, dated = excluded.dated, unit_id = excluded.unit_id,
    label = excluded.label, tokens = excluded.tokens, tokenizer = excluded.tokenizer, indexed_at = excluded.indexed_at
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
    by: Actor,
    at: dt.datetime,
) -> None:
    """Let a thing be found by its titles and body, by whoever its guard admits. Indexing again replaces."""
    body = body.replace("\x00", "")[:LONGEST_BODY]
    title = f"{title_en} {title_zh}" if title_en != title_zh else title_zh
    with connection.cursor() as cursor:
        cursor.execute(
            _UPSERT,
            [guard_id, kind, subject, title_en[:400], title_zh[:400], body, dated, unit_id, label, vector(title, body),
             TOKENIZER, at],
        )  # fmt: skip


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
            [
                (vector(f"{en} {zh}" if en != zh else zh, body), TOKENIZER, at, entry_id)
                for entry_id, en, zh, body in entries
            ],
        )
    return len(entries)
