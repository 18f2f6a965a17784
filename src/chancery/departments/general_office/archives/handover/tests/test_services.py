"""Making a list, handing it over, checking, deciding, signing, recalling."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from chancery.departments.general_office.archives.handover import queries, services
from chancery.departments.general_office.archives.handover.models import HandoverCheck, HandoverList, HandoverRow
from chancery.departments.general_office.archives.handover.rules import FailedCheck
from chancery.departments.general_office.archives.handover.terms import ListState, Result, RowState
from chancery.foundations.content_store import store
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.archive.terms import ItemState
from chancery.kernel.records.archive.tests.shelf import filed

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def items_of(cast, n=1, **more):
    return filed(cast, n, by=cast.drafter, unit="PF", **more)


def offered(cast, items):
    return services.hand_over(unit_id=cast.units["PF"], item_ids=[one.pk for one in items], by=cast.drafter, at=AT)


def rows(one, by):
    with acting_as(by), transaction.atomic():
        return list(HandoverRow.objects.filter(list=one).order_by("position"))


def state_of(item, by):
    with acting_as(by), transaction.atomic():
        return ArchivalItem.objects.values_list("state", flat=True).get(pk=item.pk)


def checked(cast, items):
    one = offered(cast, items)
    services.check(list_id=one.pk, by=cast.archivist, at=AT)
    return one


def test_a_clerk_hands_over_and_the_archivist_takes_over(cast) -> None:
    items = items_of(cast, 2)
    one = checked(cast, items)
    assert one.number and one.state == ListState.OFFERED
    assert state_of(items[0], cast.drafter) == ItemState.OFFERED
    services.accept(list_id=one.pk, reason="No scanner in the house", by=cast.archivist, at=AT)
    assert state_of(items[0], cast.drafter) == ItemState.OFFERED
    signed = services.sign(list_id=one.pk, by=cast.archivist, at=AT)
    assert (signed.state, signed.offered_person_id, signed.ended_person_id) == (
        ListState.TAKEN,
        cast.drafter.person_id,
        cast.archivist.person_id,
    )
    assert {state_of(item, cast.archivist) for item in items} == {ItemState.HELD}


def test_the_archivist_finds_it_in_the_inbox_and_the_step_is_done_with_the_signature(cast) -> None:
    one = checked(cast, items_of(cast))
    with acting_as(cast.archivist), transaction.atomic():
        [task] = procedures.open_tasks(one.matter_id)
        assert task["step"] == "take_over"
        assert [holder["post_id"] for holder in task["holders"]] == [cast.archivist.post_id]
    services.accept(list_id=one.pk, reason="Seen", by=cast.archivist, at=AT)
    services.sign(list_id=one.pk, by=cast.archivist, at=AT)
    with acting_as(cast.archivist), transaction.atomic():
        assert procedures.open_tasks(one.matter_id) == []


def test_an_item_goes_back_with_the_reason_and_onto_another_list(cast) -> None:
    items = items_of(cast, 2)
    one = checked(cast, items)
    first, second = rows(one, cast.archivist)
    services.give_back(list_id=one.pk, row_ids=[first.pk], reason="The slip is missing", by=cast.archivist, at=AT)
    services.accept(list_id=one.pk, row_ids=[second.pk], reason="Seen", by=cast.archivist, at=AT)
    services.sign(list_id=one.pk, by=cast.archivist, at=AT)
    assert [state_of(item, cast.drafter) for item in items] == [ItemState.FILED, ItemState.HELD]
    again = offered(cast, items[:1])
    assert again.number != one.number


def test_all_returned_ends_the_list_returned(cast) -> None:
    items = items_of(cast, 2)
    one = checked(cast, items)
    done = services.return_list(list_id=one.pk, reason="Wrong year", by=cast.archivist, at=AT)
    assert done.state == ListState.RETURNED
    assert {state_of(item, cast.drafter) for item in items} == {ItemState.FILED}


def test_a_doubt_needs_a_written_reason(cast) -> None:
    one = checked(cast, items_of(cast))
    [row] = rows(one, cast.archivist)
    assert row.worst in (Result.WARN, Result.UNKNOWN)
    with pytest.raises(Refused, match="left a doubt") as refusal:
        services.accept(list_id=one.pk, by=cast.archivist, at=AT)
    assert refusal.value.field == "reason"


def test_what_failed_is_not_accepted_whatever_the_reason(cast) -> None:
    item, other = items_of(cast, 2)
    with acting_as(cast.drafter), transaction.atomic():
        sha256 = ItemPart.objects.get(item=item).file.sha256
    store().discard(sha256)
    one = checked(cast, [item, other])
    first, second = rows(one, cast.archivist)
    assert (first.worst, second.worst) == (Result.FAIL, Result.WARN)
    with pytest.raises(FailedCheck):
        services.accept(list_id=one.pk, reason="I know", by=cast.archivist, at=AT)
    assert {row.state for row in rows(one, cast.archivist)} == {RowState.WAITING}
    with acting_as(cast.archivist), transaction.atomic():
        told = [f["text"] for f in queries.findings(first.pk) if f["result"] == Result.FAIL]
    assert told[0] == "The content is not in the store."


def test_the_database_accepts_no_failed_item_either(cast) -> None:
    item = items_of(cast)[0]
    with acting_as(cast.drafter), transaction.atomic():
        sha256 = ItemPart.objects.get(item=item).file.sha256
    store().discard(sha256)
    one = checked(cast, [item])
    [row] = rows(one, cast.archivist)
    with (
        acting_as(cast.archivist),
        pytest.raises(DatabaseError, match="none of them failed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "update general_office_handoverrow set state = 'ACCEPTED', worst = 'PASS' where id = %s", [row.pk]
        )


def test_content_changed_in_the_store_is_found(cast) -> None:
    item = items_of(cast)[0]
    with acting_as(cast.drafter), transaction.atomic():
        sha256 = ItemPart.objects.get(item=item).file.sha256
    path = store().path(sha256)
    path.chmod(0o640)
    path.write_bytes(b"Another text altogether.")
    one = checked(cast, [item])
    [row] = rows(one, cast.archivist)
    with acting_as(cast.archivist), transaction.atomic():
        codes = set(HandoverCheck.objects.filter(row=row, result="FAIL").values_list("code", flat=True))
    assert codes == {"hash_differs"}


def test_each_round_of_checks_is_kept(cast) -> None:
    one = checked(cast, items_of(cast))
    services.check(list_id=one.pk, by=cast.archivist, at=AT)
    [row] = rows(one, cast.archivist)
    with acting_as(cast.archivist), transaction.atomic():
        rounds = [finding["round"] for finding in queries.findings(row.pk)]
    assert row.round == 2 and set(rounds) == {1, 2}


def test_nobody_takes_over_what_he_handed_over_under_whatever_hat(cast) -> None:
    items = filed(cast, 1, by=cast.registrar, unit="GO")
    one = services.hand_over(unit_id=cast.units["GO"], item_ids=[items[0].pk], by=cast.archivist, at=AT)
    with pytest.raises(Refused, match="under any hat"):
        services.check(list_id=one.pk, by=cast.archivist, at=AT)
    services.check(list_id=one.pk, by=cast.archive_head, at=AT)
    services.accept(list_id=one.pk, reason="Seen", by=cast.archive_head, at=AT)
    with pytest.raises(Refused, match="under any hat"):
        services.sign(list_id=one.pk, by=cast.archivist, at=AT)


def test_a_colleague_of_another_department_neither_makes_nor_sees_the_list(cast) -> None:
    items = items_of(cast)
    with pytest.raises(Refused, match="own clerk"):
        services.make_list(unit_id=cast.units["PF"], item_ids=[items[0].pk], by=cast.outsider, at=AT)
    one = offered(cast, items)
    with acting_as(cast.outsider), transaction.atomic():
        assert queries.list_of(one.pk) is None
        assert list(queries.lists()) == []
    with pytest.raises(Refused):
        services.accept(list_id=one.pk, by=cast.outsider, at=AT)
    with pytest.raises(Refused, match="role"):
        services.accept(list_id=one.pk, reason="-", by=cast.handler, at=AT)


def test_items_of_another_department_do_not_go_on_the_list(cast) -> None:
    others = filed(cast, 1, by=cast.registrar, unit="GO")
    with pytest.raises(Refused, match="own department") as refusal:
        services.make_list(unit_id=cast.units["PF"], item_ids=[others[0].pk], by=cast.drafter, at=AT)
    assert refusal.value.field == "items"


def test_an_item_stands_on_one_list_at_a_time(cast) -> None:
    items = items_of(cast)
    services.make_list(unit_id=cast.units["PF"], item_ids=[items[0].pk], by=cast.drafter, at=AT)
    with pytest.raises(Refused, match="on a hand-over list already"):
        services.make_list(unit_id=cast.units["PF"], item_ids=[items[0].pk], by=cast.drafter, at=AT)


def test_a_list_is_changed_until_it_is_handed_over(cast) -> None:
    items = items_of(cast, 3)
    made = services.make_list(unit_id=cast.units["PF"], item_ids=[items[0].pk], by=cast.drafter, at=AT)
    services.change_items(list_id=made.pk, add=[items[1].pk, items[2].pk], by=cast.drafter, at=AT)
    first = rows(made, cast.drafter)[0]
    services.change_items(list_id=made.pk, remove=[first.pk], by=cast.drafter, at=AT)
    assert len(rows(made, cast.drafter)) == 2
    services.offer(list_id=made.pk, by=cast.drafter, at=AT)
    with pytest.raises(Stale, match="not changed any more"):
        services.change_items(list_id=made.pk, add=[items[0].pk], by=cast.drafter, at=AT)
    with pytest.raises(Stale):
        services.drop_list(list_id=made.pk, by=cast.drafter, at=AT)


def test_an_empty_list_is_not_handed_over_and_may_be_given_up(cast) -> None:
    items = items_of(cast)
    made = services.make_list(unit_id=cast.units["PF"], item_ids=[items[0].pk], by=cast.drafter, at=AT)
    services.change_items(list_id=made.pk, remove=[rows(made, cast.drafter)[0].pk], by=cast.drafter, at=AT)
    with pytest.raises(Refused, match="at least one"):
        services.offer(list_id=made.pk, by=cast.drafter, at=AT)
    services.drop_list(list_id=made.pk, by=cast.drafter, at=AT)
    with acting_as(cast.drafter), transaction.atomic():
        assert not HandoverList.objects.exists()


def test_a_list_is_recalled_while_nothing_is_decided(cast) -> None:
    items = items_of(cast, 2)
    one = checked(cast, items)
    with pytest.raises(Refused, match="Say why"):
        services.recall(list_id=one.pk, reason=" ", by=cast.drafter, at=AT)
    done = services.recall(list_id=one.pk, reason="One is missing", by=cast.drafter, at=AT)
    assert done.state == ListState.RECALLED
    assert {state_of(item, cast.drafter) for item in items} == {ItemState.FILED}
    with acting_as(cast.drafter), transaction.atomic():
        assert procedures.open_tasks(one.matter_id) == []
    other = checked(cast, items)
    row = rows(other, cast.archivist)[0]
    services.accept(list_id=other.pk, row_ids=[row.pk], reason="Seen", by=cast.archivist, at=AT)
    with pytest.raises(Stale, match="begun to decide"):
        services.recall(list_id=other.pk, reason="Too late", by=cast.drafter, at=AT)


def test_it_is_not_signed_before_every_item_is_decided(cast) -> None:
    one = checked(cast, items_of(cast, 2))
    row = rows(one, cast.archivist)[0]
    services.accept(list_id=one.pk, row_ids=[row.pk], reason="Seen", by=cast.archivist, at=AT)
    with pytest.raises(Refused, match="1 items of the list are not decided"):
        services.sign(list_id=one.pk, by=cast.archivist, at=AT)


def test_an_unchecked_item_is_not_accepted(cast) -> None:
    one = offered(cast, items_of(cast))
    with pytest.raises(Refused, match="not been checked"):
        services.accept(list_id=one.pk, reason="Seen", by=cast.archivist, at=AT)


def test_what_was_decided_stays_decided(cast) -> None:
    one = checked(cast, items_of(cast))
    services.accept(list_id=one.pk, reason="Seen", by=cast.archivist, at=AT)
    [row] = rows(one, cast.archivist)
    with pytest.raises(Stale, match="decided already"):
        services.give_back(list_id=one.pk, row_ids=[row.pk], reason="No", by=cast.archivist, at=AT)
    with acting_as(cast.archivist), pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        HandoverRow.objects.filter(pk=row.pk).update(state=RowState.WAITING)
