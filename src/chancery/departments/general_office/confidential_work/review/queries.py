"""Questions about reviews. Row security limits what the stamped actor may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.terms import OFFICER, State
from chancery.departments.general_office.confidential_work.review.models import (
    ReviewEntry,
    UndefinedMatter,
    YearlyReview,
)
from chancery.departments.general_office.confidential_work.review.terms import ReviewState
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Verdict
from chancery.kernel.access.rules import holds_role
from chancery.kernel.calendar import queries as calendar


def _lateness(column: str, today: dt.date, soon: dt.date, done: Q | None = None) -> Case:
    whens = [When(done, then=Value("DONE"))] if done is not None else []
    return Case(
        *whens,
        When(**{f"{column}__lt": today}, then=Value("RED")),
        When(**{f"{column}__lte": soon}, then=Value("AMBER")),
        default=Value("ON_TIME"),
        output_field=CharField(),
    )


def expiring(today: dt.date) -> QuerySet[Any, Any]:
    """Levels in force by their last day; amber within the rulebook's days, red on the last."""
    soon = today + dt.timedelta(days=rulebook.days("classification.amber.days", on=today))
    return Classification.objects.filter(state=State.IN_FORCE).annotate(
        until_lateness=_lateness("until", today + dt.timedelta(days=1), soon)
    )


def reviews(today: dt.date) -> QuerySet[Any, Any]:
    """The lists, with how far they are."""
    return YearlyReview.objects.annotate(
        total=Count("entries"),
        decided=Count("entries", filter=~Q(entries__decision="")),
        due_on_lateness=_lateness("due_on", today, calendar.amber_until(today), ~Q(state=ReviewState.OPEN)),
    )


def review(review_id: int) -> YearlyReview | None:
    """One list."""
    found = YearlyReview.objects.select_related("unit", "handed_in_person", "signed_person")
    return found.filter(pk=review_id).first()


def entries(review_id: int) -> list[ReviewEntry]:
    """What is on it. An entry whose level is above one's sight stands there without its words."""
    rows = list(ReviewEntry.objects.filter(review_id=review_id).select_related("decided_person").order_by("id"))
    seen = Classification.objects.in_bulk([row.classification_id for row in rows])
    for row in rows:
        row.shown = seen.get(row.classification_id)  # type: ignore[attr-defined]  # for the page, not a column
    return rows


def is_of_unit(by: Actor, unit_id: int) -> bool:
    """Whether the actor answers for the unit's levels."""
    return any(holds_role(by, role, unit_id) for role in ("head", "deputy_head", "handler", "registrar"))


def is_officer(by: Actor) -> Verdict:
    """The confidential officer."""
    return holds_role(by, OFFICER)


def undefined(today: dt.date) -> QuerySet[Any, Any]:
    """Undefined matters, with how their report stands."""
    return UndefinedMatter.objects.annotate(
        due_on_lateness=_lateness("due_on", today, calendar.amber_until(today), Q(reported_at__isnull=False)),
        name=Case(When(alias="", then=F("subject")), default=F("alias"), output_field=CharField()),
    )


def undefined_matter(undefined_id: int) -> UndefinedMatter | None:
    """One of them."""
    found = UndefinedMatter.objects.select_related("unit", "raised_person", "reported_person")
    return found.filter(pk=undefined_id).first()
