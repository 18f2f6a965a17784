"""Reporting breaches and closing them with a result."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.breaches import queries, rules
from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.breaches.terms import SERIES, State, What
from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.carriers import rules as carrier_rules
from chancery.departments.general_office.confidential_work.rules import is_said, person_in_post
from chancery.departments.general_office.confidential_work.services import open_desk_guard
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.records import services as records


class NoSuchBreach(Refused):
    """The breach does not exist, or may not be seen."""


@service
def report_breach(
    *,
    what: str,
    account: str,
    found_at: dt.datetime,
    alias: str = "",
    copy_id: int | None = None,
    measures: str = "",
    by: Actor,
    at: dt.datetime,
) -> Breach:
    """Report that something was lost or leaked. The clock of the report to the authority runs from the finding."""
    rules.may_report(by).demand()
    is_said(account, "account").demand()
    rules.is_past(found_at, at).demand()
    alias = " ".join(alias.split())
    if copy_id is not None:
        copy = carriers.copy(copy_id)
        if copy is None:
            raise NoSuchBreach(_("There is no such copy."), field="alias")
        alias = copy.carrier.alias
    elif alias:
        carrier_rules.is_neutral(alias).demand()
    guard_id = open_desk_guard(posts=[by.post_id] if by.post_id else [], by=by, at=at)
    today = clock.date_of(at)
    number = records.issue_number(
        series=SERIES, year=today.year, guard_id=guard_id, subject="general_office.breach", by=by, at=at
    )
    reporter_id, reporter_post_id = person_in_post(by)
    breach = Breach.objects.create(
        guard_id=guard_id, number=number.text, copy_id=copy_id, alias=alias, what=What(what).value,
        account=account.strip(), found_at=found_at, reporter_id=reporter_id, reporter_post_id=reporter_post_id,
        entered_at=at, due_at=queries.due_at(found_at, today), measures=measures.strip(),
    )  # fmt: skip
    _write("breach.found", breach, by, at, what=breach.what, due_at=breach.due_at)
    return breach


@service
def note_measures(*, breach_id: int, measures: str, by: Actor, at: dt.datetime) -> Breach:
    """Add what was done about it; what stands there stays."""
    breach = _lock(breach_id)
    rules.may_note(by, breach).demand()
    is_said(measures, "measures").demand()
    breach.measures = "\n".join(filter(None, (breach.measures, f"{clock.date_of(at).isoformat()} {measures.strip()}")))
    breach.save(update_fields=["measures"])
    _write("breach.measures", breach, by, at, reason=measures.strip())
    return breach


@service
def tell_authority(*, breach_id: int, reported_to: str, by: Actor, at: dt.datetime) -> Breach:
    """Note that the authority was told, and which."""
    breach = _lock(breach_id)
    rules.may_tell_authority(by, breach).demand()
    is_said(reported_to, "reported_to").demand()
    breach.state, breach.reported_at, breach.reported_to = State.REPORTED, at, reported_to.strip()
    breach.reported_person_id = by.person_id
    breach.save(update_fields=["state", "reported_at", "reported_to", "reported_person"])
    _write("breach.reported", breach, by, at, to=breach.reported_to, late=at > breach.due_at)
    return breach


@service
def close_breach(*, breach_id: int, result: str, by: Actor, at: dt.datetime) -> Breach:
    """Close a reported breach with its result."""
    breach = _lock(breach_id)
    rules.may_close(by, breach).demand()
    is_said(result, "result").demand()
    breach.state, breach.result, breach.closed_at, breach.closed_person_id = (
        State.CLOSED,
        result.strip(),
        at,
        by.person_id,
    )
    breach.save(update_fields=["state", "result", "closed_at", "closed_person"])
    _write("breach.closed", breach, by, at, reason=breach.result)
    return breach


@service
def chase_overdue(*, by: Actor, at: dt.datetime) -> int:
    """Write down, once a day, each breach whose report is overdue; the desks of officer and authority show them."""
    day = clock.date_of(at)
    chased = 0
    for row in queries.overdue(at):
        breach = _lock(row["id"])
        if breach.chased_at is not None and clock.date_of(breach.chased_at) == day:
            continue
        breach.chased_at = at
        breach.save(update_fields=["chased_at"])
        _write("breach.chased", breach, by, at, due_at=breach.due_at)
        chased += 1
    return chased


def _lock(breach_id: int) -> Breach:
    found = Breach.objects.select_for_update(of=("self",)).filter(pk=breach_id).first()
    if found is None:
        raise NoSuchBreach(_("There is no such breach."))
    return found


def _write(act: str, on: Breach, by: Actor, at: dt.datetime, **data: object) -> None:
    journal.write(by=by, at=at, act=act, on=on, data={"number": on.number, **data})
