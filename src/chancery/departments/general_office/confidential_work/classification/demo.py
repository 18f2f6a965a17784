"""This function's part of the demo story: levels proposed and in force, a review half done, a log of readings."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.confidential_work.classification import queries, services
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.terms import Outcome, State
from chancery.departments.general_office.confidential_work.review import services as review
from chancery.departments.general_office.confidential_work.review.models import (
    ReviewEntry,
    UndefinedMatter,
    YearlyReview,
)
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.readings import services as readings
from chancery.kernel.access.readings.terms import How
from chancery.kernel.records import services as records

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

YEAR = dt.timedelta(days=365)
#: (basis clause, what falls under it, years, days until the last, who reads)
IN_FORCE = (
    ("personnel", "样例：候选人名单及评议情况 / Sample: names of candidates and what was said of them", 1, 20, "PF"),
    ("decisions", "样例：尚未公布的经费安排 / Sample: an allocation not announced yet", 3, 900, "AS"),
    ("negotiation", "样例：合作谈判方案 / Sample: a plan for negotiations", 2, 55, "IA"),
)


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Tell the story; told before, it changes nothing."""
    with acting_as(SYSTEM), transaction.atomic():
        if Classification.objects.exclude(subject="").exists():
            return
    # What came to the General Office: papers between departments are not its registrar's to see.
    with acting_as(cast.registrar), transaction.atomic():
        subjects = [
            f"general_office.incomingdocument:{key}"
            for key in IncomingDocument.objects.filter(state__in=["REGISTERED", "FILED"], label=10)
            .order_by("-id")
            .values_list("pk", flat=True)[:5]
        ]
    held = [_held(cast, subject, grounds, now) for subject, grounds in zip(subjects, IN_FORCE, strict=False)]
    if len(subjects) > len(IN_FORCE):
        _proposed(cast, subjects[len(IN_FORCE)], now)
    _undefined(cast, now)
    _review(cast, held, now)
    _readings(cast, held, now)


def _drafter(cast: Cast, subject: str) -> Actor:
    by = cast.registrar
    with acting_as(by), transaction.atomic():
        return by if queries.thing(subject) else cast.office_head


def _held(cast: Cast, subject: str, grounds: tuple[str, str, int, int, str], now: dt.datetime) -> Classification:
    clause, text, years, left, unit = grounds
    until = (now + dt.timedelta(days=left)).date()
    at = now - dt.timedelta(days=9)
    proposed = services.propose_level(
        subject=subject,
        level="RESTRICTED",
        basis_clause=clause,
        basis_text=text,
        period_kind="DATE",
        until=until,
        starts_on=until.replace(year=until.year - years, day=min(until.day, 28)),
        audience_units=[cast.units[unit]],
        reason="样例 / Sample",
        by=_drafter(cast, subject),
        at=at,
    )
    return services.decide(
        classification_id=proposed.pk, outcome=Outcome.APPROVE, by=cast.classifier, at=at + dt.timedelta(hours=5)
    )


def _proposed(cast: Cast, subject: str, now: dt.datetime) -> None:
    services.propose_level(
        subject=subject,
        level="RESTRICTED",
        basis_clause="technology",
        basis_text="样例：未公开的试验数据 / Sample: data of a trial not published",
        period_kind="CONDITION",
        condition="成果正式发布 / the result is published",
        audience_units=[cast.units["AS"]],
        by=_drafter(cast, subject),
        at=now - dt.timedelta(hours=20),
    )


def _undefined(cast: Cast, now: dt.datetime) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        if UndefinedMatter.objects.exists():
            return
    review.raise_undefined(
        alias="样例-U1",
        question="样例：载体内容是否应当定密，尚不明确。 / Sample: whether the carrier is to bear a level.",
        provisional_level="CONFIDENTIAL",
        unit_id=cast.units["GO"],
        by=cast.confidential_officer,
        at=now - dt.timedelta(days=6),
    )


def _review(cast: Cast, held: list[Classification], now: dt.datetime) -> None:
    at = now - dt.timedelta(days=3)
    review.open_reviews(year=now.year, by=SYSTEM, at=at)
    with acting_as(SYSTEM), transaction.atomic():
        of = YearlyReview.objects.filter(year=now.year, unit_id=cast.units["GO"]).first()
        entry = ReviewEntry.objects.filter(review=of, decision="", classification__in=held).order_by("id").first()
    if entry is not None:
        review.decide_entry(
            entry_id=entry.pk,
            decision="KEEP",
            reason="样例：情况未变 / Sample: nothing changed",
            by=cast.office_head,
            at=at + dt.timedelta(hours=2),
        )


def _readings(cast: Cast, held: list[Classification], now: dt.datetime) -> None:
    for step, of in enumerate(one for one in held if one.state == State.IN_FORCE):
        file = records.store_file(
            guard_id=of.guard_id,
            name="知悉范围说明（样例）.txt",
            content=io.BytesIO("样例：本文件说明知悉范围。\nSample: who may know.\n".encode()),
            by=cast.classifier,
            at=now - dt.timedelta(days=2),
        )
        for hours, how in ((30, How.PAGE), (29, How.PREVIEW), (5, How.DOWNLOAD)):
            readings.note_reading(
                guard_id=of.guard_id,
                label=20,
                subject=f"records.storedfile:{file.pk}" if how is not How.PAGE else of.subject,
                how=how,
                by=cast.classifier if step % 2 else cast.office_head,
                at=now - dt.timedelta(hours=hours - step),
            )
