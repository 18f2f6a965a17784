"""A room with two shelves and boxes on them, for tests."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from chancery.departments.general_office.archives.storage import services
from chancery.departments.general_office.archives.storage.terms import PlaceKind
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.boxes.services import box_up
from chancery.kernel.records.archive.terms import Carrier
from chancery.kernel.records.archive.tests.shelf import filed

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def room(cast, width_mm=900):
    """Room A with rack A-01 and shelves A-01-1, A-01-2."""
    given = {"by": cast.archivist, "at": AT}
    top = services.open_place(kind=PlaceKind.ROOM, code="a", keeper_unit_id=cast.units["GO"], **given)
    rack = services.open_place(kind=PlaceKind.RACK, code="A-01", parent_id=top.pk, **given)
    shelves = [
        services.open_place(kind=PlaceKind.SHELF, code=f"A-01-{n}", parent_id=rack.pk, width_mm=width_mm, **given)
        for n in (1, 2)
    ]
    return top, rack, *shelves


def boxes(cast, n=1):
    """`n` boxes, each with one item on paper of its own year."""
    made = []
    for number in range(n):
        [item] = filed(
            cast, 1, by=cast.archivist, dated_on=dt.date(2010 + number, 3, 1), carrier=Carrier.PAPER, page_count=3
        )
        made += box_up(item_ids=[item.pk], by=cast.archivist, at=AT)
    return made


def place(cast, shelf, *some):
    """Put boxes on a shelf."""
    return services.place_boxes(box_ids=[box.pk for box in some], place_id=shelf.pk, by=cast.archivist, at=AT)


def as_system(question):
    """What the system sees."""
    with acting_as(SYSTEM), transaction.atomic():
        return question()
