"""Handing over in the story: one list taken over, one at the archive, what is still owed and overdue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.archives.handover import services
from chancery.departments.general_office.archives.handover.duties import services as duties
from chancery.departments.general_office.archives.handover.models import HandoverList
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import ItemState

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """The story. Told twice it changes nothing but the count of what is owed."""
    with acting_as(SYSTEM), transaction.atomic():
        is_told = HandoverList.objects.exists()
    if not is_told:
        _taken_over(cast, now)
        _at_the_archive(cast, now)
    duties.count_duties(by=SYSTEM, at=now)


def _filed(by: Actor, unit_id: int, most: int) -> list[int]:
    with acting_as(by), transaction.atomic():
        rows = ArchivalItem.objects.filter(state=ItemState.FILED, unit_id=unit_id).order_by("year", "code")
        return list(rows.values_list("id", flat=True)[:most])


def _taken_over(cast: Cast, now: dt.datetime) -> None:
    """Academic and Societies Affairs hands over; the archivist returns one and takes the others over."""
    by, unit = cast.co_handler, cast.units["AS"]
    items = _filed(by, unit, 3)
    if len(items) < 2:
        return
    one = services.hand_over(
        unit_id=unit, item_ids=items, note="年度移交（样例） / Handing over of the year (sample)", by=by, at=now
    )
    services.check(list_id=one.pk, by=cast.archivist, at=now)
    with acting_as(cast.archivist), transaction.atomic():
        rows = list(one.rows.order_by("position").values_list("id", "worst"))
    passing = [row for row, worst in rows if worst != "FAIL"]
    back = [row for row, worst in rows if worst == "FAIL"] or passing[-1:]
    taken = [row for row in passing if row not in back]
    why = "缺处理单，请补齐后再移交（样例） / The slip is missing: add it and hand over again (sample)"
    services.give_back(list_id=one.pk, row_ids=back, reason=why, by=cast.archivist, at=now)
    if taken:
        seen = "已人工核对（样例） / Looked through by hand (sample)"
        services.accept(list_id=one.pk, row_ids=taken, reason=seen, by=cast.archivist, at=now)
        services.sign(list_id=one.pk, by=cast.archivist, at=now)


def _at_the_archive(cast: Cast, now: dt.datetime) -> None:
    """Planning and Finance has handed over a part; its list waits, checked."""
    items = _filed(cast.handler, cast.units["PF"], 2)
    if items:
        one = services.hand_over(unit_id=cast.units["PF"], item_ids=items, by=cast.handler, at=now)
        services.check(list_id=one.pk, by=SYSTEM, at=now)
