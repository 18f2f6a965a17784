"""Drawn up, approved, signed by two, destroyed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work import queries as desk
from chancery.departments.general_office.confidential_work.carriers.destruction import queries, rules
from chancery.departments.general_office.confidential_work.carriers.destruction.models import (
    CarrierDestruction,
    DestructionLine,
)
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.queries import NoSuchCarrier
from chancery.departments.general_office.confidential_work.carriers.rules import is_here
from chancery.departments.general_office.confidential_work.carriers.terms import (
    DESTRUCTION_SERIES,
    CopyState,
    DestructionState,
)
from chancery.departments.general_office.confidential_work.rules import is_said, person_in_post
from chancery.departments.general_office.confidential_work.services import open_desk_guard
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.services import add_readers
from chancery.kernel.records import services as records


@service
def draw_up(*, copy_ids: Sequence[int], reason: str, method: str, by: Actor, at: dt.datetime) -> CarrierDestruction:
    """List copies, handed back to the officer, that are to be destroyed."""
    rules.may_draw(by).demand()
    is_said(reason, "reason").demand()
    is_said(method, "method").demand()
    wanted = set(copy_ids)
    if not wanted:
        raise Refused(_("Pick the copies to be destroyed."), field="copies")
    copies = list(CarrierCopy.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    if len(copies) != len(wanted):
        raise NoSuchCarrier(_("There is no such copy."), field="copies")
    free = {row["id"] for row in queries.destroyable(by.person_id)}
    for copy in copies:
        is_here(copy).demand()
        if copy.holder_id != by.person_id:
            raise Refused(
                _("Have the copies handed back first: only what the officer holds is listed."), field="copies"
            )
        if copy.pk not in free:
            raise Refused(_("One of the copies stands on another list already."), field="copies")
    guard_id = open_desk_guard(by=by, at=at)
    number = records.issue_number(
        series=DESTRUCTION_SERIES, year=clock.date_of(at).year, guard_id=guard_id,
        subject="general_office.carrierdestruction", by=by, at=at,
    )  # fmt: skip
    made = CarrierDestruction.objects.create(
        guard_id=guard_id, number=number.text, reason=reason.strip(), method=method.strip(),
        drawn_person_id=person_in_post(by)[0], drawn_at=at,
    )  # fmt: skip
    DestructionLine.objects.bulk_create(DestructionLine(destruction=made, copy=copy) for copy in copies)
    _write("carrier.destruction_drawn", made, by, at, count=len(copies), reason=made.reason)
    return made


@service
def approve_destruction(
    *,
    destruction_id: int,
    first_post_id: int,
    second_post_id: int,
    by: Actor,
    at: dt.datetime,
) -> CarrierDestruction:
    """Approve a list and name the two people who carry it out."""
    found = _lock(destruction_id)
    rules.may_approve(by, found).demand()
    first_id, second_id = desk.holder_of(first_post_id), desk.holder_of(second_post_id)
    rules.are_two(first_id, second_id).demand()
    found.state, found.approved_person_id, found.approved_at = DestructionState.APPROVED, by.person_id, at
    found.first_id, found.second_id = first_id, second_id
    found.save(update_fields=["state", "approved_person", "approved_at", "first", "second"])
    add_readers(
        guard_id=found.guard_id, readers=[(first_post_id, None, None), (second_post_id, None, None)], how="destroys",
        by=by, at=at,
    )  # fmt: skip
    _write("carrier.destruction_approved", found, by, at, first=first_id, second=second_id)
    return found


@service
def refuse_destruction(*, destruction_id: int, reason: str, by: Actor, at: dt.datetime) -> CarrierDestruction:
    """Refuse a list, and say why."""
    found = _lock(destruction_id)
    rules.may_approve(by, found).demand()
    is_said(reason, "reason").demand()
    found.state, found.approved_person_id, found.approved_at = DestructionState.REFUSED, by.person_id, at
    found.answer = reason.strip()
    found.save(update_fields=["state", "approved_person", "approved_at", "answer"])
    _write("carrier.destruction_refused", found, by, at, reason=found.answer)
    return found


@service
def sign_destruction(*, destruction_id: int, by: Actor, at: dt.datetime) -> CarrierDestruction:
    """One of the two signs that the copies were destroyed; with the second signature they are."""
    found = _lock(destruction_id)
    rules.may_sign(by, found).demand()
    if by.person_id == found.first_id:
        found.first_signed_at = at
        found.save(update_fields=["first_signed_at"])
    else:
        found.second_signed_at = at
        found.save(update_fields=["second_signed_at"])
    _write("carrier.destruction_signed", found, by, at)
    if found.first_signed_at is None or found.second_signed_at is None:
        return found
    lines = queries.lines(found.pk)
    ids = [line["copy_id"] for line in lines]
    list(CarrierCopy.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    done = CarrierCopy.objects.filter(pk__in=ids, state=CopyState.HELD, moving=None).update(
        state=CopyState.DESTROYED, since=at
    )
    if done != len(ids):
        raise Refused(_("A copy on the list is missing or was moved meanwhile: it cannot be signed for."))
    found.state = DestructionState.DONE
    found.save(update_fields=["state"])
    for carrier in Carrier.objects.filter(pk__in={line["carrier_id"] for line in lines}):
        numbers = [line["number"] for line in lines if line["carrier_id"] == carrier.pk]
        journal.write(by=by, at=at, act="carrier.destroyed", on=carrier, data={"list": found.number, "copies": numbers})
    _write("carrier.destroyed", found, by, at, count=done)
    return found


def _lock(destruction_id: int) -> CarrierDestruction:
    found = CarrierDestruction.objects.select_for_update(of=("self",)).filter(pk=destruction_id).first()
    if found is None:
        raise NoSuchCarrier(_("There is no such list."))
    return found


def _write(act: str, on: CarrierDestruction, by: Actor, at: dt.datetime, **data: object) -> None:
    journal.write(by=by, at=at, act=act, on=on, data={"list": on.number, **data})
