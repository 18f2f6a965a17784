"""The register as rows, and what a year adds up to. Both under the reader's row security."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from chancery.departments.general_office.incoming_documents.models import IncomingDocument, number_key
from chancery.departments.general_office.incoming_documents.queries import IN_REGISTER
from chancery.departments.general_office.incoming_documents.terms import Kind, State, Urgency
from chancery.foundations.web.figures import Line, by_month, lines
from chancery.foundations.words import words

SHOWN = (
    "id",
    "number",
    "title",
    "sender",
    "sender_number",
    "dated_on",
    "received_on",
    "kind",
    "urgency",
    "state",
    "limit_on",
    "is_important",
    "copy_no",
    "pages",
    "addressees",
    "file_class",
    "matter_id",
    "lead_unit__name_en",
    "lead_unit__name_zh",
)


def lateness(today: dt.date) -> Case:
    """How the limit stands: DONE once the work is done, RED after it, AMBER on the last day and the day before."""
    return Case(
        When(Q(done_at__isnull=False) | Q(closed_at__isnull=False), then=Value("DONE")),
        When(limit_on__lt=today, then=Value("RED")),
        When(limit_on__lte=today + dt.timedelta(days=1), then=Value("AMBER")),
        default=Value("ON_TIME"),
        output_field=CharField(),
    )


def register(today: dt.date) -> QuerySet[IncomingDocument, Any]:
    """Everything that has a number, as rows."""
    found: QuerySet[IncomingDocument, Any] = (
        IncomingDocument.objects.filter(state__in=IN_REGISTER)
        .annotate(limit_on_lateness=lateness(today))
        .values(*SHOWN, "limit_on_lateness")
    )
    return found


def find(rows: Any, text: str) -> Any:
    """Rows in which every word occurs in title, sender or a number. Numbers match however their brackets are typed."""
    for word in text.split()[:6]:
        key = number_key(word)
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(sender__icontains=word)
            | Q(number__icontains=word)
            | Q(sender_number_key__contains=key)
        )
    return rows


def overdue(rows: Any, today: dt.date) -> Any:
    """Rows whose limit is over and whose work is not done."""
    return rows.filter(limit_on__lt=today, done_at__isnull=True, closed_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Year:
    """What a year of the register adds up to."""

    year: int
    total: int
    returned: int
    filed: int
    open: int
    overdue: int
    with_limit: int
    on_time: int
    by_kind: list[Line]
    by_urgency: list[Line]
    by_unit: list[Line]
    by_month: list[int]

    @property
    def on_time_rate(self) -> int | None:
        """Per cent of finished documents with a limit that were done by it; None when there is none."""
        return round(100 * self.on_time / self.with_limit) if self.with_limit else None


def years() -> list[int]:
    """Years that have documents, newest first."""
    found = IncomingDocument.objects.filter(state__in=IN_REGISTER).dates("received_on", "year", order="DESC")
    return [day.year for day in found]


def year_figures(year: int, today: dt.date) -> Year:
    """Counts by type, urgency, lead unit and month, and the on-time rate, of the documents received in a year."""
    rows = IncomingDocument.objects.filter(
        state__in=IN_REGISTER, received_on__gte=dt.date(year, 1, 1), received_on__lte=dt.date(year, 12, 31)
    ).annotate(done_on=TruncDate("done_at"))
    done = Q(limit_on__isnull=False, done_at__isnull=False)
    sums = rows.aggregate(
        total=Count("id"),
        returned=Count("id", filter=Q(state=State.RETURNED)),
        filed=Count("id", filter=Q(state=State.FILED)),
        open=Count("id", filter=Q(state=State.REGISTERED)),
        overdue=Count("id", filter=Q(limit_on__lt=today, done_at__isnull=True, closed_at__isnull=True)),
        with_limit=Count("id", filter=done),
        on_time=Count("id", filter=done & Q(done_on__lte=F("limit_on"))),
    )
    return Year(
        year=year,
        **sums,
        by_kind=lines(rows, "kind", dict(Kind.choices)),
        by_urgency=lines(rows, "urgency", dict(Urgency.choices)),
        by_unit=lines(
            rows.filter(lead_unit__isnull=False),
            ("lead_unit_id", "lead_unit__name_en", "lead_unit__name_zh"),
            lambda row: words(row, "lead_unit__name"),
        ),
        by_month=by_month(rows, "received_on"),
    )
