"""What has no receipt yet. Row security limits it to the documents that the stamped actor may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When

from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.terms import WAITING, DeliveryState

FIELDS = (
    "id", "document_id", "name", "channel", "state", "sent_at", "due_on", "opened_at", "urged_count", "urged_at",
    "end_reason", "part",
)  # fmt: skip


def lateness(today: dt.date) -> Case:
    """How the receipt stands: RED after its day, AMBER on it and the day before."""
    return Case(
        When(due_on__lt=today, then=Value("RED")),
        When(due_on__lte=today + dt.timedelta(days=1), then=Value("AMBER")),
        default=Value("ON_TIME"),
        output_field=CharField(),
    )


def chase_list(today: dt.date) -> Any:
    """Copies whose receipt is awaited, and those that failed."""
    rows = Delivery.objects.filter(Q(state__in=WAITING) | Q(state=DeliveryState.FAILED))
    named = {"number": F("document__number"), "title": F("document__title")}
    return rows.annotate(due_on_lateness=lateness(today)).values(*FIELDS, "due_on_lateness", **named)


def overdue(rows: Any, today: dt.date) -> Any:
    """Those past the day on which the receipt was due, or failed."""
    return rows.filter(Q(due_on__lt=today) | Q(state=DeliveryState.FAILED))


def find(rows: Any, words: str) -> Any:
    """By addressee, number or title."""
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(number__icontains=word) | Q(title__icontains=word))
    return rows
