"""What several tests of carriers begin with: cleared people, a registered carrier."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.receipts import services as receipts
from chancery.departments.general_office.confidential_work.carriers.services import register_carrier
from chancery.departments.general_office.confidential_work.clearances.services import (
    decide_clearance,
    propose_clearance,
)
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def clear(cast: Cast, *keys: str, kind: str = "CORE") -> None:
    """Clear members of the cast."""
    at = clock.now()
    today = clock.date_of(at)
    for key in keys:
        proposer = cast.office_head if key == "confidential_officer" else cast.confidential_officer
        made = propose_clearance(
            person_id=cast[key].person_id or 0, kind=kind, basis="Post / 岗位", trained_on=today, by=proposer, at=at
        )
        decide_clearance(clearance_id=made.pk, approve=True, by=cast.classifier, at=at)


def registered(cast: Cast, *, alias: str = "Blue folder 3", level: str = "SECRET", copies: int = 3) -> Carrier:
    """A carrier of the officer's."""
    clear_once(cast)
    at = clock.now()
    today = clock.date_of(at)
    return register_carrier(
        alias=alias, medium="PAPER", place="Safe 1", copies_from=1, copies_to=copies, level=level,
        basis="House list, 3",
        approver_id=cast.classifier.person_id, starts_on=today, expires_on=today + dt.timedelta(days=365),
        by=cast.confidential_officer, at=at,
    )  # fmt: skip


def clear_once(cast: Cast) -> None:
    """The officer, the handler and the leader are cleared as core."""
    from chancery.departments.general_office.confidential_work.clearances.queries import standing

    if not standing(cast.confidential_officer.person_id, clock.today()):
        clear(cast, "confidential_officer", "handler", "leader")


def copies_of(by: Actor, carrier: Carrier) -> list[int]:
    """The copies somebody sees, in order of their numbers."""
    with acting_as(by), transaction.atomic():
        return list(CarrierCopy.objects.filter(carrier=carrier).order_by("number").values_list("pk", flat=True))


def handed_over(cast: Cast, carrier: Carrier, *, giver: str, receiver: str, copy_ids: list[int]) -> None:
    """A whole hand-over, with the leader as second person where one is needed."""
    at = clock.now()
    escort = cast.posts["leader", "ES"] if carrier.level == "TOP_SECRET" else None
    receipt = receipts.hand_over(
        carrier_id=carrier.pk, copy_ids=copy_ids, receiver_post_id=cast[receiver].post_id or 0, place="Cabinet 2",
        escort_post_id=escort, by=cast[giver], at=at,
    )  # fmt: skip
    if escort:
        receipts.confirm_escort(receipt_id=receipt.pk, by=cast.leader, at=at)
    receipts.confirm_receipt(receipt_id=receipt.pk, counted=len(copy_ids), by=cast[receiver], at=at)
