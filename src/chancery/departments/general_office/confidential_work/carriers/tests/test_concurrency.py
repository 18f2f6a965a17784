"""Two who press at once: one is heard, the other told."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.confidential_work.carriers.destruction import services as destruction
from chancery.departments.general_office.confidential_work.carriers.destruction.models import DestructionLine
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.receipts import services as receipts
from chancery.departments.general_office.confidential_work.carriers.receipts.models import CarrierReceipt, ReceiptLine
from chancery.departments.general_office.confidential_work.carriers.tests import copies_of, registered
from chancery.departments.general_office.confidential_work.clearances.leaving import services as leaving
from chancery.departments.general_office.confidential_work.clearances.leaving.models import Leaving
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.queries import history
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[Refused]:
    """Run the acts at once; what each was refused with."""
    refused: list[Refused] = []
    start = threading.Barrier(len(acts))

    def work(act: Callable[[], object]) -> None:
        try:
            start.wait(30)
            act()
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


def offered(cast: Cast, carrier: Carrier, copy_ids: list[int]) -> CarrierReceipt:
    escort = cast.posts["leader", "ES"] if carrier.level == "TOP_SECRET" else None
    return receipts.hand_over(
        carrier_id=carrier.pk, copy_ids=copy_ids, receiver_post_id=cast.handler.post_id or 0, place="Cabinet",
        escort_post_id=escort, by=cast.confidential_officer, at=clock.now(),
    )  # fmt: skip


def test_one_copy_handed_out_twice_goes_once(cast: Cast) -> None:
    carrier = registered(cast)
    first = copies_of(cast.confidential_officer, carrier)[:1]
    assert len(together(*[lambda: offered(cast, carrier, first)] * 2)) == 1
    with acting_as(SYSTEM), transaction.atomic():
        assert ReceiptLine.objects.count() == 1


def test_two_receipts_of_one_copy_are_one(cast: Cast) -> None:
    carrier = registered(cast)
    receipt = offered(cast, carrier, copies_of(cast.confidential_officer, carrier)[:1])

    def receive() -> None:
        receipts.confirm_receipt(receipt_id=receipt.pk, counted=1, by=cast.handler, at=clock.now())

    assert len(together(receive, receive)) == 1
    with acting_as(cast.confidential_officer), transaction.atomic():
        assert [line["act"] for line in history(carrier)].count("carrier.received") == 1


def test_receiving_and_withdrawing_at_once_leave_one_holder(cast: Cast) -> None:
    carrier = registered(cast)
    receipt = offered(cast, carrier, copies_of(cast.confidential_officer, carrier)[:1])
    refused = together(
        lambda: receipts.confirm_receipt(receipt_id=receipt.pk, counted=1, by=cast.handler, at=clock.now()),
        lambda: receipts.withdraw_receipt(
            receipt_id=receipt.pk, reason="kept", by=cast.confidential_officer, at=clock.now()
        ),
    )
    assert len(refused) == 1
    with acting_as(SYSTEM), transaction.atomic():
        receipt.refresh_from_db()
        copy = CarrierCopy.objects.filter(carrier=carrier).order_by("number")[0]
        taken = receipt.state == "CONFIRMED"
        assert copy.holder_id == (cast.handler if taken else cast.confidential_officer).person_id
        assert copy.moving_id is None


def test_the_second_person_confirms_a_move_once(cast: Cast) -> None:
    carrier = registered(cast, level="TOP_SECRET")
    receipt = offered(cast, carrier, copies_of(cast.confidential_officer, carrier)[:1])

    def go_with_it() -> None:
        receipts.confirm_escort(receipt_id=receipt.pk, by=cast.leader, at=clock.now())

    assert len(together(go_with_it, go_with_it)) == 1
    with acting_as(cast.confidential_officer), transaction.atomic():
        assert [line["act"] for line in history(carrier)].count("carrier.escorted") == 1


def test_a_copy_is_handed_out_or_listed_for_destruction_never_both(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)[:1]
    refused = together(
        lambda: offered(cast, carrier, ids),
        lambda: destruction.draw_up(
            copy_ids=ids, reason="old", method="pulped", by=cast.confidential_officer, at=clock.now()
        ),
    )
    assert len(refused) == 1
    with acting_as(SYSTEM), transaction.atomic():
        assert (ReceiptLine.objects.count(), DestructionLine.objects.count()) in {(1, 0), (0, 1)}


def test_what_is_listed_for_destruction_is_not_handed_over(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)[:1]
    destruction.draw_up(copy_ids=ids, reason="old", method="pulped", by=cast.confidential_officer, at=clock.now())
    with pytest.raises(Refused) as refused:
        offered(cast, carrier, ids)
    assert refused.value.field == "copies"


def test_a_leaver_is_cleared_or_receives_never_both(cast: Cast) -> None:
    carrier = registered(cast)
    receipt = offered(cast, carrier, copies_of(cast.confidential_officer, carrier)[:1])
    handler, officer, at = cast.handler, cast.confidential_officer, clock.now()
    last_day = clock.today() + dt.timedelta(days=9)
    going = leaving.open_leaving(
        person_id=handler.person_id or 0, last_day=last_day, reason="moves", by=officer, at=at
    )  # fmt: skip
    leaving.note_handing_on(
        leaving_id=going.pk, handed_to_id=cast.office_head.person_id or 0, note="all of it", by=officer, at=at
    )
    refused = together(
        lambda: receipts.confirm_receipt(receipt_id=receipt.pk, counted=1, by=handler, at=clock.now()),
        lambda: leaving.clear_leaver(leaving_id=going.pk, by=officer, at=clock.now()),
    )
    assert len(refused) == 1
    with acting_as(SYSTEM), transaction.atomic():
        cleared = Leaving.objects.get(pk=going.pk).state == "CLEARED"
        holds = CarrierCopy.objects.filter(holder_id=handler.person_id).exists()
        assert cleared is not holds


def test_who_was_cleared_as_a_leaver_takes_nothing_over_afterwards(cast: Cast) -> None:
    carrier = registered(cast)
    receipt = offered(cast, carrier, copies_of(cast.confidential_officer, carrier)[:1])
    handler, officer, at = cast.handler, cast.confidential_officer, clock.now()
    going = leaving.open_leaving(
        person_id=handler.person_id or 0, last_day=clock.today(), reason="x", by=officer, at=at
    )
    leaving.note_handing_on(
        leaving_id=going.pk, handed_to_id=cast.office_head.person_id or 0, note="all of it", by=officer, at=at
    )
    leaving.clear_leaver(leaving_id=going.pk, by=officer, at=at)
    with pytest.raises(Refused):
        receipts.confirm_receipt(receipt_id=receipt.pk, counted=1, by=handler, at=at)
