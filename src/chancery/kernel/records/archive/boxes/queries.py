"""Questions about boxes. Which items one sees in them, row security says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet

from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox
from chancery.kernel.records.archive.queries import catalogue


def box_rows() -> QuerySet[ArchiveBox, dict[str, Any]]:
    """The boxes, with the number of items that the asker may know of."""
    rows: Any = ArchiveBox.objects.annotate(items_seen=Count("items")).values(
        "id", "code", "fonds_id", "fonds__code", "category", "year", "period", "unit_code", "number", "spine_mm",
        "state", "items_seen", "made_at",
    )  # fmt: skip
    found: QuerySet[ArchiveBox, dict[str, Any]] = rows
    return found


def box(box_id: int) -> ArchiveBox | None:
    """The box."""
    return ArchiveBox.objects.select_related("fonds").filter(pk=box_id).first()


def lying_in(box_id: int) -> QuerySet[ArchivalItem, dict[str, Any]]:
    """The items in a box, in the order of their codes."""
    return catalogue().filter(box_id=box_id).order_by("item_number")


def first_and_last(box_id: int) -> Sequence[str]:
    """The first code in a box and the last."""
    numbers = list(lying_in(box_id).values_list("code", flat=True))
    return numbers[:1] + numbers[-1:] if numbers else []
