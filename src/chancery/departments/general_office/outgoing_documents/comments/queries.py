"""Reading comments: threads in the order of the text, each with the place where its passage stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db.models import F

from chancery.departments.general_office.outgoing_documents.comments.models import Comment
from chancery.foundations import manuscript
from chancery.foundations.manuscript import Anchor

NEAR = 0.72  # of the quoted words that must still be there, in their order, for a passage that was edited
WINDOW = 400  # characters around the old place that are searched for an edited passage
_FACTS: dict[str, Any] = {
    "name_en": F("person__name_en"),
    "name_zh": F("person__name_zh"),
    "post_en": F("post__title_en"),
    "post_zh": F("post__title_zh"),
    "unit_en": F("post__unit__name_en"),
    "unit_zh": F("post__unit__name_zh"),
    "resolver_en": F("resolved_person__name_en"),
    "resolver_zh": F("resolved_person__name_zh"),
}


@dataclass(slots=True)
class Thread:
    """A remark with its answers. `anchor`: the passage as it reads now; None when it is about the whole or gone."""

    said: dict[str, Any]
    anchor: Anchor | None
    is_orphaned: bool
    is_changed: bool
    answers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The remark's key."""
        return int(self.said["id"])


def count_open(document_id: int) -> int:
    """How many remarks are not resolved."""
    return Comment.objects.filter(document_id=document_id, thread__isnull=True, resolved_at__isnull=True).count()


def threads(document_id: int, body: Mapping[str, Any] | None) -> list[Thread]:
    """Every remark in the order of the text: about the whole first, those whose words are gone last."""
    rows: list[Any] = list(
        Comment.objects.filter(document_id=document_id)
        .order_by("at", "id")
        .values("id", "thread_id", "version", "exact", "prefix", "suffix", "start", "text", "at", "person_id",
                "resolved_at", **_FACTS)
    )  # fmt: skip
    text = manuscript.plain(dict(body)) if body else ""
    found: dict[int, Thread] = {}
    for row in rows:
        if row["thread_id"] is None:
            anchor, is_changed = found_again(text, _quote(row)) if row["exact"] else (None, False)
            found[row["id"]] = Thread(row, anchor, bool(row["exact"]) and anchor is None, is_changed)
    for row in rows:
        if row["thread_id"] in found:
            found[row["thread_id"]].answers.append(row)
    return sorted(found.values(), key=_place)


def _place(thread: Thread) -> tuple[int, int, int]:
    if thread.is_orphaned:
        return (2, thread.said["start"], thread.id)
    return (1, thread.anchor["start"], thread.id) if thread.anchor else (0, 0, thread.id)


def _quote(row: Mapping[str, Any]) -> Anchor:
    return {"exact": row["exact"], "prefix": row["prefix"], "suffix": row["suffix"], "start": row["start"]}


def found_again(text: str, quote: Anchor) -> tuple[Anchor | None, bool]:
    """Where a passage stands now, and whether its words changed: the same words, else the passage most like it."""
    place = manuscript.find(text, quote)
    if place is not None:
        return manuscript.anchor_at(text, *place), False
    near = _nearest(text, quote)
    return (manuscript.anchor_at(text, *near), True) if near else (None, False)


def _nearest(text: str, quote: Anchor) -> tuple[int, int] | None:
    """The stretch that shares most of the quoted words in their order, near what stood around them."""
    exact = quote["exact"]
    if len(exact) < 4:
        return None
    after_prefix = text.find(quote["prefix"]) + len(quote["prefix"]) if len(quote["prefix"]) >= 8 else -1
    middle = after_prefix if after_prefix >= len(quote["prefix"]) else quote["start"]
    low = max(0, min(middle, len(text)) - WINDOW)
    window = text[low : low + 2 * WINDOW + len(exact)]
    blocks = [
        one for one in SequenceMatcher(None, window, exact, autojunk=False).get_matching_blocks() if one.size >= 2
    ]
    if not blocks:
        return None
    if sum(block.size for block in blocks) / len(exact) < NEAR:
        return None
    start, end = low + blocks[0].a, low + blocks[-1].a + blocks[-1].size
    return (start, end) if end - start <= 2 * len(exact) else None
