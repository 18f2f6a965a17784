"""Two at once: an item stands on one list, a list is handed over once, decided once, signed once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.utils import translation

from chancery.departments.general_office.archives.handover import services
from chancery.departments.general_office.archives.handover.models import HandoverList, HandoverRow
from chancery.departments.general_office.archives.handover.terms import ListState, RowState
from chancery.departments.general_office.archives.handover.tests.test_services import AT, checked, items_of, offered
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import ItemState

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[str]:
    """What became of each: "done", or why it was refused."""
    barrier, said = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(30)
            with clock.fixed_at(AT), translation.override("en"):
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


def test_two_clerks_who_offer_the_same_item_put_it_on_one_list(cast: Cast) -> None:
    items = [one.pk for one in items_of(cast, 2)]

    def offer_as(by):
        return lambda: services.hand_over(unit_id=cast.units["PF"], item_ids=items, by=by, at=AT)

    done, *refused = at_once(offer_as(cast.drafter), offer_as(cast.handler))
    assert (done, len(refused)) == ("done", 1) and refused[0] != "done"
    with acting_as(SYSTEM), transaction.atomic():
        assert HandoverRow.objects.count() == 2
        assert HandoverList.objects.get().state == ListState.OFFERED


def test_a_list_pressed_twice_is_handed_over_once(cast: Cast) -> None:
    items = [one.pk for one in items_of(cast)]
    made = services.make_list(unit_id=cast.units["PF"], item_ids=items, by=cast.drafter, at=AT)
    said = at_once(
        lambda: services.offer(list_id=made.pk, by=cast.drafter, at=AT),
        lambda: services.offer(list_id=made.pk, by=cast.handler, at=AT),
    )
    assert said == ["done", "The list was handed over; it is not changed any more."]


def test_two_archivists_decide_an_item_once(cast: Cast) -> None:
    one = checked(cast, items_of(cast))
    [row_id] = _rows(one)
    said = at_once(
        lambda: services.accept(list_id=one.pk, row_ids=[row_id], reason="Seen", by=cast.archivist, at=AT),
        lambda: services.give_back(list_id=one.pk, row_ids=[row_id], reason="Torn", by=cast.archive_head, at=AT),
    )
    assert said[0] == "done" and said[1] != "done"
    with acting_as(SYSTEM), transaction.atomic():
        row = HandoverRow.objects.select_related("item").get()
    assert (row.state, row.item.state) in {
        (RowState.ACCEPTED, ItemState.OFFERED),
        (RowState.RETURNED, ItemState.FILED),
    }


def test_two_archivists_sign_a_list_once(cast: Cast) -> None:
    one = checked(cast, items_of(cast, 2))
    services.accept(list_id=one.pk, reason="Seen", by=cast.archivist, at=AT)
    said = at_once(
        lambda: services.sign(list_id=one.pk, by=cast.archivist, at=AT),
        lambda: services.sign(list_id=one.pk, by=cast.archivist, at=AT),
    )
    assert said[0] == "done" and said[1] != "done"
    with acting_as(SYSTEM), transaction.atomic():
        assert HandoverList.objects.get().state == ListState.TAKEN
        assert set(ArchivalItem.objects.values_list("state", flat=True)) == {ItemState.HELD}


def test_a_recall_and_a_decision_do_not_both_happen(cast: Cast) -> None:
    one = checked(cast, items_of(cast))
    said = at_once(
        lambda: services.recall(list_id=one.pk, reason="Too early", by=cast.drafter, at=AT),
        lambda: services.accept(list_id=one.pk, reason="Seen", by=cast.archivist, at=AT),
    )
    assert said[0] == "done" and said[1] != "done"
    with acting_as(SYSTEM), transaction.atomic():
        row = HandoverRow.objects.select_related("item", "list").get()
    assert (row.list.state, row.state, row.item.state) in {
        (ListState.RECALLED, RowState.RECALLED, ItemState.FILED),
        (ListState.OFFERED, RowState.ACCEPTED, ItemState.OFFERED),
    }


def test_lists_offered_at_once_get_numbers_without_gap_or_double(cast: Cast) -> None:
    first, second, third = items_of(cast, 3)
    assert at_once(*(lambda one=one: offered(cast, [one]) for one in (first, second, third))) == ["done"] * 3
    with acting_as(SYSTEM), transaction.atomic():
        numbers = sorted(HandoverList.objects.values_list("number", flat=True))
    assert [number[:-2] for number in numbers] == [numbers[0][:-2]] * 3 and len(set(numbers)) == 3


def _rows(one: HandoverList) -> list[int]:
    with acting_as(SYSTEM), transaction.atomic():
        return list(HandoverRow.objects.filter(list=one).values_list("pk", flat=True))
