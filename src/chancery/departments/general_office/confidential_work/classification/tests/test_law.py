"""The database keeps the law of levels whatever the code above it forgets: raw SQL as the web role is refused."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from chancery.departments.general_office.confidential_work.carriers.models import CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.receipts import services as receipts
from chancery.departments.general_office.confidential_work.carriers.tests import copies_of, registered
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.tests.desk import Desk
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.models import Guard

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def _raw(by: Any, sql: str, *values: Any) -> None:
    with acting_as(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def _again(desk: Desk, by: Any, **changed: Any) -> None:
    """Insert a copy of a proposal with some columns changed, as raw SQL would."""
    made = desk.propose(desk.paper())
    other = desk.register(sender_number="样例函〔2026〕99号")
    columns_of = [field.attname for field in Classification._meta.concrete_fields if field.name != "id"]
    facts = {name: getattr(made, name) for name in columns_of}
    facts |= {"guard_id": other.guard_id, "key": f"guard:{other.guard_id}", "matter_id": None, **changed}
    columns = ", ".join(facts)
    marks = ", ".join(["%s"] * len(facts))
    _raw(by, f"insert into general_office_classification ({columns}) values ({marks})", *facts.values())


@pytest.mark.parametrize(
    "changed",
    [
        {"basis_clause": ""},
        {"basis_text": ""},
        {"cap_years": 90, "until": dt.date(2090, 1, 1)},
        {"until": dt.date(2090, 1, 1)},
        {"state": "IN_FORCE"},
        {"proposed_person_id": None},
    ],
)
def test_a_level_without_basis_over_its_cap_or_unapproved_is_not_written(desk: Desk, changed: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError):
        _again(desk, desk.cast.registrar, **changed)


def test_the_same_proposal_unchanged_is_written(desk: Desk) -> None:
    _again(desk, desk.cast.registrar)
    with acting_as(SYSTEM), transaction.atomic():
        assert Classification.objects.count() == 2


def test_what_is_public_is_not_marked(desk: Desk) -> None:
    made = desk.propose(desk.paper())
    with acting_as(SYSTEM), transaction.atomic():
        Guard.objects.filter(pk=made.guard_id).update(is_public=True)
    with pytest.raises(DatabaseError, match="public"):
        _raw(
            desk.cast.classifier,
            "update general_office_classification set state = 'IN_FORCE', decided_at = now(), decided_person_id = %s"
            " where id = %s",
            desk.cast.classifier.person_id,
            made.pk,
        )


@pytest.mark.parametrize(
    "sql",
    [
        "update general_office_carrier set expires_on = '2090-01-01'",
        "update general_office_carrier set basis = ' '",
        "update general_office_carriercopy set holder_id = %(other)s",
        "update general_office_carriercopy set state = 'DESTROYED'",
        "delete from general_office_carriercopy",
        "update general_office_carrier set number = 'X'",
    ],
)
def test_the_register_is_not_bent_by_hand(cast: Cast, sql: str) -> None:
    registered(cast)
    with (
        pytest.raises(DatabaseError),
        acting_as(cast.confidential_officer),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, {"other": cast.handler.person_id})


def test_what_is_listed_for_destruction_is_put_on_no_receipt(cast: Cast) -> None:
    from chancery.departments.general_office.confidential_work.carriers.destruction import services as destruction

    carrier, officer = registered(cast), cast.confidential_officer
    first, second = copies_of(officer, carrier)[:2]
    at = clock.now()
    destruction.draw_up(copy_ids=[first], reason="old", method="pulped", by=officer, at=at)
    receipt = receipts.hand_over(
        carrier_id=carrier.pk, copy_ids=[second], receiver_post_id=cast.handler.post_id or 0, place="x", by=officer,
        at=at,
    )  # fmt: skip
    for table, column, value in (
        ("carrierreceiptline", "receipt_id", receipt.pk),
        ("carrierdestructionline", "destruction_id", 0),
    ):
        with pytest.raises(DatabaseError):
            _raw(officer, f"insert into general_office_{table} ({column}, copy_id) values (%s, %s)", value, first)
    with acting_as(SYSTEM), transaction.atomic():
        assert CarrierCopy.objects.get(pk=first).moving_id is None


def test_nobody_uncleared_takes_a_copy_over(cast: Cast) -> None:
    carrier, officer = registered(cast), cast.confidential_officer
    at = clock.now()
    receipt = receipts.hand_over(
        carrier_id=carrier.pk, copy_ids=copies_of(officer, carrier)[:1], receiver_post_id=cast.handler.post_id or 0,
        place="x", by=officer, at=at,
    )  # fmt: skip
    with acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update general_office_personclearance set state = 'ENDED', ended_on = current_date where person_id = %s",
            [cast.handler.person_id],
        )
    with pytest.raises(DatabaseError, match="not cleared"):
        _raw(
            cast.handler,
            "update general_office_carriercopy set holder_id = %s, moving_id = null where moving_id = %s",
            cast.handler.person_id,
            receipt.pk,
        )
