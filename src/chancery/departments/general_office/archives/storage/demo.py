"""Storage in the story: a room with two racks, boxes on their shelves, a stocktake that misses one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from chancery.departments.general_office.archives.storage import services
from chancery.departments.general_office.archives.storage.models import StoragePlace
from chancery.departments.general_office.archives.storage.terms import PlaceKind
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.models import ArchiveBox

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

ROOM = "A"


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """The story. Told twice it changes nothing."""
    with acting_as(SYSTEM), transaction.atomic():
        if StoragePlace.objects.filter(code=ROOM).exists():
            return
    given: dict[str, Any] = {"by": cast.archivist, "at": now}
    room = services.open_place(
        kind=PlaceKind.ROOM, code=ROOM, name="档案库房 / Archive room", keeper_unit_id=cast.units["GO"], **given
    )
    shelves = []
    for rack_number in (1, 2):
        rack = services.open_place(kind=PlaceKind.RACK, code=f"{ROOM}-{rack_number:02}", parent_id=room.pk, **given)
        for number in (1, 2, 3):
            code = f"{rack.code}-{number}"
            shelves.append(
                services.open_place(kind=PlaceKind.SHELF, code=code, parent_id=rack.pk, width_mm=900, **given)
            )
    with acting_as(cast.archivist), transaction.atomic():
        boxes = list(ArchiveBox.objects.order_by("code")[:9])
    placed = boxes[:-1] if len(boxes) > 4 else boxes  # one still waits for its place
    for place, box in enumerate(placed):
        services.place_boxes(box_ids=[box.pk], place_id=shelves[place % 4].pk, **given)
    if len(placed) >= 3:
        _stocktake(cast, room, placed, shelves, now)


def _stocktake(
    cast: Cast, room: StoragePlace, placed: list[ArchiveBox], shelves: list[StoragePlace], now: dt.datetime
) -> None:
    """All counted but the first, the second at a wrong shelf, and a label that nobody knows."""
    take = services.open_stocktake(place_id=room.pk, by=cast.archivist, at=now)
    for place, box in enumerate(placed[1:], 1):
        shelf = shelves[5] if place == 1 else shelves[place % 4]
        services.count(stocktake_id=take.pk, text=box.code, place_id=shelf.pk, by=cast.archivist, at=now)
    services.count(stocktake_id=take.pk, text="OLD-LABEL-17", place_id=shelves[0].pk, by=cast.archivist, at=now)
    services.end_counting(stocktake_id=take.pk, by=cast.archivist, at=now)
