"""A list goes from one hand to another's approval, its package out, its receipt in; what went stays a stub."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, transaction

from chancery.departments.general_office.archives.transfers import queries, services
from chancery.departments.general_office.archives.transfers.models import TransferList, TransferRow
from chancery.departments.general_office.archives.transfers.tests.desk import (
    approved,
    drawn,
    hold,
    kept,
    packed,
    receive,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.tests.shelf import SHORTEST
from chancery.kernel.records.models import ArchivalItem, ItemPart, StoredFile

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def state(item: ArchivalItem) -> str:
    with acting_as(SYSTEM), transaction.atomic():
        return str(ArchivalItem.objects.values_list("state", flat=True).get(pk=item.pk))


def due(cast: Cast) -> set[int]:
    with acting_as(cast.archivist), transaction.atomic():
        return set(queries.due(NOON.date()).values_list("pk", flat=True))


# --- Due --------------------------------------------------------------------------------------------------------------
def test_what_is_kept_for_good_is_due_after_full_twenty_years(cast: Cast) -> None:
    old = kept(cast, 2, dated_on=dt.date(2005, 12, 31))
    kept(cast, 1, dated_on=dt.date(2006, 1, 1))  # its twenty years are not over
    kept(cast, 1, years=SHORTEST)  # runs out, and is appraised
    assert due(cast) == {item.pk for item in old}


def test_the_way_of_a_list(cast: Cast) -> None:
    items = kept(cast, 3)
    one = drawn(cast, items)
    assert due(cast) == set()  # on a list
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    services.approve(list_id=one.pk, by=cast.archive_head, at=NOON)
    out = io.BytesIO()
    built = services.make_package(list_id=one.pk, to=out, by=cast.archivist, at=NOON)
    assert (built.items, built.files, built.size) == (3, 3, len(out.getvalue()))
    assert receive(cast, one, built.sha256.upper()) == 3
    with acting_as(cast.archivist), transaction.atomic():
        one.refresh_from_db()
        assert (one.state, one.receipt_number, one.completed_person_id) == (
            "COMPLETED",
            "R-1",
            cast.archivist.person_id,
        )
        assert one.copies_until is not None
        assert one.copies_until > NOON.date()
        rows = list(TransferRow.objects.filter(list=one).order_by("item"))
        parts = {p.item_id: p.file.sha256 for p in ItemPart.objects.filter(item__in=items).select_related("file")}
        assert [row.stub[0]["sha256"] for row in rows] == [parts[row.item_id] for row in rows]
        assert journal.history(items[0])[-1]["act"] == "item.transferred"
        acts = [line["act"].removeprefix("transfer.") for line in journal.history(one)]
    assert acts == ["drawn_up", "submitted", "approved", "packed", "completed"]
    assert {state(item) for item in items} == {"TRANSFERRED"}


def test_copies_stay_for_their_years_and_then_go(cast: Cast) -> None:
    items = kept(cast)
    one, sha256 = packed(cast, items)
    receive(cast, one, sha256)
    with pytest.raises(Refused, match="kept until"):
        services.release_copies(list_id=one.pk, by=cast.archivist, at=NOON)
    later = NOON.replace(year=NOON.year + 6)
    with clock.fixed_at(later):
        assert services.release_copies(list_id=one.pk, by=cast.archivist, at=later) == 2
        with pytest.raises(Refused, match="already"):
            services.release_copies(list_id=one.pk, by=cast.archivist, at=later)
    with acting_as(SYSTEM), transaction.atomic():
        assert (
            StoredFile.objects.filter(pk__in=ItemPart.objects.filter(item__in=items).values("file"))
            .filter(destroyed_at=None)
            .count()
            == 0
        )
        assert ArchivalItem.objects.filter(pk__in=[i.pk for i in items]).count() == 2  # the stubs stay


def test_an_item_is_taken_off_a_draft_and_is_due_again(cast: Cast) -> None:
    items = kept(cast)
    one = drawn(cast, items)
    with acting_as(cast.archivist), transaction.atomic():
        row = TransferRow.objects.get(list=one, item=items[0]).pk
    with pytest.raises(Refused, match="why"):
        services.take_off(list_id=one.pk, row_ids=[row], reason=" ", by=cast.archivist, at=NOON)
    assert services.take_off(list_id=one.pk, row_ids=[row], reason="Wrong", by=cast.archivist, at=NOON) == 1
    assert due(cast) == {items[0].pk}
    services.withdraw(list_id=one.pk, reason="Later", by=cast.archivist, at=NOON)
    assert due(cast) == {item.pk for item in items}


# --- Refused ----------------------------------------------------------------------------------------------------------
def test_only_archivists_draw_up(cast: Cast) -> None:
    items = kept(cast)
    for who in (cast.registrar, cast.archive_head, cast.outsider):
        with pytest.raises(Refused):
            services.draw_up(fonds_id=items[0].fonds_id, through_year=2005, authority="A", by=who, at=NOON)


def test_nothing_due_and_no_authority_are_refused_at_their_fields(cast: Cast) -> None:
    items = kept(cast)
    with pytest.raises(Refused) as nothing:
        services.draw_up(fonds_id=items[0].fonds_id, through_year=1990, authority="A", by=cast.archivist, at=NOON)
    assert nothing.value.field == "through_year"
    with pytest.raises(Refused) as nobody:
        services.draw_up(fonds_id=items[0].fonds_id, through_year=2005, authority=" ", by=cast.archivist, at=NOON)
    assert nobody.value.field == "authority"


def test_nobody_else_approves_and_not_before_it_is_submitted(cast: Cast) -> None:
    one = drawn(cast, kept(cast))
    with pytest.raises(Refused, match="stands at"):
        services.approve(list_id=one.pk, by=cast.archive_head, at=NOON)
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    with pytest.raises(Refused, match="Head of the archive"):
        services.approve(list_id=one.pk, by=cast.archivist, at=NOON)


def test_whoever_drew_it_up_does_not_approve_it(cast: Cast) -> None:
    from chancery.kernel.access.roles.services import grant_role

    grant_role(
        post_id=cast.posts["archivist", "GO"],
        role="archive_head",
        unit_id=cast.units["CAST"],
        valid_from=NOON.date(),
        by=SYSTEM,
        at=NOON,
    )
    one = drawn(cast, kept(cast))
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    with pytest.raises(Refused, match="another person"):
        services.approve(list_id=one.pk, by=cast.archivist, at=NOON)
    with (
        acting_as(cast.archivist),
        pytest.raises(DatabaseError, match=r"two_persons|did not draw it up"),
        transaction.atomic(),
    ):
        TransferList.objects.filter(pk=one.pk).update(
            state="APPROVED", approved_person=cast.archivist.person_id, approved_at=NOON
        )


def test_a_held_item_stays_off_a_list_and_stops_one(cast: Cast) -> None:
    items = kept(cast, 3)
    hold(cast, items[0])
    one = drawn(cast, items)
    with acting_as(cast.archivist), transaction.atomic():
        assert TransferRow.objects.filter(list=one).count() == 2
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    hold(cast, items[1])
    with pytest.raises(Refused, match=f"not transferred: {items[1].code}"):
        services.approve(list_id=one.pk, by=cast.archive_head, at=NOON)


def test_a_hold_placed_after_the_package_was_sent_stops_the_receipt(cast: Cast) -> None:
    items = kept(cast)
    one, sha256 = packed(cast, items)
    hold(cast, items[0])
    with pytest.raises(Refused, match="Held for a case"):
        receive(cast, one, sha256)
    with (
        acting_as(cast.archivist),
        pytest.raises(DatabaseError, match="is held"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "select general_office_transfer(%s, 'R', %s, %s, %s, now())",
            [one.pk, NOON.date(), sha256, NOON.date() + dt.timedelta(days=400)],
        )
    assert state(items[0]) == "HELD"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"receipt_sha256": "0" * 64}, "receipt_sha256"),
        ({"receipt_number": " "}, "receipt_number"),
        ({"receipt_on": dt.date(2026, 12, 24)}, "receipt_on"),
        ({"receipt_on": dt.date(2026, 1, 1)}, "receipt_on"),
    ],
)
def test_a_receipt_that_does_not_fit_is_refused_at_its_field(cast: Cast, changed: dict[str, Any], field: str) -> None:
    items = kept(cast)
    one, sha256 = packed(cast, items)
    with pytest.raises(Refused) as refusal:
        receive(cast, one, sha256, **changed)
    assert refusal.value.field == field
    assert state(items[0]) == "HELD"


def test_no_package_before_the_approval_and_no_receipt_before_a_package(cast: Cast) -> None:
    items = kept(cast)
    one = drawn(cast, items)
    with pytest.raises(Refused, match="stands at"):
        services.make_package(list_id=one.pk, to=io.BytesIO(), by=cast.archivist, at=NOON)
    services.withdraw(list_id=one.pk, reason="x", by=cast.archivist, at=NOON)
    with pytest.raises(Refused, match="No package"):
        receive(cast, approved(cast, items), "0" * 64)


# --- The law, without Python ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "update general_office_transferlist set state = 'COMPLETED' where id = {id}",
        "update general_office_transferlist set receipt_number = 'R' where id = {id}",
        "update general_office_transferlist set approved_person_id = drawn_person_id where id = {id}",
        "delete from general_office_transferlist where id = {id}",
        "update general_office_transferrow set list_id = list_id where list_id = {id}",
        "insert into general_office_transferrow (list_id, item_id, taken_off_reason, stub)"
        " select {id}, min(id), '', '[]' from records_archivalitem",
        "update records_archivalitem set state = 'TRANSFERRED', ended_at = now() where state = 'HELD'",
        "select general_office_transfer({id}, 'R', chancery_today(), '00', chancery_today() + 9, now())",
        "select general_office_release_copies({id}, now())",
    ],
)
def test_raw_sql_as_the_web_role_transfers_nothing(cast: Cast, statement: str) -> None:
    one = approved(cast, kept(cast))
    with acting_as(cast.archivist), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(id=one.pk))


def test_strangers_to_the_archive_see_no_list(cast: Cast) -> None:
    one = drawn(cast, kept(cast))
    with acting_as(cast.outsider), transaction.atomic():
        assert queries.list_of(one.pk) is None
        assert not TransferRow.objects.exists()
