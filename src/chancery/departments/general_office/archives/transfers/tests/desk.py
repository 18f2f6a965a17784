"""Old items in the archive, and lists brought to where a test wants them."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.archives.transfers import services
from chancery.departments.general_office.archives.transfers.models import TransferList
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.services import set_state
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.models import ArchivalItem, Hold, HoldCover

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)

OLD = dt.date(2004, 5, 6)
AUTHORITY = "Sample Archives"


def kept(cast: Cast, n: int = 2, dated_on: dt.date = OLD, years: int | None = None) -> list[ArchivalItem]:
    """Items that the archive holds, for good, from long ago."""
    items = filed(cast, n, dated_on=dated_on, years=years)
    ids = [item.pk for item in items]
    for state in ("OFFERED", "HELD"):
        set_state(item_ids=ids, state=state, by=SYSTEM, at=NOON)
    with acting_as(SYSTEM), transaction.atomic():
        return list(ArchivalItem.objects.filter(pk__in=ids).order_by("pk"))


def drawn(cast: Cast, items: list[ArchivalItem]) -> TransferList:
    return services.draw_up(
        fonds_id=items[0].fonds_id, through_year=2005, authority=AUTHORITY, by=cast.archivist, at=NOON
    )


def approved(cast: Cast, items: list[ArchivalItem]) -> TransferList:
    one = drawn(cast, items)
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    services.approve(list_id=one.pk, by=cast.archive_head, at=NOON)
    return one


def packed(cast: Cast, items: list[ArchivalItem]) -> tuple[TransferList, str]:
    """(list, hash of its package)."""
    one = approved(cast, items)
    return one, services.make_package(list_id=one.pk, to=io.BytesIO(), by=cast.archivist, at=NOON).sha256


def receive(cast: Cast, one: TransferList, sha256: str, **changed: object) -> int:
    given = {"receipt_number": "R-1", "receipt_on": NOON.date(), "receipt_sha256": sha256, **changed}
    return services.enter_receipt(list_id=one.pk, by=cast.archivist, at=NOON, **given)  # type: ignore[arg-type]  # of a test's own keys


def hold(cast: Cast, item: ArchivalItem) -> Hold:
    """A hold over one item."""
    with acting_as(cast.office_head), transaction.atomic():
        made = Hold.objects.create(
            guard_id=_guard(cast),
            kind="AUDIT",
            title="Audit",
            reason="Sample",
            basis="Sample",
            placed_at=NOON,
            placed_person_id=cast.office_head.person_id,
            review_on=NOON.date() + dt.timedelta(days=30),
        )
        HoldCover.objects.create(hold=made, item=item)
        return made


def _guard(cast: Cast) -> int:
    from chancery.kernel.access.services import open_guard

    return open_guard(unit_id=cast.units["GO"], label=10, by=cast.office_head, at=NOON).pk
