"""Searching. Row security decides what is found, so what is counted, listed and suggested are the same rows.

The words are matched in `records_search_ids` (migration 0003), a function that runs as the owner and applies the law of
visibility itself: under row security PostgreSQL may not use the index for `@@` (1.5 ms becomes a second at a million
rows). Candidates are cut off only after the invisible ones are gone, and the page reads its rows under row security
once more.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.words import words
from chancery.kernel.records.search.models import SearchEntry
from chancery.kernel.records.search.terms import Question, all_kinds, folded, question

#: Ranked at most; a question that finds more is told to be narrower.
CANDIDATES = 2000
_SNIPPET = 160


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search."""

    kinds: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    unit_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found."""

    subject: str
    kind: str
    title: SafeString
    words: str
    snippet: SafeString
    url: str
    dated: dt.date
    label: int
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """A page of things found. `total` counts what the asker may see, up to `CANDIDATES`; `more` says it goes beyond."""

    rows: Sequence[Found] = ()
    total: int = 0
    more: bool = False
    kinds: dict[str, int] = field(default_factory=dict)


def search(
    q: str, *, by: Actor, limit: int = 20, offset: int = 0, filters: Filters | None = None, prefix: bool = False
) -> Result:
    """What `by` may see of what matches, best first, then newest first."""
    asked = question(q, prefix=prefix)
    if asked is None:
        return Result()
    filters = filters or Filters()
    with acting_as(by), connection.cursor() as cursor:
        cursor.execute(
            "select id, kind from records_search_ids(%s::tsquery, %s, %s, %s, %s, %s, %s)"
            " order by rank desc, dated desc, id desc",
            [
                asked.query,
                list(asked.phrases) or None,
                list(filters.kinds) or None,
                filters.since,
                filters.until,
                list(filters.unit_ids) or None,
                CANDIDATES + 1,
            ],
        )
        candidates = cursor.fetchall()
        more = len(candidates) > CANDIDATES
        candidates = candidates[:CANDIDATES]
        page = [found_id for found_id, _kind in candidates[offset : offset + limit]]
        rows = {
            row["id"]: dict(row)
            for row in SearchEntry.objects.filter(id__in=page).values(
                "id", "subject", "kind", "title_en", "title_zh", "body", "dated", "label", "unit_id"
            )
        }
    kinds: dict[str, int] = {}
    for _found_id, kind in candidates:
        kinds[kind] = kinds.get(kind, 0) + 1
    found = [_found(rows[found_id], asked) for found_id in page if found_id in rows]
    return Result(found, len(candidates), more, kinds)


def suggestions(q: str, *, by: Actor, limit: int = 8) -> list[Found]:
    """The best few while someone types; the last word may be unfinished."""
    return list(search(q, by=by, limit=limit, prefix=True).rows)


def _found(row: dict[str, Any], asked: Question) -> Found:
    return Found(
        subject=row["subject"],
        kind=row["kind"],
        title=highlighted(words(row, "title"), asked.words),
        words=words(row, "title"),
        snippet=snippet(row["body"], asked.words),
        url=_url(row["kind"], row["subject"]),
        dated=row["dated"],
        label=row["label"],
        unit_id=row["unit_id"],
    )


def _url(kind: str, subject: str) -> str:
    known = all_kinds().get(kind)
    if known is None:
        return ""
    try:
        return reverse(known.url_name, args=[subject.rpartition(":")[2]])
    except NoReverseMatch:
        return ""


def snippet(body: str, wanted: Sequence[str]) -> SafeString:
    """The place in `body` where most of the wanted words stand together, with the words marked."""
    if not body:
        return SafeString("")
    text = re.sub(r"\s+", " ", body)
    # Folding can change a text's length (½ → 1⁄2) and with it the places; small letters alone are then near enough.
    plain = folded(text)
    plain = plain if len(plain) == len(text) else text.lower()
    pattern = _pattern(wanted)
    places = [found.start() for found, _n in zip(pattern.finditer(plain), range(500), strict=False)] if pattern else []
    best = max(places, key=lambda place: sum(place <= other < place + _SNIPPET for other in places), default=0)
    start = max(0, best - 30)
    piece = text[start : start + _SNIPPET]
    marked = highlighted(piece, wanted)
    return mark_safe(("…" if start else "") + marked + ("…" if start + _SNIPPET < len(text) else ""))  # noqa: S308 - `highlighted` escapes


def highlighted(text: str, wanted: Sequence[str]) -> SafeString:
    """Text escaped, with the wanted words in <mark>."""
    pattern = _pattern(wanted)
    plain = folded(text)
    if pattern is None or len(plain) != len(text):
        return escape(text)
    pieces, end = [], 0
    for found in pattern.finditer(plain):
        pieces += [escape(text[end : found.start()]), "<mark>", escape(text[found.start() : found.end()]), "</mark>"]
        end = found.end()
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece of text is escaped above


def _pattern(wanted: Sequence[str]) -> re.Pattern[str] | None:
    if not wanted:
        return None
    longest_first = sorted(wanted, key=len, reverse=True)
    # Latin words are marked whole (art is not marked in party); ideographs have no word boundary.
    return re.compile(
        "|".join(rf"\b{re.escape(word)}" if word.isascii() else re.escape(word) for word in longest_first)
    )
