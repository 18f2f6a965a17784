"""Registering carriers, keeping their copies."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers import queries, rules
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy, CopyRequest
from chancery.departments.general_office.confidential_work.carriers.terms import SERIES, AskState
from chancery.departments.general_office.confidential_work.classification import queries as classification
from chancery.departments.general_office.confidential_work.clearances import queries as clearances
from chancery.departments.general_office.confidential_work.rules import is_said, person_in_post
from chancery.departments.general_office.confidential_work.services import open_desk_guard
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.services import add_reader
from chancery.kernel.records import services as records

if TYPE_CHECKING:
    from chancery.departments.general_office.confidential_work.classification.models import Classification


class AliasTaken(Refused):
    """Another carrier has this alias."""


@service
def register_carrier(
    *,
    alias: str,
    medium: str,
    place: str,
    copies_from: int = 1,
    copies_to: int = 1,
    level: str = "",
    basis: str = "",
    approver_id: int | None = None,
    starts_on: dt.date | None = None,
    expires_on: dt.date | None = None,
    until_condition: str = "",
    received_from: str = "",
    by: Actor,
    at: dt.datetime,
) -> Carrier:
    """Enter a carrier with its numbered copies, which the officer holds from then on.

    Level, basis, period and approver are those of the decision in force about the alias, where one was taken here;
    otherwise they are entered, within the same caps.
    """
    rules.may_register(by).demand()
    alias = " ".join(alias.split())
    records.demand_unmarked(texts={"alias": alias, "basis": basis, "place": place}, where="carrier", by=by, at=at)
    is_said(alias, "alias").demand()
    rules.is_neutral(alias).demand()
    rules.is_numbered(copies_from, copies_to).demand()
    is_said(place, "place").demand()
    facts = _facts(alias, level, basis, approver_id, starts_on, expires_on, until_condition.strip(), at)
    rules.may_hold(
        facts["level"], clearances.may_know(by.person_id, facts["level"], clock.date_of(at)), "level"
    ).demand()
    guard_id = open_desk_guard(by=by, at=at)
    number = records.issue_number(
        series=SERIES, year=clock.date_of(at).year, guard_id=guard_id, subject="general_office.carrier", by=by, at=at
    )
    try:
        with transaction.atomic():
            carrier = Carrier.objects.create(
                guard_id=guard_id,
                number=number.text,
                alias=alias,
                medium=medium,
                received_from=received_from.strip(),
                registered_at=at,
                registered_person_id=person_in_post(by)[0],
                **facts,
            )
    except IntegrityError as error:
        if "alias" not in str(error):
            raise
        raise AliasTaken(_("Another carrier has this alias."), field="alias") from error
    _number_copies(carrier, range(copies_from, copies_to + 1), None, by, by.post_id, place, at)
    journal.write(
        by=by, at=at, act="carrier.registered", on=carrier,
        data={"number": carrier.number, "alias": alias, "level": carrier.level, "copies": [copies_from, copies_to]},
    )  # fmt: skip
    return carrier


def _facts(
    alias: str,
    level: str,
    basis: str,
    approver_id: int | None,
    starts_on: dt.date | None,
    expires_on: dt.date | None,
    until_condition: str,
    at: dt.datetime,
) -> dict[str, Any]:
    """Level, basis, approver and period: of the decision in force, or as entered."""
    decided = classification.in_force_for_carrier(alias)
    if decided is not None:
        if level and level != decided.level:
            raise Refused(
                _("The decision in force gives this carrier another level. Change the decision first."), field="level"
            )
        return _facts_of(decided)
    today = clock.date_of(at)
    if not level:
        raise Refused(_("Give the level, or have it decided under this alias first."), field="level")
    is_said(basis, "basis").demand()
    if approver_id is None:
        raise Refused(_("Name who approved the level."), field="approver")
    if expires_on is None and not until_condition:
        raise Refused(_("Say until when the level lasts."), field="expires_on")
    begins = starts_on or today
    if begins > today:
        raise Refused(_("That day is still to come."), field="starts_on")
    cap = queries.cap_years(level, today)
    # A condition too ends with the cap, should it never come about.
    expires_on = expires_on or rules.years_after(begins, cap)
    rules.within_cap(level, begins, expires_on, cap).demand()
    return {
        "level": level,
        "basis": basis.strip(),
        "approver_id": approver_id,
        "starts_on": begins,
        "expires_on": expires_on,
        "until_condition": until_condition,
    }


def _facts_of(decided: Classification) -> dict[str, Any]:
    return {
        "classification_id": decided.pk,
        "level": decided.level,
        "basis": decided.basis_text[:200],
        "approver_id": decided.decided_person_id,
        "starts_on": decided.starts_on,
        "expires_on": decided.until,
        "until_condition": decided.condition[:120],
    }


def _number_copies(
    carrier: Carrier,
    numbers: range,
    origin: CarrierCopy | None,
    holder: Actor | CopyRequest,
    post_id: int | None,
    place: str,
    at: dt.datetime,
) -> None:
    person_id = holder.person_id if isinstance(holder, Actor) else holder.asked_person_id
    if person_id is None or post_id is None:
        raise Refused(_("Choose the post you act in first."))
    CarrierCopy.objects.bulk_create(
        CarrierCopy(
            carrier=carrier, number=number, copied_from=origin, holder_id=person_id, holder_post_id=post_id,
            place=place.strip(), since=at,
        )
        for number in numbers
    )  # fmt: skip


@service
def take_over_decision(*, decided: Classification, by: Actor, at: dt.datetime) -> int:
    """Carry a change, extension or end of the level over to the carriers it is about; returns how many."""
    changed = 0
    for carrier in Carrier.objects.select_for_update().filter(alias=decided.alias):
        facts = _facts_of(decided)
        for name, value in facts.items():
            setattr(carrier, name, value)
        carrier.save(update_fields=[*facts])
        journal.write(
            by=by, at=at, act="carrier.corrected", on=carrier,
            data={"level": carrier.level, "until": carrier.expires_on, "decision": decided.pk},
        )  # fmt: skip
        changed += 1
    return changed


@service
def follow_decision(*, classification: Classification, act: str, by: Actor, at: dt.datetime) -> None:
    """What classification tells when a decision takes effect (`classification.terms.listen`)."""
    if classification.alias and act != "DECLASSIFIED":
        take_over_decision(decided=classification, by=by, at=at)


@service
def place_copy(*, copy_id: int, place: str, by: Actor, at: dt.datetime) -> CarrierCopy:
    """Say where a copy is kept from now on."""
    copy = queries.locked(copy_id)
    rules.may_place(by, copy).demand()
    rules.is_here(copy).demand()
    is_said(place, "place").demand()
    before, copy.place = copy.place, place.strip()
    copy.save(update_fields=["place"])
    journal.write(
        by=by, at=at, act="carrier.placed", on=copy.carrier,
        data={"copy": copy.number, "before": before, "place": copy.place},
    )  # fmt: skip
    return copy


@service
def ask_copies(*, copy_id: int, count: int, reason: str, place: str, by: Actor, at: dt.datetime) -> CopyRequest:
    """Ask for further copies of a copy one holds. Nothing is copied before it is approved."""
    copy = queries.locked(copy_id)
    rules.may_ask_copies(by, copy, count).demand()
    is_said(reason, "reason").demand()
    is_said(place, "place").demand()
    if CopyRequest.objects.filter(copy=copy, state=AskState.ASKED).exists():
        raise Refused(_("A request for copies of it waits for a decision already."))
    person_id, post_id = person_in_post(by)
    asked = CopyRequest.objects.create(
        copy=copy, count=count, reason=reason.strip(), place=place.strip(), asked_person_id=person_id,
        asked_post_id=post_id, asked_at=at,
    )  # fmt: skip
    journal.write(
        by=by, at=at, act="carrier.copying_asked", on=copy.carrier,
        data={"copy": copy.number, "count": count, "reason": reason.strip()},
    )  # fmt: skip
    return asked


@service
def decide_copies(*, request_id: int, approve: bool, answer: str = "", by: Actor, at: dt.datetime) -> CopyRequest:
    """Approve, and number the further copies, which count as originals; or refuse and say why."""
    asked = (
        CopyRequest.objects.select_for_update(of=("self",))
        .select_related("copy__carrier")
        .filter(pk=request_id)
        .first()
    )
    if asked is None:
        raise queries.NoSuchCarrier(_("There is no such request."))
    rules.may_decide_copies(by, asked).demand()
    carrier = Carrier.objects.select_for_update().get(pk=asked.copy.carrier_id)
    asked.state = AskState.APPROVED if approve else AskState.REFUSED
    asked.decided_person_id, asked.decided_at, asked.answer = by.person_id, at, answer.strip()
    if not approve:
        is_said(answer, "answer").demand()
    asked.save(update_fields=["state", "decided_person", "decided_at", "answer"])
    if not approve:
        journal.write(
            by=by, at=at, act="carrier.copying_refused", on=carrier,
            data={"copy": asked.copy.number, "reason": asked.answer},
        )  # fmt: skip
        return asked
    last = CarrierCopy.objects.filter(carrier=carrier).aggregate(last=Max("number"))["last"] or 0
    numbers = range(last + 1, last + 1 + asked.count)
    _number_copies(carrier, numbers, asked.copy, asked, asked.asked_post_id, asked.place, at)
    journal.write(
        by=by, at=at, act="carrier.copied", on=carrier,
        data={"copy": asked.copy.number, "numbers": [numbers[0], numbers[-1]], "reason": asked.reason},
    )  # fmt: skip
    return asked


@service
def let_read(*, carrier: Carrier, post_id: int, by: Actor, at: dt.datetime) -> None:
    """Let a holder's post read the carrier's history."""
    add_reader(guard_id=carrier.guard_id, post_id=post_id, how="holder", by=by, at=at)
