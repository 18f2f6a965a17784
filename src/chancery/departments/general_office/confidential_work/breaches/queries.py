"""Breaches that the actor may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F

from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.breaches.terms import State
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.web.columns import Rows


def listed() -> Rows:
    """Breaches as rows."""
    return Breach.objects.values(
        "id", "number", "alias", "what", "state", "found_at", "due_at", "reported_at", "closed_at",
        who_en=F("reporter__name_en"), who_zh=F("reporter__name_zh"),
    )  # fmt: skip


def breach(breach_id: int) -> Breach | None:
    """One, if the actor may see it."""
    return (
        Breach.objects.select_related("reporter", "reported_person", "closed_person", "copy__carrier")
        .filter(pk=breach_id)
        .first()
    )


def due_at(found_at: dt.datetime, on: dt.date) -> dt.datetime:
    """When the authority must have been told."""
    return found_at + dt.timedelta(hours=float(rulebook.number("breach.report", on=on)))


def overdue(at: dt.datetime) -> list[Any]:
    """Not reported in time."""
    return list(
        Breach.objects.filter(state=State.OPEN, due_at__lt=at).order_by("due_at").values("id", "number", "due_at")
    )


def unclosed() -> Rows:
    """Everything that is not closed."""
    return Breach.objects.exclude(state=State.CLOSED)
