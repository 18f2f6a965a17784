"""Who keeps out of what."""

from __future__ import annotations

from typing import Any

from chancery.foundations.web.columns import Rows
from chancery.kernel.access.recusal.models import Recusal


def recusals_of(person_id: int | None = None) -> list[dict[str, Any]]:
    """Standing recusals, of one person or of all; the actor sees their own, an access administrator everybody's."""
    rows: Rows = Recusal.objects.filter(lifted_at=None)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return list(
        rows.order_by("-since").values(
            "id", "subject", "reason", "since", "person_id", "person__name_en", "person__name_zh"
        )
    )
