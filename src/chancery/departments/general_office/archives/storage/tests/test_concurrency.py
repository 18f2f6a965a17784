"""Two at once: a box is counted once and stands in one place; a stocktake begins, ends and is signed once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.utils import translation

from chancery.departments.general_office.archives.storage import services
from chancery.departments.general_office.archives.storage.models import BoxPlacing, Stocktake, StocktakeCount
from chancery.departments.general_office.archives.storage.terms import StocktakeState
from chancery.departments.general_office.archives.storage.tests.shelves import AT, as_system, boxes, place, room
from chancery.foundations.verdict import Refused

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[str]:
    """What became of each: "done", or why it was refused."""
    barrier, said = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(30)
            with translation.override("en"):
                work()
            said.append("done")
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said, key=lambda one: one != "done")


def test_two_who_count_the_same_box_count_it_once(cast: Cast) -> None:
    top, _rack, shelf, _other = room(cast)
    [box] = boxes(cast)
    place(cast, shelf, box)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)

    def count_as(by):
        return lambda: services.count(stocktake_id=take.pk, text=box.code, place_id=shelf.pk, by=by, at=AT)

    assert at_once(count_as(cast.archivist), count_as(cast.archive_head)) == ["done", "done"]
    assert sorted(as_system(lambda: list(StocktakeCount.objects.values_list("is_again", flat=True)))) == [False, True]


def test_a_place_is_counted_by_one_stocktake(cast: Cast) -> None:
    top, *_rest = room(cast)

    def begin_as(by):
        return lambda: services.open_stocktake(place_id=top.pk, by=by, at=AT)

    said = at_once(begin_as(cast.archivist), begin_as(cast.archive_head))
    assert said == ["done", "A stocktake of this place is running already."]


def test_a_counting_ended_twice_ends_once_and_takes_no_code_after(cast: Cast) -> None:
    top, _rack, shelf, _other = room(cast)
    [box] = boxes(cast)
    place(cast, shelf, box)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    said = at_once(
        lambda: services.end_counting(stocktake_id=take.pk, by=cast.archivist, at=AT),
        lambda: services.end_counting(stocktake_id=take.pk, by=cast.archive_head, at=AT),
    )
    assert said == ["done", "The counting of this stocktake has ended."]
    with pytest.raises(Refused, match="has ended"):
        services.count(stocktake_id=take.pk, text=box.code, by=cast.archivist, at=AT)


def test_a_stocktake_is_signed_off_or_taken_up_again_but_not_both(cast: Cast) -> None:
    top, *_rest = room(cast)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    services.end_counting(stocktake_id=take.pk, by=cast.archivist, at=AT)
    said = at_once(
        lambda: services.sign_off(stocktake_id=take.pk, by=cast.archive_head, at=AT),
        lambda: services.count_on(stocktake_id=take.pk, by=cast.archivist, at=AT),
    )
    assert said[0] == "done" and said[1] != "done"
    one = as_system(lambda: Stocktake.objects.get())
    assert (one.state == StocktakeState.SIGNED) == (one.signed_person_id is not None)


def test_a_box_put_on_two_shelves_stands_on_one(cast: Cast) -> None:
    _top, _rack, first, second = room(cast)
    [box] = boxes(cast)
    place(cast, first, box)
    services.take_away(box_id=box.pk, reason="To be moved", by=cast.archivist, at=AT)
    assert at_once(lambda: place(cast, first, box), lambda: place(cast, second, box)) == ["done", "done"]
    standing = as_system(lambda: list(BoxPlacing.objects.filter(box_id=box.pk, until=None)))
    assert len(standing) == 1


def test_two_boxes_do_not_share_the_last_room_on_a_shelf(cast: Cast) -> None:
    [one, other] = boxes(cast, 2)
    _top, _rack, shelf, _second = room(cast, width_mm=one.spine_mm)
    said = at_once(lambda: place(cast, shelf, one), lambda: place(cast, shelf, other))
    assert said[0] == "done" and said[1] != "done"
