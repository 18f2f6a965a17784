"""Handing over: opened by the giver, confirmed by the second person where one is needed, then by the receiver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work import queries as desk
from chancery.departments.general_office.confidential_work.carriers import rules as carriers
from chancery.departments.general_office.confidential_work.carriers.destruction import queries as destruction
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.queries import NoSuchCarrier
from chancery.departments.general_office.confidential_work.carriers.receipts import queries, rules
from chancery.departments.general_office.confidential_work.carriers.receipts.models import CarrierReceipt, ReceiptLine
from chancery.departments.general_office.confidential_work.carriers.services import let_read
from chancery.departments.general_office.confidential_work.carriers.terms import RECEIPT_SERIES, ReceiptState
from chancery.departments.general_office.confidential_work.clearances import queries as clearances
from chancery.departments.general_office.confidential_work.rules import is_said, person_in_post
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records import services as records


@service
def hand_over(
    *,
    carrier_id: int,
    copy_ids: Sequence[int],
    receiver_post_id: int,
    place: str,
    escort_post_id: int | None = None,
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> CarrierReceipt:
    """Open a numbered receipt over copies one holds. They stay with the giver until the receiver has confirmed."""
    carrier = Carrier.objects.filter(pk=carrier_id).first()
    if carrier is None:
        raise NoSuchCarrier(_("There is no such carrier."))
    wanted = set(copy_ids)
    copies = list(
        CarrierCopy.objects.select_for_update(of=("self",))
        .filter(carrier_id=carrier_id, pk__in=wanted)
        .order_by("number")
    )
    if len(copies) != len(wanted):
        raise NoSuchCarrier(_("There is no such copy."), field="copies")
    rules.may_give(by, copies).demand()
    rules.is_unlisted(destruction.listed_copies(wanted)).demand()
    receiver_id = desk.holder_of(receiver_post_id)
    escort_id = desk.holder_of(escort_post_id) if escort_post_id else None
    rules.is_between_two(by.person_id, receiver_id).demand()
    giver_id, giver_post_id = person_in_post(by)
    rules.is_accompanied(carrier, by.person_id, receiver_id, escort_id).demand()
    today = clock.date_of(at)
    carriers.may_hold(carrier.level, clearances.may_know(receiver_id, carrier.level, today)).demand()
    if escort_id is not None:
        is_cleared = clearances.may_know(escort_id, carrier.level, today)
        carriers.may_hold(carrier.level, is_cleared, "escort").demand()
    is_said(place, "place").demand()
    for post_id in filter(None, (receiver_post_id, escort_post_id)):
        let_read(carrier=carrier, post_id=post_id, by=by, at=at)
    number = records.issue_number(
        series=RECEIPT_SERIES, year=today.year, guard_id=carrier.guard_id, subject="general_office.carrierreceipt",
        by=by, at=at,
    )  # fmt: skip
    receipt = CarrierReceipt.objects.create(
        carrier=carrier, number=number.text, count=len(copies), giver_id=giver_id, giver_post_id=giver_post_id,
        receiver_id=receiver_id or 0, receiver_post_id=receiver_post_id, escort_id=escort_id, place=place.strip(),
        note=note.strip(), given_at=at,
    )  # fmt: skip
    ReceiptLine.objects.bulk_create(ReceiptLine(receipt=receipt, copy=copy) for copy in copies)
    CarrierCopy.objects.filter(pk__in=wanted).update(moving=receipt)
    _write("carrier.offered", receipt, by, at, copies=[copy.number for copy in copies])
    return receipt


@service
def confirm_escort(*, receipt_id: int, by: Actor, at: dt.datetime) -> CarrierReceipt:
    """The second person confirms, in their own session, that they go with it."""
    receipt = _lock(receipt_id)
    rules.may_escort(by, receipt).demand()
    receipt.escorted_at = at
    receipt.save(update_fields=["escorted_at"])
    _write("carrier.escorted", receipt, by, at)
    return receipt


@service
def confirm_receipt(*, receipt_id: int, counted: int, by: Actor, at: dt.datetime) -> CarrierReceipt:
    """The receiver confirms, in their own session, having counted: from now on the copies are theirs to answer for."""
    receipt = _lock(receipt_id)
    rules.may_receive(by, receipt).demand()
    rules.is_counted(receipt, counted).demand()
    # The clearance is held until we commit: a leaver is not cleared between this question and the answer.
    is_cleared = clearances.reaches_held(receipt.receiver_id, receipt.carrier.level)
    carriers.may_hold(receipt.carrier.level, is_cleared, "counted").demand()
    ids = list(receipt.lines.values_list("copy_id", flat=True))
    list(CarrierCopy.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    # The copies first: the database lets them go only while the receipt stands open for this receiver.
    CarrierCopy.objects.filter(pk__in=ids).update(
        holder_id=receipt.receiver_id,
        holder_post_id=receipt.receiver_post_id,
        place=receipt.place,
        since=at,
        moving=None,
    )
    _end(receipt, ReceiptState.CONFIRMED, at)
    _write("carrier.received", receipt, by, at, counted=counted)
    return receipt


@service
def refuse_receipt(*, receipt_id: int, reason: str, by: Actor, at: dt.datetime) -> CarrierReceipt:
    """The receiver does not take it, and says why; the giver goes on holding it."""
    receipt = _lock(receipt_id)
    if by.person_id not in (receipt.receiver_id, receipt.escort_id):
        rules.may_receive(by, receipt).demand()
    rules.is_open(receipt).demand()
    is_said(reason, "reason").demand()
    return _back(receipt, ReceiptState.REFUSED, "carrier.receipt_refused", reason, by, at)


@service
def withdraw_receipt(*, receipt_id: int, reason: str, by: Actor, at: dt.datetime) -> CarrierReceipt:
    """The giver keeps it after all."""
    receipt = _lock(receipt_id)
    rules.may_withdraw(by, receipt).demand()
    is_said(reason, "reason").demand()
    return _back(receipt, ReceiptState.WITHDRAWN, "carrier.receipt_withdrawn", reason, by, at)


def _back(
    receipt: CarrierReceipt, state: ReceiptState, act: str, reason: str, by: Actor, at: dt.datetime
) -> CarrierReceipt:
    CarrierCopy.objects.filter(moving=receipt).update(moving=None)
    receipt.reason = reason.strip()
    _end(receipt, state, at)
    _write(act, receipt, by, at, reason=receipt.reason)
    return receipt


def _end(receipt: CarrierReceipt, state: ReceiptState, at: dt.datetime) -> None:
    receipt.state, receipt.ended_at = state, at
    receipt.save(update_fields=["state", "ended_at", "reason"])


def _lock(receipt_id: int) -> CarrierReceipt:
    found = (
        CarrierReceipt.objects.select_for_update(of=("self",)).select_related("carrier").filter(pk=receipt_id).first()
    )
    if found is None:
        raise NoSuchCarrier(_("There is no such receipt."))
    return found


def _write(act: str, receipt: CarrierReceipt, by: Actor, at: dt.datetime, **more: object) -> None:
    data = {"receipt": receipt.number, "count": receipt.count, "copies": queries.numbers_on(receipt.pk), **more}
    journal.write(by=by, at=at, act=act, on=receipt.carrier, data=data)
