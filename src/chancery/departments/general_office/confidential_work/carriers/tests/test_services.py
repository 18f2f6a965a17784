"""The register of carriers: numbered, handed over between two, counted, destroyed by two; held by the database too."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from chancery.departments.general_office.confidential_work.carriers import queries
from chancery.departments.general_office.confidential_work.carriers.counts import queries as counted
from chancery.departments.general_office.confidential_work.carriers.counts import services as counts
from chancery.departments.general_office.confidential_work.carriers.destruction import services as destruction
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.receipts import services as receipts
from chancery.departments.general_office.confidential_work.carriers.rules import OverCap, TitleLike
from chancery.departments.general_office.confidential_work.carriers.services import (
    ask_copies,
    decide_copies,
    register_carrier,
)
from chancery.departments.general_office.confidential_work.carriers.terms import CopyState, DestructionState
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal.queries import history
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.rules import SecretMarking

from . import clear_once, copies_of, handed_over, registered

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def _register(cast: Cast, **more: Any) -> Carrier:
    clear_once(cast)
    at = clock.now()
    today = clock.date_of(at)
    facts: dict[str, Any] = {
        "alias": "Blue folder 3", "medium": "PAPER", "place": "Safe 1", "level": "SECRET", "basis": "House list, 3",
        "approver_id": cast.classifier.person_id, "expires_on": today + dt.timedelta(days=365),
    }  # fmt: skip
    return register_carrier(**(facts | more), by=cast.confidential_officer, at=at)


def test_a_carrier_gets_a_number_and_its_copies_are_counted_from_to(cast: Cast) -> None:
    carrier = _register(cast, copies_from=4, copies_to=6)
    with acting_as(cast.confidential_officer):
        assert [row["number"] for row in queries.copies(carrier.pk)] == [4, 5, 6]
        assert [line["act"] for line in history(carrier)] == ["carrier.registered"]
    assert carrier.number.endswith("0001")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"alias": "《关于人事调整的请示》"}, "alias"),
        ({"alias": "Report on the budget"}, "alias"),
        ({"alias": "重要会议纪要"}, "alias"),
        ({"basis": " "}, "basis"),
        ({"approver_id": None}, "approver"),
        ({"expires_on": None}, "expires_on"),
        ({"expires_on": dt.date(2090, 1, 1)}, "expires_on"),
        ({"copies_to": 0}, "copies_to"),
        ({"place": ""}, "place"),
    ],
)
def test_what_may_not_be_registered_is_refused_at_its_field(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        _register(cast, **wrong)
    assert refused.value.field == field


def test_refusals_have_their_kind(cast: Cast) -> None:
    with pytest.raises(TitleLike):
        _register(cast, alias="关于某事的报告")
    with pytest.raises(OverCap):
        _register(cast, expires_on=dt.date(2090, 1, 1))
    with pytest.raises(SecretMarking):
        _register(cast, alias="机密★20年")


def test_an_uncleared_person_receives_nothing(cast: Cast) -> None:
    carrier = registered(cast)
    with pytest.raises(Refused) as refused:
        handed_over(
            cast, carrier, giver="confidential_officer", receiver="drafter",
            copy_ids=copies_of(cast.confidential_officer, carrier)[:1],
        )  # fmt: skip
    assert refused.value.field == "receiver"


def test_a_receipt_needs_both_sides_and_a_true_count(cast: Cast) -> None:
    carrier = registered(cast)
    officer, handler = cast.confidential_officer, cast.handler
    ids = copies_of(officer, carrier)[:2]
    at = clock.now()
    receipt = receipts.hand_over(
        carrier_id=carrier.pk, copy_ids=ids, receiver_post_id=handler.post_id or 0, place="Cabinet", by=officer, at=at
    )
    with pytest.raises(Refused):
        receipts.confirm_receipt(receipt_id=receipt.pk, counted=2, by=officer, at=at)
    with pytest.raises(Refused) as wrong:
        receipts.confirm_receipt(receipt_id=receipt.pk, counted=3, by=handler, at=at)
    assert wrong.value.field == "counted"
    with acting_as(officer):
        assert {row["holder_id"] for row in queries.copies(carrier.pk)} == {officer.person_id}
    receipts.confirm_receipt(receipt_id=receipt.pk, counted=2, by=handler, at=at)
    with pytest.raises(Refused):
        receipts.confirm_receipt(receipt_id=receipt.pk, counted=2, by=handler, at=at)
    with acting_as(handler):
        assert [row["number"] for row in queries.held_by(handler.person_id)] == [1, 2]
    assert len(queries.copies_out_with(handler.person_id or 0)) == 2
    handed_over(cast, carrier, giver="handler", receiver="confidential_officer", copy_ids=ids)
    assert queries.copies_out_with(handler.person_id or 0) == []


def test_nobody_gives_to_themselves_nor_what_another_holds(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    with pytest.raises(Refused) as refused:
        handed_over(cast, carrier, giver="confidential_officer", receiver="confidential_officer", copy_ids=ids[:1])
    assert refused.value.field == "receiver"
    handed_over(cast, carrier, giver="confidential_officer", receiver="handler", copy_ids=ids[:1])
    with pytest.raises(Refused):
        handed_over(cast, carrier, giver="confidential_officer", receiver="leader", copy_ids=ids[:1])


def test_the_highest_level_is_moved_by_two(cast: Cast) -> None:
    carrier = registered(cast, level="TOP_SECRET")
    ids = copies_of(cast.confidential_officer, carrier)
    at = clock.now()

    def offer(escort: int | None) -> Any:
        return receipts.hand_over(
            carrier_id=carrier.pk, copy_ids=ids[:1], receiver_post_id=cast.handler.post_id or 0, place="Safe 2",
            escort_post_id=escort, by=cast.confidential_officer, at=at,
        )  # fmt: skip

    for wrong in (None, cast.handler.post_id, cast.confidential_officer.post_id):
        with pytest.raises(Refused) as refused:
            offer(wrong)
        assert refused.value.field == "escort"
    receipt = offer(cast.leader.post_id)
    with pytest.raises(Refused):
        receipts.confirm_receipt(receipt_id=receipt.pk, counted=1, by=cast.handler, at=at)
    with pytest.raises(Refused):
        receipts.confirm_escort(receipt_id=receipt.pk, by=cast.handler, at=at)
    receipts.confirm_escort(receipt_id=receipt.pk, by=cast.leader, at=at)
    receipts.confirm_receipt(receipt_id=receipt.pk, counted=1, by=cast.handler, at=at)
    assert len(queries.copies_out_with(cast.handler.person_id or 0)) == 1


def test_a_refused_or_withdrawn_receipt_leaves_the_copy_with_its_giver(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    at = clock.now()
    for act, by in ((receipts.refuse_receipt, cast.handler), (receipts.withdraw_receipt, cast.confidential_officer)):
        receipt = receipts.hand_over(
            carrier_id=carrier.pk, copy_ids=ids[:1], receiver_post_id=cast.handler.post_id or 0, place="Cabinet",
            by=cast.confidential_officer, at=at,
        )  # fmt: skip
        with pytest.raises(Refused):
            act(receipt_id=receipt.pk, reason=" ", by=by, at=at)
        act(receipt_id=receipt.pk, reason="not now", by=by, at=at)
        assert queries.copies_out_with(cast.handler.person_id or 0) == []
    handed_over(cast, carrier, giver="confidential_officer", receiver="handler", copy_ids=ids[:1])


def test_further_copies_are_new_numbers_and_approved_by_another(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    handed_over(cast, carrier, giver="confidential_officer", receiver="handler", copy_ids=ids[:1])
    at = clock.now()
    asked = ask_copies(copy_id=ids[0], count=2, reason="meeting", place="Cabinet", by=cast.handler, at=at)
    for by in (cast.handler, cast.confidential_officer):
        with pytest.raises(Refused):
            decide_copies(request_id=asked.pk, approve=True, by=by, at=at)
    decide_copies(request_id=asked.pk, approve=True, by=cast.classifier, at=at)
    with pytest.raises(Refused):
        decide_copies(request_id=asked.pk, approve=True, by=cast.classifier, at=at)
    with acting_as(cast.handler):
        assert [row["number"] for row in queries.held_by(cast.handler.person_id)] == [1, 4, 5]


def _approved(cast: Cast, ids: list[int]) -> Any:
    at = clock.now()
    officer = cast.confidential_officer
    drawn = destruction.draw_up(copy_ids=ids, reason="no longer needed", method="shredder", by=officer, at=at)
    with pytest.raises(Refused):
        destruction.approve_destruction(
            destruction_id=drawn.pk, first_post_id=officer.post_id or 0, second_post_id=cast.leader.post_id or 0,
            by=officer, at=at,
        )  # fmt: skip
    with pytest.raises(Refused) as alone:
        destruction.approve_destruction(
            destruction_id=drawn.pk, first_post_id=officer.post_id or 0, second_post_id=officer.post_id or 0,
            by=cast.classifier, at=at,
        )  # fmt: skip
    assert alone.value.field == "second"
    return destruction.approve_destruction(
        destruction_id=drawn.pk, first_post_id=officer.post_id or 0, second_post_id=cast.leader.post_id or 0,
        by=cast.classifier, at=at,
    )  # fmt: skip


def test_nothing_is_destroyed_alone(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)[:2]
    found = _approved(cast, ids)
    at = clock.now()
    with pytest.raises(Refused):
        destruction.sign_destruction(destruction_id=found.pk, by=cast.classifier, at=at)
    destruction.sign_destruction(destruction_id=found.pk, by=cast.confidential_officer, at=at)
    with pytest.raises(Refused):
        destruction.sign_destruction(destruction_id=found.pk, by=cast.confidential_officer, at=at)
    with acting_as(cast.confidential_officer):
        assert CarrierCopy.objects.filter(state=CopyState.DESTROYED).count() == 0
    done = destruction.sign_destruction(destruction_id=found.pk, by=cast.leader, at=at)
    assert done.state == DestructionState.DONE
    with acting_as(cast.confidential_officer):
        assert CarrierCopy.objects.filter(state=CopyState.DESTROYED).count() == 2


def _sql(by: Actor, statement: str, *facts: Any) -> int:
    """Raw SQL as the web role, stamped as somebody."""
    with acting_as(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return cursor.rowcount


def test_raw_sql_destroys_gives_and_deletes_nothing(cast: Cast) -> None:
    carrier = registered(cast)
    officer = cast.confidential_officer
    ids = copies_of(officer, carrier)
    found = _approved(cast, ids[:1])
    for statement, facts in (
        ("update general_office_carriercopy set state = 'DESTROYED' where id = %s", [ids[0]]),
        ("update general_office_carriercopy set holder_id = %s where id = %s", [cast.handler.person_id, ids[1]]),
        ("delete from general_office_carriercopy where id = %s", [ids[0]]),
        (
            "update general_office_carrierdestruction set first_signed_at = now(), second_signed_at = now(),"
            " state = 'DONE' where id = %s",
            [found.pk],
        ),
        ("update general_office_carrierdestruction set second_id = first_id where id = %s", [found.pk]),
        ("update general_office_carrier set alias = 'x' where id = %s", [carrier.pk]),
        ("delete from general_office_carrierdestruction where id = %s", [found.pk]),
    ):
        with pytest.raises(DatabaseError):
            _sql(officer, statement, *facts)


def test_only_officer_authority_and_holder_know_of_a_carrier(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    handed_over(cast, carrier, giver="confidential_officer", receiver="handler", copy_ids=ids[:1])
    for key in ("confidential_officer", "classifier", "handler"):
        with acting_as(cast[key]):
            assert queries.carrier(carrier.pk) is not None
    for key in ("office_head", "outsider", "administrator", "drafter", "archivist"):
        with acting_as(cast[key]):
            assert queries.carrier(carrier.pk) is None
            assert CarrierCopy.objects.count() == 0
    assert len(copies_of(cast.handler, carrier)) == 1


def test_the_count_names_what_is_missing_and_closes_only_when_whole(cast: Cast) -> None:
    carrier = registered(cast)
    officer = cast.confidential_officer
    at = clock.now()
    count = counts.open_count(by=officer, at=at)
    with pytest.raises(Refused):
        counts.open_count(by=officer, at=at)
    with acting_as(officer):
        lines = counted.lines(count.pk)
    for line in lines[:2]:
        counts.count_copy(line_id=line["id"], is_seen=True, by=officer, at=at)
    with pytest.raises(Refused):
        counts.close_count(count_id=count.pk, by=officer, at=at)
    counts.count_copy(line_id=lines[2]["id"], is_seen=False, by=officer, at=at)
    counts.close_count(count_id=count.pk, by=officer, at=at)
    with acting_as(officer):
        assert [row["state"] for row in queries.copies(carrier.pk)] == ["HELD", "HELD", "MISSING"]
        assert history(count)[-1]["data"]["missing"] == [f"{carrier.number} / 3"]
