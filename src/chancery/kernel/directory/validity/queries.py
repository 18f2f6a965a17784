"""Reading a chain of terms."""

from __future__ import annotations

from typing import Any

from chancery.kernel.directory.models import PostTerm, UnitTerm
from chancery.kernel.directory.validity.rules import Term

UNIT_FACTS = ("name_en", "name_zh", "kind", "parent_id", "led_by_id", "position", "functions_en", "functions_zh")
POST_FACTS = ("title_en", "title_zh", "heading_en", "heading_zh", "rank", "is_leading", "seats", "position")


def unit_terms(unit_id: int) -> list[Term]:
    """The chain of a unit, oldest first."""
    rows = UnitTerm.objects.filter(unit_id=unit_id, is_void=False).order_by("during")
    return [_term(row, UNIT_FACTS) for row in rows.values("id", "during", *UNIT_FACTS)]


def post_terms(post_id: int) -> list[Term]:
    """The chain of a post, oldest first."""
    rows = PostTerm.objects.filter(post_id=post_id, is_void=False).order_by("during")
    return [_term(row, POST_FACTS) for row in rows.values("id", "during", *POST_FACTS)]


def _term(row: dict[str, Any], names: tuple[str, ...]) -> Term:
    return Term(row["id"], row["during"].lower, row["during"].upper, {name: row[name] for name in names})
