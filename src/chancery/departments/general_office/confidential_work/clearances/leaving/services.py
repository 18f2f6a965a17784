"""Clearing leavers."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work import queries as desk
from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.clearances import queries as clearances
from chancery.departments.general_office.confidential_work.clearances.leaving import queries, rules
from chancery.departments.general_office.confidential_work.clearances.leaving.models import Leaving
from chancery.departments.general_office.confidential_work.clearances.models import PersonClearance
from chancery.departments.general_office.confidential_work.clearances.services import NoSuchClearance, cooling_of
from chancery.departments.general_office.confidential_work.clearances.terms import LeavingState, State
from chancery.departments.general_office.confidential_work.rules import is_said
from chancery.departments.general_office.confidential_work.services import open_desk_guard
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Verdict, yes


@service
def open_leaving(*, person_id: int, last_day: dt.date, reason: str, by: Actor, at: dt.datetime) -> Leaving:
    """Open the clearing list of somebody who goes."""
    rules.may_open(by).demand()
    is_said(reason, "reason").demand()
    return _open(person_id, last_day, reason.strip(), by, at)


def _open(person_id: int, last_day: dt.date, reason: str, by: Actor, at: dt.datetime) -> Leaving:
    post_id = desk.post_of(person_id)
    try:
        with transaction.atomic():
            made = Leaving.objects.create(
                guard_id=open_desk_guard(posts=[post_id] if post_id else [], by=by, at=at), person_id=person_id,
                last_day=last_day, reason=reason, opened_at=at, opened_person_id=by.person_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("A clearing list of this person is open already."), field="person") from error
    out = queries.outstanding(made)
    journal.write(
        by=by, at=at, act="leaving.opened", on=made,
        data={"person": person_id, "last_day": last_day, "reason": reason, "out": out.carriers + out.loans},
    )  # fmt: skip
    return made


@service
def note_handing_on(*, leaving_id: int, handed_to_id: int, note: str, by: Actor, at: dt.datetime) -> Leaving:
    """Note to whom the person's matters went."""
    found = _lock(leaving_id)
    rules.may_keep(by, found).demand()
    is_said(note, "handed_note").demand()
    if handed_to_id == found.person_id:
        raise Refused(_("Matters are handed on to somebody else."), field="handed_to")
    found.handed_to_id, found.handed_note = handed_to_id, note.strip()
    found.save(update_fields=["handed_to", "handed_note"])
    journal.write(by=by, at=at, act="leaving.noted", on=found, data={"to": handed_to_id, "reason": found.handed_note})
    return found


@service
def clear_leaver(*, leaving_id: int, by: Actor, at: dt.datetime) -> Leaving:
    """Clear somebody with nothing out: their clearance ends, cooling-off begins with the last day."""
    found = _lock(leaving_id)
    rules.may_keep(by, found).demand()
    # Their clearance is held before anything is counted: who hands them a copy now waits, and is refused then.
    list(PersonClearance.objects.select_for_update(of=("self",)).filter(person_id=found.person_id).order_by("pk"))
    out = queries.outstanding(found)
    rules.has_nothing_out(out.carriers, out.loans, is_handed_on=out.is_handed_on).demand()
    today = clock.date_of(at)
    kind = clearances.standing(found.person_id, today)
    for one in PersonClearance.objects.select_for_update(of=("self",)).filter(
        person_id=found.person_id, state=State.STANDING
    ):
        one.state, one.ended_on = State.ENDED, today
        one.cooling_until = cooling_of(one.kind, max(today, found.last_day))
        one.save(update_fields=["state", "ended_on", "cooling_until"])
        found.cooling_until = one.cooling_until
        journal.write(
            by=by, at=at, act="clearance.ended", on=one,
            data={"person": found.person_id, "kind": kind, "cooling_until": one.cooling_until},
        )  # fmt: skip
    found.state, found.cleared_at, found.cleared_person_id = LeavingState.CLEARED, at, by.person_id
    found.save(update_fields=["state", "cleared_at", "cleared_person", "cooling_until"])
    journal.write(by=by, at=at, act="leaving.cleared", on=found, data={"cooling_until": found.cooling_until})
    return found


@service
def withdraw_leaving(*, leaving_id: int, reason: str, by: Actor, at: dt.datetime) -> Leaving:
    """The person stays after all."""
    found = _lock(leaving_id)
    rules.may_keep(by, found).demand()
    is_said(reason, "reason").demand()
    found.state = LeavingState.WITHDRAWN
    found.save(update_fields=["state"])
    journal.write(by=by, at=at, act="leaving.withdrawn", on=found, data={"reason": reason.strip()})
    return found


@service
def check_last_post(*, person_id: int, by: Actor, at: dt.datetime) -> Verdict:
    """What the directory asks before somebody's last post ends (`holdings.rules.register_leaving_check`)."""
    return rules.may_lose_last_post(carriers.copies_out_with(person_id))


@service
def note_closed_account(*, person_id: int, by: Actor, at: dt.datetime) -> Verdict:
    """A closed account is a measure of safety and never refused; who still holds carriers gets a clearing list."""
    if carriers.copies_out_with(person_id):
        open_for_closed_account(person_id=person_id, by=SYSTEM, at=at)
    return yes()


@service
def open_for_closed_account(*, person_id: int, by: Actor, at: dt.datetime) -> Leaving | None:
    """The clearing list that a closed account leads to, unless one is open."""
    if not by.is_system or queries.open_of(person_id) is not None:
        return None
    return _open(person_id, clock.date_of(at), str(_("The account was closed.")), by, at)


def _lock(leaving_id: int) -> Leaving:
    found = Leaving.objects.select_for_update(of=("self",)).filter(pk=leaving_id).first()
    if found is None:
        raise NoSuchClearance(_("There is no such clearing list."))
    return found
