"""Recommendations and warnings as rows, and what waits. Under the reader's row security."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.terms import Line
from chancery.departments.general_office.petitions.counting import rules
from chancery.departments.general_office.petitions.counting.models import PetitionRecommendation, PetitionWarning
from chancery.departments.general_office.petitions.counting.terms import Adopted
from chancery.foundations.actor import Actor


def recommendation_rows() -> QuerySet[PetitionRecommendation, Any]:
    """The recommendations one sees."""
    return PetitionRecommendation.objects.values(
        "id", "title", "field", "made_at", "due_on", "state", "unit__name_en", "unit__name_zh"
    )


def recommendation_of(recommendation_id: int) -> PetitionRecommendation | None:
    """One, or None when it does not exist for the actor."""
    rows = PetitionRecommendation.objects.select_related("unit", "made_person", "answered_person")
    return rows.filter(pk=recommendation_id).first()


def warning_rows() -> QuerySet[PetitionWarning, Any]:
    """The warnings one sees."""
    return PetitionWarning.objects.values(
        "id", "rising", "field", "unit__name_en", "unit__name_zh", "from_on", "until_on", "count", "mean", "seen_at",
        "seen_note",
    )  # fmt: skip


def warning_of(warning_id: int) -> PetitionWarning | None:
    """One, or None when it does not exist for the actor."""
    return PetitionWarning.objects.select_related("unit", "seen_person").filter(pk=warning_id).first()


def desk(by: Actor, today: dt.date) -> Sequence[Line]:
    """What waits: rising subjects nobody has looked into, recommendations without an answer."""
    if not rules.may_count(by):
        return []
    rise, advice = reverse("general_office:petition_warnings"), reverse("general_office:petition_recommendations")
    late = PetitionRecommendation.objects.filter(state=Adopted.OPEN, due_on__lt=today).count()
    return [
        Line(_("Rising subjects"), PetitionWarning.objects.filter(seen_at=None).count(), rise, "red"),
        Line(_("Recommendations without an answer in time"), late, f"{advice}?state=OPEN", "amber"),
    ]


def links(by: Actor) -> list[tuple[str, str, str]]:
    """Ways from the hub."""
    found = []
    if rules.may_count(by):
        found.append((reverse("general_office:petition_figures"), _("Figures"), "chart-bar"))
    else:
        found.append((reverse("general_office:petition_releases"), _("Released figures"), "chart-bar"))
    if rules.sees_recommendations(by):
        found.append((reverse("general_office:petition_recommendations"), _("Recommendations"), "speakerphone"))
    return found
