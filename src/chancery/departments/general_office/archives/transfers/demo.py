"""Transfers' part of the story: items of long ago, drawn up, approved, packed, and receipted by the authority."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.archives.transfers import services
from chancery.departments.general_office.archives.transfers.models import TransferList
from chancery.foundations import clock
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.services import open_guard
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.services import file_many, set_state
from chancery.kernel.records.archive.terms import ItemFacts, ItemState, PartFacts, PartRole
from chancery.kernel.records.fileplan import queries as plan
from chancery.kernel.records.fileplan.models import Fonds
from chancery.kernel.records.files.services import store_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chancery.demo.cast import Cast

KIND = "oldest"
AUTHORITY = "样例档案馆 / Sample Archives"


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """One list that went its whole way, and what is due now. Told twice it changes nothing."""
    with acting_as(cast.archivist), transaction.atomic():
        if TransferList.objects.exists():
            return
        file_many(facts=_oldest(cast, now), by=cast.archivist, at=now)
        items = list(ArchivalItem.objects.filter(kind=KIND).order_by("year", "pk"))
        for state in (ItemState.OFFERED, ItemState.HELD):
            set_state(item_ids=[item.pk for item in items], state=state, by=cast.archivist, at=now)
        fonds = Fonds.objects.get(pk=items[0].fonds_id)
        first = items[0].year
    sent, received = now - dt.timedelta(days=3), now - dt.timedelta(days=1)
    one = services.draw_up(
        fonds_id=fonds.pk, through_year=first, authority=AUTHORITY, by=cast.archivist, at=sent - dt.timedelta(days=2)
    )
    services.submit(list_id=one.pk, by=cast.archivist, at=sent - dt.timedelta(days=2))
    services.approve(list_id=one.pk, by=cast.archive_head, at=sent - dt.timedelta(days=1))
    with tempfile.TemporaryFile() as package:
        built = services.make_package(list_id=one.pk, to=package, by=cast.archivist, at=sent)
    services.enter_receipt(
        list_id=one.pk,
        receipt_number=f"样接〔{now.year}〕12",
        receipt_on=clock.date_of(received),
        receipt_sha256=built.sha256,
        by=cast.archivist,
        at=now,
    )


def _oldest(cast: Cast, now: dt.datetime) -> Iterator[ItemFacts]:
    """Six items kept for good: three of 22 years ago, which go; three of 21 years ago, which are due."""
    today = clock.date_of(now)
    found = plan.propose(kind="incoming", type_code="DECISION", unit_id=cast.units["GO"], on=today)
    lasting = {period.code for period in plan.periods(found.plan_id) if period.years is None}
    place = next(row for row in plan.open_leaves(found.plan_id) if row.period in lasting)
    for serial in range(6):
        dated = dt.date(today.year - (22 if serial < 3 else 21), 3 + serial, 8)
        guard = open_guard(unit_id=cast.units["GO"], label=10, by=cast.archivist, at=now)
        title = (
            f"机关早期工作文件之{'一二三四五六'[serial]}（样例） / Early paper of the house, no. {serial + 1} (sample)"
        )
        file = store_file(
            guard_id=guard.pk,
            name=f"early-{serial + 1}.txt",
            content=io.BytesIO(f"{title}\n{dated.isoformat()}\n".encode()),
            by=cast.archivist,
            at=now,
        )
        yield ItemFacts(
            kind=KIND,
            subject="",
            content_guard_id=guard.pk,
            unit_id=cast.units["GO"],
            title=title,
            author="样例机关 / Sample House",
            document_number=f"样办字〔{dated.year}〕{serial + 1}号",
            dated_on=dated,
            plan_class_id=place.pk,
            page_count=2,
            parts=[PartFacts(file.pk, PartRole.MAIN, "正文", 1)],
        )
