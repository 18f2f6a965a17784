"""The openings' part of the story: two papers of long ago are open, one stays closed, one waits; and a saved search."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.archives.openings import services
from chancery.departments.general_office.archives.openings.models import Opening, OpeningRow
from chancery.departments.general_office.archives.openings.terms import OpenVerdict
from chancery.foundations.actor import Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.services import open_guard
from chancery.kernel.records.archive import services as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import ItemFacts, ItemState, PartFacts, PartRole
from chancery.kernel.records.fileplan import queries as plan
from chancery.kernel.records.files.services import store_file
from chancery.kernel.records.search.saved.models import SavedSearch
from chancery.kernel.records.search.saved.services import save_search
from chancery.kernel.records.search.saved.terms import Notify

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

KIND = "long_ago"
TITLES = (
    ("关于建立科技馆联席会议制度的通知（样例）", 1990),
    ("关于印发全国青少年科技活动纪要的通知（样例）", 1991),
    ("关于某同志来信事项的复函（样例）", 1992),
    ("关于召开学会工作座谈会的通知（样例）", 1993),
)


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Filed, taken in, proposed, decided. Told twice it changes nothing."""
    _save(cast, now)
    by = cast.archivist
    with acting_as(by), transaction.atomic():
        if ArchivalItem.objects.filter(kind=KIND).exists() or Opening.objects.exists():
            return
        items = [_filed(cast, title, year, now) for title, year in TITLES]
        ids = [item.pk for item in items]
        for state in (ItemState.OFFERED, ItemState.HELD):
            archive.set_state(item_ids=ids, state=state, by=by, at=now)
        fonds_id = items[0].fonds_id
        first = services.propose_opening(fonds_id=fonds_id, item_ids=ids[:3], note="首批（样例）", by=by, at=now)
        services.propose_opening(fonds_id=fonds_id, item_ids=ids[3:], note="第二批（样例）", by=by, at=now)
        rows = list(OpeningRow.objects.filter(opening=first).order_by("pk").values_list("pk", flat=True))
    said = dict.fromkeys(rows, (OpenVerdict.OPEN.value, ""))
    for decider in (cast.archive_head, cast.confidential_officer):
        with acting_as(decider), transaction.atomic():
            services.decide_opening(opening_id=first.pk, verdicts=said, by=decider, at=now)
        said[rows[-1]] = (OpenVerdict.KEEP.value, "涉及健在人员个人信息（样例）")


def _filed(cast: Cast, title: str, year: int, now: dt.datetime) -> ArchivalItem:
    by, day = cast.archivist, dt.date(year, 5, 8)
    found = plan.propose(kind="incoming", type_code="NOTICE", unit_id=cast.units["GO"], on=now.date())
    guard = open_guard(unit_id=cast.units["GO"], label=Clearance.INTERNAL, by=by, at=now)
    file = store_file(guard_id=guard.pk, name=f"{title}.txt", content=io.BytesIO(title.encode()), by=by, at=now)
    facts = ItemFacts(
        kind=KIND, subject="", content_guard_id=guard.pk, unit_id=cast.units["GO"], title=title, author="办公厅",
        document_number=f"办发〔{year}〕样例", dated_on=day, label=Clearance.INTERNAL, plan_class_id=found.class_id,
        parts=[PartFacts(file.pk, PartRole.MAIN, title, 1)],
    )  # fmt: skip
    return archive.file_item(facts=facts, by=by, at=now)


def _save(cast: Cast, now: dt.datetime) -> None:
    """The handler is told daily of what comes in about societies."""
    by = cast.handler
    with acting_as(by), transaction.atomic():
        if not SavedSearch.objects.exists():
            save_search(
                name="学会工作 / societies", q="学会 OR societies", asked={}, notify=Notify.DAILY, by=by, at=now
            )
