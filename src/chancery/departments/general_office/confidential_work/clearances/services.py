"""Proposing, granting, reviewing, ending clearances; journeys abroad."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work import queries as desk
from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.clearances import rules
from chancery.departments.general_office.confidential_work.clearances.models import ExitRequest, PersonClearance
from chancery.departments.general_office.confidential_work.clearances.terms import COOLING, ExitState, Kind, State
from chancery.departments.general_office.confidential_work.rules import is_said, person_in_post
from chancery.departments.general_office.confidential_work.services import open_desk_guard
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access.rules import not_own_act


class NoSuchClearance(Refused):
    """The clearance does not exist, or may not be seen."""


@service
def propose_clearance(
    *, person_id: int, kind: str, basis: str, trained_on: dt.date | None, by: Actor, at: dt.datetime
) -> PersonClearance:
    """Propose that a person be cleared."""
    rules.may_propose(by).demand()
    not_own_act(by, person_id).demand()
    is_said(basis, "basis").demand()
    rules.is_trained(trained_on, clock.date_of(at)).demand()
    post_id = desk.post_of(person_id)
    try:
        with transaction.atomic():
            made = PersonClearance.objects.create(
                guard_id=open_desk_guard(posts=[post_id] if post_id else [], by=by, at=at), person_id=person_id,
                kind=Kind(kind).value, basis=basis.strip(), proposed_person_id=person_in_post(by)[0], proposed_at=at,
                trained_on=trained_on,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("A clearance of this person waits for a decision already."), field="person") from error
    _write("clearance.proposed", made, by, at, kind=made.kind, basis=made.basis)
    return made


@service
def decide_clearance(
    *, clearance_id: int, approve: bool, answer: str = "", by: Actor, at: dt.datetime
) -> PersonClearance:
    """Grant it, in place of any that stands, with the next review day; or refuse and say why."""
    found = _lock(clearance_id)
    rules.may_decide(by, found).demand()
    today = clock.date_of(at)
    found.decided_person_id, found.decided_at, found.answer = by.person_id, at, answer.strip()
    if not approve:
        is_said(answer, "answer").demand()
        found.state = State.REFUSED
    else:
        _replace(found.person_id, today, by, at)
        months = int(rulebook.number("clearance.review", on=today))
        found.state, found.review_on = State.STANDING, rules.months_after(today, months)
    found.save(update_fields=["state", "decided_person", "decided_at", "answer", "review_on"])
    act = "clearance.granted" if approve else "clearance.refused"
    _write(act, found, by, at, kind=found.kind, reason=found.answer, review_on=found.review_on)
    return found


def _replace(person_id: int, today: dt.date, by: Actor, at: dt.datetime) -> None:
    """A new kind takes the place of the old one; there is no cooling-off while one stays cleared."""
    for old in PersonClearance.objects.select_for_update(of=("self",)).filter(
        person_id=person_id, state=State.STANDING
    ):
        old.state, old.ended_on = State.ENDED, today
        old.save(update_fields=["state", "ended_on"])
        _write("clearance.ended", old, by, at, kind=old.kind)


@service
def note_training(*, clearance_id: int, on: dt.date, by: Actor, at: dt.datetime) -> PersonClearance:
    """Note when the person was trained."""
    found = _lock(clearance_id)
    rules.may_keep(by, found).demand()
    rules.is_trained(on, clock.date_of(at)).demand()
    found.trained_on = on
    found.save(update_fields=["trained_on"])
    _write("clearance.trained", found, by, at, day=on)
    return found


@service
def review_clearance(*, clearance_id: int, note: str, by: Actor, at: dt.datetime) -> PersonClearance:
    """Note the outcome of a review, and when the next one is."""
    found = _lock(clearance_id)
    rules.may_keep(by, found).demand()
    is_said(note, "note").demand()
    today = clock.date_of(at)
    found.review_on = rules.months_after(today, int(rulebook.number("clearance.review", on=today)))
    found.save(update_fields=["review_on"])
    _write("clearance.reviewed", found, by, at, reason=note.strip(), review_on=found.review_on)
    return found


@service
def end_clearance(*, clearance_id: int, reason: str, by: Actor, at: dt.datetime) -> PersonClearance:
    """End a clearance: cooling-off begins. Refused while the person still holds carriers."""
    found = _lock(clearance_id)
    rules.may_keep(by, found).demand()
    is_said(reason, "reason").demand()
    if out := carriers.copies_out_with(found.person_id):
        raise Refused(
            _("This person still holds %(carriers)s. Have them handed back first.") % {"carriers": "; ".join(out)}
        )
    today = clock.date_of(at)
    found.state, found.ended_on = State.ENDED, today
    found.cooling_until = cooling_of(found.kind, today)
    found.save(update_fields=["state", "ended_on", "cooling_until"])
    _write("clearance.ended", found, by, at, reason=reason.strip(), cooling_until=found.cooling_until)
    return found


def cooling_of(kind: str, day: dt.date) -> dt.date:
    """The last day of the cooling-off period that begins on a day."""
    return rules.months_after(day, int(rulebook.number(COOLING[Kind(kind)], on=day)))


@service
def ask_exit(
    *,
    clearance_id: int,
    where_to: str,
    purpose: str,
    leaves_on: dt.date,
    returns_on: dt.date,
    by: Actor,
    at: dt.datetime,
) -> ExitRequest:
    """A cleared person asks leave to travel abroad."""
    found = _lock(clearance_id)
    rules.may_ask_exit(by, found).demand()
    is_said(where_to, "where_to").demand()
    is_said(purpose, "purpose").demand()
    rules.is_to_come(leaves_on, returns_on, clock.date_of(at)).demand()
    asked = ExitRequest.objects.create(
        clearance=found, where_to=where_to.strip(), purpose=purpose.strip(), leaves_on=leaves_on, returns_on=returns_on,
        asked_at=at,
    )  # fmt: skip
    _write("clearance.exit_asked", found, by, at, where_to=asked.where_to, leaves_on=leaves_on, returns_on=returns_on)
    return asked


@service
def decide_exit(*, exit_id: int, approve: bool, by: Actor, at: dt.datetime) -> ExitRequest:
    """Approve or refuse a journey."""
    asked = ExitRequest.objects.select_for_update(of=("self",)).select_related("clearance").filter(pk=exit_id).first()
    if asked is None:
        raise NoSuchClearance(_("There is no such request."))
    rules.may_decide_exit(by, asked).demand()
    asked.state = ExitState.APPROVED if approve else ExitState.REFUSED
    asked.decided_person_id, asked.decided_at = by.person_id, at
    asked.save(update_fields=["state", "decided_person", "decided_at"])
    _write("clearance.exit_decided", asked.clearance, by, at, where_to=asked.where_to, state=asked.state)
    return asked


def _lock(clearance_id: int) -> PersonClearance:
    found = PersonClearance.objects.select_for_update(of=("self",)).filter(pk=clearance_id).first()
    if found is None:
        raise NoSuchClearance(_("There is no such clearance."))
    return found


def _write(act: str, on: PersonClearance, by: Actor, at: dt.datetime, **data: object) -> None:
    journal.write(by=by, at=at, act=act, on=on, data={"person": on.person_id, **data})
