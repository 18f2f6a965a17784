"""Receipts that the actor may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.carriers.receipts.models import CarrierReceipt, ReceiptLine
from chancery.departments.general_office.confidential_work.carriers.terms import ReceiptState, level_words
from chancery.foundations.web.columns import Rows
from chancery.foundations.words import words


def listed() -> Rows:
    """Receipts as rows."""
    return CarrierReceipt.objects.values(
        "id", "number", "count", "state", "given_at", "ended_at", "carrier_id", "giver_id", "receiver_id", "escort_id",
        carrier_number=F("carrier__number"), carrier_alias=F("carrier__alias"),
        giver_en=F("giver__name_en"), giver_zh=F("giver__name_zh"),
        receiver_en=F("receiver__name_en"), receiver_zh=F("receiver__name_zh"),
    )  # fmt: skip


def waiting_for(person_id: int | None) -> list[Any]:
    """Open receipts that wait for a person's word: as receiver, or as second person."""
    me = person_id or 0
    rows = listed().filter(state=ReceiptState.OPEN)
    mine = Q(escort_id=me, escorted_at=None) | Q(receiver_id=me)
    return list(rows.filter(mine).order_by("given_at"))


def receipt(receipt_id: int) -> CarrierReceipt | None:
    """One, if the actor may see it."""
    return (
        CarrierReceipt.objects.select_related("carrier", "giver", "receiver", "escort", "receiver_post__unit")
        .filter(pk=receipt_id)
        .first()
    )


def numbers_on(receipt_id: int) -> list[int]:
    """The copy numbers on a receipt."""
    rows = ReceiptLine.objects.filter(receipt_id=receipt_id).order_by("copy__number")
    return list(rows.values_list("copy__number", flat=True))


def facts(of: CarrierReceipt) -> list[tuple[Any, ...]]:
    """What a receipt says, in words."""
    numbers = ", ".join(str(number) for number in numbers_on(of.pk))
    rows: list[tuple[Any, ...]] = [
        (_("Carrier"), f"{of.carrier.number} · {of.carrier.alias}"),
        (_("Level"), str(level_words()[of.carrier.level])),
        (_("Copies"), _("%(count)s (no. %(numbers)s)") % {"count": of.count, "numbers": numbers}),
        (_("From"), f"{words(of.giver)} · {_time(of.given_at)}"),
        (_("To"), f"{words(of.receiver)} · {words(of.receiver_post.unit)}"),
    ]
    if of.escort is not None:
        said = _time(of.escorted_at) if of.escorted_at else _("not confirmed yet")
        rows.append((_("Second person"), f"{words(of.escort)} · {said}"))
    rows.append((_("Kept at"), of.place))
    if of.note:
        rows.append((_("Note"), of.note))
    if of.ended_at is not None:
        rows.append((of.get_state_display(), _time(of.ended_at)))
    if of.reason:
        rows.append((_("Reason"), of.reason))
    return rows


def _time(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
