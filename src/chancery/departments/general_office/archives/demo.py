"""The archive's part of the story: items of earlier years and boxes of paper; then each part in its turn."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.archives.appraisal import demo as appraisal
from chancery.departments.general_office.archives.handover import demo as handover
from chancery.departments.general_office.archives.loans import demo as loans
from chancery.departments.general_office.archives.openings import demo as openings
from chancery.departments.general_office.archives.planning import demo as planning
from chancery.departments.general_office.archives.reading import demo as reading
from chancery.departments.general_office.archives.storage import demo as storage
from chancery.departments.general_office.archives.transfers import demo as transfers
from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.services import open_guard
from chancery.kernel.records.archive import services
from chancery.kernel.records.archive.boxes.services import box_up
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import Carrier, ItemFacts, ItemState, PartFacts, PartRole
from chancery.kernel.records.fileplan import queries as plan
from chancery.kernel.records.fileplan.models import PlanClass
from chancery.kernel.records.files.services import store_file
from chancery.kernel.records.fixity import demo as fixity

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

KIND = "earlier"
# Years back from the story's present, and how many items of each.
YEARS = ((18, 6), (14, 6), (12, 8), (8, 6), (4, 6), (1, 8))
SUBJECTS = (
    ("Notice on the annual work of the societies (sample)", "关于做好年度学会工作的通知（样例）", "NOTICE"),
    ("Letter on the loan of a hall (sample)", "关于借用报告厅的函（样例）", "LETTER"),
    ("Report on the popular-science week (sample)", "关于科普活动周的报告（样例）", "REPORT"),
    ("Circular on the result of an inspection (sample)", "关于检查情况的通报（样例）", "CIRCULAR"),
    ("Decision on the rules of the house (sample)", "关于修订机关工作规则的决定（样例）", "DECISION"),
)


#: Each tells its part, in this order: what is handed over is stored, what is stored is read, lent, appraised, sent on.
PARTS = (planning, handover, storage, reading, loans, appraisal, transfers, openings, fixity)


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """What stands in the archive, and what each part of it tells. Told twice it changes nothing."""
    _file_earlier(cast, now)
    for part in PARTS:
        part.tell(cast=cast, now=now)


def _file_earlier(cast: Cast, now: dt.datetime) -> None:
    by = cast.archivist
    with acting_as(by), transaction.atomic():
        if ArchivalItem.objects.filter(kind=KIND).exists():
            return
        services.file_many(facts=_earlier(cast, by, now), by=by, at=now)
        items = list(ArchivalItem.objects.filter(kind=KIND).order_by("pk"))
        held = [item.pk for item in items if item.year <= now.year - 4]
        for state in (ItemState.OFFERED, ItemState.HELD):
            services.set_state(item_ids=held, state=state, by=by, at=now)
        box_up(item_ids=[item.pk for item in items if item.carrier == Carrier.PAPER], by=by, at=now)


def _earlier(cast: Cast, by: Actor, now: dt.datetime) -> Iterator[ItemFacts]:
    """Items of earlier years, of two units, every third on paper."""
    today = clock.date_of(now)
    serial = 0
    for back, many in YEARS:
        for place in range(many):
            serial += 1
            unit = cast.units[("GO", "PF", "AS")[serial % 3]]
            en, zh, kind = SUBJECTS[serial % len(SUBJECTS)]
            found = plan.propose(kind="incoming", type_code=kind, unit_id=cast.units["GO"], on=today)
            dated = dt.date(today.year - back, 2 + place, 3 + serial % 20)
            label = Clearance.RESTRICTED if serial % 13 == 0 else Clearance.INTERNAL
            guard = open_guard(unit_id=unit, label=label, by=by, at=now)
            text = f"{zh}\n{en}\n{dated.isoformat()}\nNo. {serial}\n".encode()
            file = store_file(guard_id=guard.pk, name=f"{serial:03}.txt", content=io.BytesIO(text), by=by, at=now)
            yield ItemFacts(
                kind=KIND,
                subject="",
                content_guard_id=guard.pk,
                unit_id=unit,
                title=f"{zh} / {en}",
                author="样例学会 / Sample Society",
                document_number=f"样学字〔{dated.year}〕{serial}号",
                dated_on=dated,
                label=label,
                plan_class_id=_shorter(found.plan_id, found.class_id, serial),
                page_count=2 + serial % 7,
                carrier=Carrier.PAPER if serial % 3 == 0 else Carrier.DIGITAL,
                parts=[PartFacts(file.pk, PartRole.MAIN, "正文", 1)],
            )


def _shorter(plan_id: int, class_id: int, serial: int) -> int:
    """Every second item goes under the class with the shortest period, so that some have run out."""
    if serial % 2:
        return class_id
    years = {period.code: period.years for period in plan.periods(plan_id)}
    rows: list[PlanClass] = list(plan.open_leaves(plan_id))
    return min(rows, key=lambda row: years[row.period] or 10_000).pk
