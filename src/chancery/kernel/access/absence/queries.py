"""Who is away, who stands in."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q

from chancery.foundations.web.columns import Rows
from chancery.kernel.access.absence.models import Absence

_NAMES = {
    "absent_en": F("absent_post__title_en"),
    "absent_zh": F("absent_post__title_zh"),
    "absent_unit_en": F("absent_post__unit__name_en"),
    "absent_unit_zh": F("absent_post__unit__name_zh"),
    "absent_person_en": F("absent_person__name_en"),
    "absent_person_zh": F("absent_person__name_zh"),
    "deputy_en": F("deputy_post__title_en"),
    "deputy_zh": F("deputy_post__title_zh"),
    "deputy_unit_en": F("deputy_post__unit__name_en"),
    "deputy_unit_zh": F("deputy_post__unit__name_zh"),
}


def absences(on: dt.date, *, past: bool = False) -> Rows:
    """Running and coming absences with names, or (past) those that are over or cancelled."""
    current = Q(cancelled_at=None, ends_on__gte=on)
    rows: Rows = Absence.objects.filter(~current if past else current).annotate(**_NAMES)
    return rows.values(
        "id", "starts_on", "ends_on", "scopes", "reason", "cancelled_at", "absent_person_id", "absent_post_id",
        "deputy_post_id", "declared_by_person_id", *_NAMES,
    )  # fmt: skip
