"""Reading the journal: always what the stamped actor may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from chancery.foundations.journal.models import Entry

LINE = (
    "id", "seq", "at", "act", "data", "kind", "person_id", "post_id", "body_id", "deputising_for",
    "person_name", "post_title", "body_name",
)  # fmt: skip


def subject_of(on: Model | str) -> str:
    """The subject of a row: "label.model:pk"."""
    return on if isinstance(on, str) else f"{on._meta.label_lower}:{on.pk}"


def history(on: Model | str, *, limit: int | None = None) -> list[dict[str, Any]]:
    """The entries of a subject, oldest first (with `limit`: the newest `limit` of them)."""
    rows = Entry.objects.filter(subject=subject_of(on)).values(*LINE)
    if limit is None:
        return list(rows.order_by("seq"))
    return list(rows.order_by("-seq")[:limit])[::-1]
