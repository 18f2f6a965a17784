"""The register of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.numbers.terms import NumberState


def years_of_series() -> list[dict[str, Any]]:
    """Each series and year in which the actor sees a number, with how many are in use and void, newest year first."""
    return list(
        IssuedNumber.objects.values("series", "year")
        .annotate(
            issued=Count("id", filter=Q(state=NumberState.ISSUED)),
            void=Count("id", filter=Q(state=NumberState.VOID)),
            last=Max("value"),
        )
        .order_by("series", "-year")
    )


def numbers_of(series: str, year: int) -> QuerySet[IssuedNumber, Mapping[str, Any]]:
    """The numbers of a series and year that the actor sees, as rows."""
    return IssuedNumber.objects.filter(series=series, year=year).values(
        "id", "value", "text", "state", "subject", "issued_at", "voided_at", "void_reason", "document__title",
        "issued_person__name_en", "issued_person__name_zh",
    )  # fmt: skip


def number_of(number_id: int) -> IssuedNumber | None:
    """The number, or None when it does not exist for the actor."""
    return IssuedNumber.objects.filter(pk=number_id).first()
