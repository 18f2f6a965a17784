"""Places, boxes on them, stocktakes."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from chancery.departments.general_office.archives.storage import queries, rules, services
from chancery.departments.general_office.archives.storage.models import BoxPlacing, StoragePlace
from chancery.departments.general_office.archives.storage.terms import Finding, Heard, PlaceKind, StocktakeState
from chancery.departments.general_office.archives.storage.tests.shelves import AT, boxes, place, room
from chancery.foundations.journal.queries import history
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale


def stands_at(cast, box):
    with acting_as(cast.archivist), transaction.atomic():
        found = queries.standing(box.pk)
    return found["place__code"] if found else None


def test_a_box_is_placed_moved_and_taken_away_and_the_log_keeps_it(cast) -> None:
    _top, _rack, first, second = room(cast)
    [box] = boxes(cast)
    place(cast, first, box)
    place(cast, second, box)
    assert stands_at(cast, box) == "A-01-2"
    services.take_away(box_id=box.pk, reason="Lent to the museum", by=cast.archivist, at=AT)
    assert stands_at(cast, box) is None
    with acting_as(cast.archivist), transaction.atomic():
        assert [row["place__code"] for row in queries.log_of(box.pk)] == ["A-01-2", "A-01-1"]
        assert [line["act"] for line in history(box)][-3:] == [
            "storage.box_placed",
            "storage.box_placed",
            "storage.box_taken_away",
        ]


def test_only_keepers_see_and_keep_places(cast) -> None:
    _top, _rack, first, _second = room(cast)
    [box] = boxes(cast)
    with pytest.raises(Refused):
        services.place_boxes(box_ids=[box.pk], place_id=first.pk, by=cast.handler, at=AT)
    with acting_as(cast.handler), transaction.atomic():
        assert not StoragePlace.objects.exists()
    with pytest.raises(Refused, match="role"):
        services.open_place(kind=PlaceKind.ROOM, code="B", keeper_unit_id=cast.units["GO"], by=cast.handler, at=AT)


@pytest.mark.parametrize("code", ["a 1", "档案", "A--1", "-A", ""])
def test_a_code_has_capital_letters_digits_and_dashes(cast, code) -> None:
    with pytest.raises(Refused, match="capital letters") as refusal:
        services.open_place(kind=PlaceKind.ROOM, code=code, keeper_unit_id=cast.units["GO"], by=cast.archivist, at=AT)
    assert refusal.value.field == "code"


def test_a_code_is_given_once(cast) -> None:
    top, *_ = room(cast)
    with pytest.raises(services.CodeTaken):
        services.open_place(kind=PlaceKind.RACK, code="A-01", parent_id=top.pk, by=cast.archivist, at=AT)


def test_a_shelf_stands_in_a_rack_and_a_box_on_a_shelf(cast) -> None:
    top, _rack, first, _second = room(cast)
    with pytest.raises(Refused, match="of the kind"):
        services.open_place(kind=PlaceKind.SHELF, code="A-9", parent_id=top.pk, by=cast.archivist, at=AT)
    with pytest.raises(Refused, match="on a shelf"):
        place(cast, top, *boxes(cast))
    with pytest.raises(Refused, match="stands in no other place"):
        services.open_place(kind=PlaceKind.ROOM, code="A-8", parent_id=first.pk, by=cast.archivist, at=AT)


def test_a_full_shelf_takes_no_more(cast) -> None:
    _top, _rack, first, second = room(cast, width_mm=50)
    one, other = boxes(cast, 2)
    place(cast, first, one)
    with pytest.raises(Refused, match="is full"):
        place(cast, first, other)
    place(cast, second, other)


def test_a_place_is_closed_when_nothing_stands_there(cast) -> None:
    _top, rack, first, second = room(cast)
    place(cast, first, *boxes(cast))
    with pytest.raises(Refused, match="still stand"):
        services.close_place(place_id=first.pk, by=cast.archivist, at=AT)
    with pytest.raises(Refused, match="Close what stands in it"):
        services.close_place(place_id=rack.pk, by=cast.archivist, at=AT)
    services.close_place(place_id=second.pk, by=cast.archivist, at=AT)
    with pytest.raises(Refused, match="was closed"):
        place(cast, second, *boxes(cast))


def test_the_log_is_not_rewritten(cast) -> None:
    _top, _rack, first, second = room(cast)
    [box] = boxes(cast)
    place(cast, first, box)
    with acting_as(cast.archivist), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        BoxPlacing.objects.filter(box=box).update(place=second)
    place(cast, second, box)
    with (
        acting_as(cast.archivist),
        pytest.raises(DatabaseError, match="stays written"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("update general_office_boxplacing set until = null where until is not null")


# --- Stocktakes -------------------------------------------------------------------------------------------------------
def counted(cast, take, text, shelf=None, by=None):
    return services.count(
        stocktake_id=take.pk, text=text, place_id=shelf.pk if shelf else None, by=by or cast.archivist, at=AT
    )


def lists(cast, take):
    with acting_as(cast.archivist), transaction.atomic():
        found = queries.result(queries.stocktake(take.pk))
    return {kind: [row["code"] for row in rows] for kind, rows in found.items()}


def test_a_stocktake_tells_right_misplaced_missing_surplus_and_unknown(cast) -> None:
    top, _rack, first, second = room(cast)
    right, astray, lost, foreign = boxes(cast, 4)
    place(cast, first, right, astray, lost)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    counted(cast, take, right.code, first)
    counted(cast, take, astray.code, second)
    counted(cast, take, foreign.code, second)
    assert counted(cast, take, "what is this", second).heard == Heard.UNKNOWN
    assert lists(cast, take) == {
        Finding.RIGHT: [right.code],
        Finding.MISPLACED: [astray.code],
        Finding.MISSING: [lost.code],
        Finding.SURPLUS: [foreign.code],
    }
    with acting_as(cast.archivist), transaction.atomic():
        assert [row["text"] for row in queries.unknown_codes(take.pk)] == ["what is this"]


def test_the_label_of_a_shelf_chooses_the_shelf(cast) -> None:
    top, _rack, first, _second = room(cast)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    read = counted(cast, take, "a-01-1")
    assert (read.heard, read.place_id) == (Heard.PLACE, first.pk)


def test_a_code_read_twice_counts_once_and_two_people_may_count(cast) -> None:
    top, _rack, first, _second = room(cast)
    [box] = boxes(cast)
    place(cast, first, box)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    assert not counted(cast, take, box.code, first).is_again
    assert counted(cast, take, box.code, first, by=cast.archive_head).is_again
    with acting_as(cast.archivist), transaction.atomic():
        progress = queries.progress(take.pk)
    assert (progress["should"], progress["read"], progress["again"]) == (1, 1, 1)


def test_one_stocktake_of_a_place_at_a_time(cast) -> None:
    top, *_ = room(cast)
    services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    with pytest.raises(Refused, match="running already"):
        services.open_stocktake(place_id=top.pk, by=cast.archive_head, at=AT)


def test_whoever_ended_the_counting_does_not_sign_it_off(cast) -> None:
    top, _rack, first, _second = room(cast)
    place(cast, first, *boxes(cast))
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    services.end_counting(stocktake_id=take.pk, by=cast.archivist, at=AT)
    with pytest.raises(Refused, match="under any hat"):
        services.sign_off(stocktake_id=take.pk, note="Lost", by=cast.archivist, at=AT)
    with pytest.raises(Refused, match="the 1 difference") as refusal:
        services.sign_off(stocktake_id=take.pk, by=cast.archive_head, at=AT)
    assert refusal.value.field == "note"
    done = services.sign_off(stocktake_id=take.pk, note="Lent out", by=cast.archive_head, at=AT)
    assert done.state == StocktakeState.SIGNED


def test_nothing_is_counted_after_the_end_but_it_may_be_taken_up_again(cast) -> None:
    top, *_ = room(cast)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    services.end_counting(stocktake_id=take.pk, by=cast.archivist, at=AT)
    with pytest.raises(Stale, match="has ended"):
        counted(cast, take, "A")
    services.count_on(stocktake_id=take.pk, by=cast.archivist, at=AT)
    counted(cast, take, "A-01-1")
    with pytest.raises(Refused, match="Say why"):
        services.give_up(stocktake_id=take.pk, reason="", by=cast.archivist, at=AT)
    services.give_up(stocktake_id=take.pk, reason="Fire alarm", by=cast.archivist, at=AT)


def test_a_misplaced_box_is_written_down_where_it_was_read_with_its_trace(cast) -> None:
    top, _rack, first, second = room(cast)
    [box] = boxes(cast)
    place(cast, first, box)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    counted(cast, take, box.code, second)
    services.end_counting(stocktake_id=take.pk, by=cast.archivist, at=AT)
    assert services.correct_places(stocktake_id=take.pk, box_ids=[box.pk], by=cast.archivist, at=AT) == 1
    assert stands_at(cast, box) == "A-01-2"
    with acting_as(cast.archivist), transaction.atomic():
        assert queries.log_of(box.pk)[0]["stocktake_id"] == take.pk
    assert lists(cast, take)[Finding.MISPLACED] == [box.code]  # what was found stays found
    with pytest.raises(Refused, match="read at a shelf"):
        services.correct_places(stocktake_id=take.pk, box_ids=[box.pk + 999], by=cast.archivist, at=AT)


def test_an_item_without_its_box_is_noted(cast) -> None:
    top, *_ = room(cast)
    [box] = boxes(cast)
    with acting_as(cast.archivist), transaction.atomic():
        code = box.items.get().code
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    assert counted(cast, take, code).heard == Heard.ITEM
    with acting_as(cast.archivist), transaction.atomic():
        [row] = queries.unknown_codes(take.pk)
    assert row["box_code"] == box.code


places = st.integers(1, 4)


@given(st.dictionaries(st.integers(1, 20), places), st.dictionaries(st.integers(1, 25), st.one_of(st.none(), places)))
def test_every_box_is_found_once_and_none_twice(expected, seen) -> None:
    found = rules.found(expected, seen)
    assert set(found) == {*expected, *seen}
    for box, kind in found.items():
        assert (kind == Finding.SURPLUS) == (box not in expected)
        assert (kind == Finding.MISSING) == (box in expected and box not in seen)
        if box in expected and box in seen:
            assert (kind == Finding.RIGHT) == (seen[box] in (None, expected[box]))


@pytest.mark.parametrize("dot", ["ｷ", "・", "･", "•"])
def test_a_scanner_that_mistakes_the_middle_dot_is_understood(cast, dot) -> None:
    top, _rack, shelf, _other = room(cast)
    [box] = boxes(cast)
    place(cast, shelf, box)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    read = f" {box.code.replace('·', dot)}"
    made = services.count(stocktake_id=take.pk, text=read, place_id=shelf.pk, by=cast.archivist, at=AT)
    assert (made.heard, made.box_id, made.text) == ("BOX", box.pk, box.code)
