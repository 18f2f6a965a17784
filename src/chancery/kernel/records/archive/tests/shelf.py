"""Items for the tests of whoever works with the archive: filed by services, with real files in the store.

[item] = filed(cast)
old = filed(cast, 30, dated_on=dt.date(2008, 3, 1), years=10)      # their period has run out
secret = filed(cast, label=Clearance.RESTRICTED, unit="PF", by=cast.drafter)
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.services import open_guard
from chancery.kernel.records.archive import services
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import ItemFacts, PartFacts, PartRole
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass, RetentionPeriod
from chancery.kernel.records.fileplan.terms import PlanState
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.services import store_file

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
DATED = dt.date(2026, 3, 2)
SHORTEST = -1  # the class whose period is the shortest


def plan_of(cast: Cast, at: dt.datetime = AT) -> FilePlan:
    """The plan in force of the federation's fonds; the shipped one where there is a loader, else a small one."""
    with acting_as(SYSTEM), transaction.atomic():
        found = FilePlan.objects.filter(state=PlanState.APPROVED).select_related("fonds").order_by("id").first()
        return found or _small_plan(cast, at)


def leaf(cast: Cast, years: int | None = SHORTEST, at: dt.datetime = AT) -> PlanClass:
    """A class that takes items and keeps them for `years` (None: for good)."""
    plan = plan_of(cast, at)
    with acting_as(SYSTEM), transaction.atomic():
        periods = dict(RetentionPeriod.objects.filter(plan=plan).values_list("code", "years"))
        nodes = PlanClass.objects.filter(plan=plan, parent__isnull=False).values_list("parent_id", flat=True)
        leaves = list(PlanClass.objects.filter(plan=plan, is_open=True).exclude(pk__in=list(nodes)))
        wanted = min(periods[one.period] or 10_000 for one in leaves) if years == SHORTEST else years
        return next(one for one in leaves if periods[one.period] == wanted)


def stored(
    by: Actor, guard_id: int, *, name: str = "text.txt", content: bytes = b"", at: dt.datetime = AT
) -> StoredFile:
    """A small file of its own content under a guard."""
    text = content or f"The text of {uuid.uuid4()}.".encode()
    return store_file(guard_id=guard_id, name=name, content=io.BytesIO(text), by=by, at=at)


def filed(
    cast: Cast,
    n: int = 1,
    *,
    by: Actor | None = None,
    unit: str = "GO",
    label: int = Clearance.INTERNAL,
    years: int | None = SHORTEST,
    dated_on: dt.date = DATED,
    guard_id: int | None = None,
    title: str = "Notice on the work of {n}",
    at: dt.datetime = AT,
    name: str = "text.txt",
    content: bytes = b"",
    **facts: Any,
) -> list[ArchivalItem]:
    """`n` items, each with a guard and a stored file of its own (of `content`, when it is given)."""
    by = by or cast.registrar
    place = leaf(cast, years, at)

    def one(number: int) -> ItemFacts:
        guard = guard_id or open_guard(unit_id=cast.units[unit], label=label, by=by, at=at).pk
        file = stored(by, guard, name=name, content=content, at=at)
        return ItemFacts(
            **{
                "kind": "test",
                "subject": "",
                "content_guard_id": guard,
                "unit_id": cast.units[unit],
                "title": title.format(n=number),
                "author": "General Office",
                "document_number": f"Test {number}",
                "dated_on": dated_on,
                "label": label,
                "plan_class_id": place.pk,
                "parts": [PartFacts(file.pk, PartRole.MAIN, "Text", 1)],
                **facts,
            }
        )

    with acting_as(by), transaction.atomic():
        before = ArchivalItem.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        services.file_many(facts=(one(number) for number in range(1, n + 1)), by=by, at=at)
        return list(ArchivalItem.objects.filter(pk__gt=before).order_by("pk"))


def _small_plan(cast: Cast, at: dt.datetime) -> FilePlan:
    fonds = Fonds.objects.create(
        code="A001",
        name_en="Federation",
        name_zh="联合会",
        unit_id=cast.units["CAST"],
        keeper_unit_id=cast.units["GO"],
        begun_on=dt.date(1958, 9, 1),
    )
    plan = FilePlan.objects.create(
        fonds=fonds,
        number=1,
        profile=settings.PROFILE,
        state=PlanState.APPROVED,
        valid_from=dt.date(2000, 1, 1),
        approved_at=at,
        made_at=at,
        approval_number="test",
    )
    for code, years in (("Y", None), ("D30", 30), ("D10", 10)):
        RetentionPeriod.objects.create(plan=plan, code=code, name_en=code, name_zh=code, years=years)
    top = PlanClass.objects.create(plan=plan, code="1", name_en="Papers", name_zh="文书")
    for place, (code, period) in enumerate((("1.1", "Y"), ("1.2", "D30"), ("1.3", "D10"))):
        PlanClass.objects.create(
            plan=plan, parent=top, code=code, position=place, name_en=code, name_zh=code, period=period
        )
    return plan
