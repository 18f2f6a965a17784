"""Destruction lists that the actor may see."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, F

from chancery.departments.general_office.confidential_work.carriers.destruction.models import (
    CarrierDestruction,
    DestructionLine,
)
from chancery.departments.general_office.confidential_work.carriers.models import CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.terms import CopyState, DestructionState
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.columns import Rows


def listed() -> Rows:
    """Lists as rows."""
    return CarrierDestruction.objects.values("id", "number", "reason", "state", "drawn_at", "approved_at").annotate(
        count=Count("lines")
    )


def destruction(destruction_id: int) -> CarrierDestruction | None:
    """One, if the actor may see it."""
    return (
        CarrierDestruction.objects.select_related("drawn_person", "approved_person", "first", "second")
        .filter(pk=destruction_id)
        .first()
    )


def lines(destruction_id: int) -> list[Any]:
    """The copies on a list."""
    return list(
        DestructionLine.objects.filter(destruction_id=destruction_id)
        .order_by("copy__carrier__number", "copy__number")
        .values(
            "copy_id", number=F("copy__number"), state=F("copy__state"), carrier_id=F("copy__carrier_id"),
            carrier=F("copy__carrier__number"), alias=F("copy__carrier__alias"), level=F("copy__carrier__level"),
        )
    )  # fmt: skip


def listed_copies(copy_ids: Collection[int]) -> list[int]:
    """The numbers of those among the copies that stand on a list under way, whoever drew it up."""
    with acting_as(SYSTEM):
        return list(
            DestructionLine.objects.filter(
                copy_id__in=list(copy_ids),
                destruction__state__in=[DestructionState.DRAWN, DestructionState.APPROVED],
            )
            .order_by("copy__number")
            .values_list("copy__number", flat=True)
        )


def destroyable(person_id: int | None) -> list[Any]:
    """Copies that the officer holds, here, and on no list that is under way."""
    under_way = DestructionLine.objects.filter(
        destruction__state__in=[DestructionState.DRAWN, DestructionState.APPROVED]
    ).values("copy_id")
    return list(
        CarrierCopy.objects.filter(holder_id=person_id or 0, state=CopyState.HELD, moving=None)
        .exclude(pk__in=under_way)
        .order_by("carrier__number", "number")
        .values("id", "number", "carrier__number", "carrier__alias")
    )


def waiting_for(person_id: int | None) -> list[Any]:
    """Approved lists that wait for a person's signature."""
    me = person_id or 0
    rows = listed().filter(state=DestructionState.APPROVED)
    first = rows.filter(first_id=me, first_signed_at=None)
    return list(first) + list(rows.filter(second_id=me, second_signed_at=None))


def drawn() -> Rows:
    """Lists that wait for a decision."""
    return CarrierDestruction.objects.filter(state=DestructionState.DRAWN)
