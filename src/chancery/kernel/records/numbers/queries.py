"""The register of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from chancery.kernel.records.documents.models import Document
from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.numbers.terms import NumberState


def years_of_series() -> list[dict[str, Any]]:
    """Each series and year in which the actor sees a number, with how many are in use and void, newest year first."""
    rows = (
        IssuedNumber.objects.values("series", "year")
        .annotate(
            issued=Count("id", filter=Q(state=NumberState.ISSUED)),
            void=Count("id", filter=Q(state=NumberState.VOID)),
            last=Max("value"),
        )
        .order_by("series", "-year")
    )
    return [dict(row) for row in rows]


def numbers_of(series: str, year: int) -> QuerySet[IssuedNumber, Mapping[str, Any]]:
    """The numbers of a series and year that the actor sees, as rows."""
    return IssuedNumber.objects.filter(series=series, year=year).values(
        "id", "value", "text", "state", "subject", "issued_at", "voided_at", "void_reason", "document__title",
        "issued_person__name_en", "issued_person__name_zh",
    )  # fmt: skip


def number_of(number_id: int) -> IssuedNumber | None:
    """The number, or None when it does not exist for the actor."""
    return IssuedNumber.objects.select_related("guard", "issued_person").filter(pk=number_id).first()


def document_under(number: IssuedNumber) -> Document | None:
    """The document that bears the number, if the actor sees it."""
    return Document.objects.filter(number_id=number.pk).first()
