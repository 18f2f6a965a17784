"""Counts that the actor may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, Q

from chancery.departments.general_office.confidential_work.carriers.counts.models import CarrierCount, CountLine
from chancery.departments.general_office.confidential_work.carriers.terms import CountState, Found
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.web.columns import Rows


def due_on(year: int, today: dt.date) -> dt.date:
    """The day of the year by which the count is closed."""
    month, day = rulebook.text("carrier.count.due", on=today).split("-")
    return dt.date(year, int(month), int(day))


def listed() -> Rows:
    """Counts as rows."""
    return CarrierCount.objects.values("id", "year", "state", "opened_at", "due_on", "closed_at").annotate(
        count=Count("lines"),
        seen=Count("lines", filter=Q(lines__found=Found.SEEN)),
        missing=Count("lines", filter=Q(lines__found=Found.MISSING)),
        waiting=Count("lines", filter=Q(lines__found=Found.WAITING)),
    )


def count(count_id: int) -> CarrierCount | None:
    """One, if the actor may see it."""
    return CarrierCount.objects.filter(pk=count_id).first()


def running() -> CarrierCount | None:
    """The count that is open."""
    return CarrierCount.objects.filter(state=CountState.OPEN).order_by("year").first()


def lines(count_id: int) -> list[Any]:
    """What is counted: waiting first, then missing, then seen."""
    return list(
        CountLine.objects.filter(count_id=count_id)
        .order_by("copy__carrier__number", "copy__number")
        .values(
            "id", "found", "copy_id", "counted_at", number=F("copy__number"), carrier=F("copy__carrier__number"),
            carrier_id=F("copy__carrier_id"), alias=F("copy__carrier__alias"), place=F("copy__place"),
            holder_en=F("copy__holder__name_en"), holder_zh=F("copy__holder__name_zh"),
        )
    )  # fmt: skip


def uncounted(count_id: int) -> Rows:
    """What is not counted yet."""
    return CountLine.objects.filter(count_id=count_id, found=Found.WAITING)
