"""Reporting breaches and closing them with a result."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.breaches import queries, rules
from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.breaches.terms import (
    PROCEDURE,
    SERIES,
    State,
    StepOutcome,
    What,
)
from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.carriers import rules as carrier_rules
from chancery.departments.general_office.confidential_work.carriers.terms import AUTHORITY, OFFICER
from chancery.departments.general_office.confidential_work.rules import is_said, person_in_post
from chancery.departments.general_office.confidential_work.services import open_desk_guard
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.roles.queries import answering_posts
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.matters.terms import Urgency
from chancery.kernel.procedures.notices.terms import NoticeKind
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
    closer = _closer(breach, by)
    procedures.open_matter(
        procedure=PROCEDURE,
        title=_("Breach report %(number)s") % {"number": breach.number},
        unit_id=breach.guard.unit_id,
        urgency=Urgency.EXTRA_URGENT,
        subject=queries.subject_of(breach.pk),
        guard_id=guard_id,
        due_on=clock.date_of(breach.due_at),
        data={"closer": closer} if closer else {},
        by=by,
        at=at,
    )
    return breach


def _closer(breach: Breach, by: Actor) -> int | None:
    """The officer's post, where the authority found it: who found it does not close it. None: the authority."""
    unit_id = breach.guard.unit_id
    if by.post_id not in answering_posts(AUTHORITY, unit_id):
        return None
    return next((post for post in answering_posts(OFFICER, unit_id) if post != by.post_id), None)


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
    """Note that the authority was told, and which: ends the officer's step."""
    breach = _lock(breach_id)
    rules.may_tell_authority(by, breach).demand()
    is_said(reported_to, "reported_to").demand()
    return _complete(breach, "report", StepOutcome.REPORTED, {"reported_to": reported_to}, "", by, at)


@service
def note_reported(*, breach_id: int, reported_to: str, by: Actor, at: dt.datetime) -> Breach:
    """What the officer's step does; called by the procedure when it ends."""
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
    """Close a reported breach with its result: ends the authority's step."""
    breach = _lock(breach_id)
    rules.may_close(by, breach).demand()
    is_said(result, "result").demand()
    return _complete(breach, "close", StepOutcome.CLOSE, {"result": result}, "", by, at)


@service
def note_closed(*, breach_id: int, result: str, by: Actor, at: dt.datetime) -> Breach:
    """What closing does; called by the procedure when its step ends."""
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
def ask_more(*, breach_id: int, note: str, by: Actor, at: dt.datetime) -> Breach:
    """The authority is not content: the officer is asked for more measures."""
    breach = _lock(breach_id)
    rules.may_close(by, breach).demand()
    is_said(note, "opinion").demand()
    return _complete(breach, "close", StepOutcome.MORE, {}, note, by, at)


@service
def remedy(*, breach_id: int, measures: str, by: Actor, at: dt.datetime) -> Breach:
    """The measures that were asked for: ends the officer's step."""
    breach = _lock(breach_id)
    rules.may_note(by, breach).demand()
    is_said(measures, "measures").demand()
    return _complete(breach, "remedy", StepOutcome.DONE, {"measures": measures}, "", by, at)


def _complete(
    breach: Breach, step: str, outcome: StepOutcome, data: dict[str, str], note: str, by: Actor, at: dt.datetime
) -> Breach:
    waiting = queries.task_of(breach.pk, by)
    if waiting is None or waiting[1] != step:
        raise Refused(_("This step is not yours, or it was done already."))
    procedures.complete(task_id=waiting[0], outcome=outcome.value, opinion=note, data=data, by=by, at=at)
    breach.refresh_from_db()
    return breach


@service
def chase_overdue(*, by: Actor, at: dt.datetime) -> int:
    """Chase, once a day, each breach whose report is overdue: officer and authority are told that hour."""
    day = clock.date_of(at)
    chased = 0
    for row in queries.overdue(at):
        breach = _lock(row["id"])
        if breach.chased_at is not None and clock.date_of(breach.chased_at) == day:
            continue
        breach.chased_at = at
        breach.save(update_fields=["chased_at"])
        _write("breach.chased", breach, by, at, due_at=breach.due_at)
        if (matter_id := queries.matter_id(breach.pk)) is not None:
            unit_id = breach.guard.unit_id
            procedures.tell_posts(
                matter_id=matter_id,
                post_ids=[*answering_posts(OFFICER, unit_id), *answering_posts(AUTHORITY, unit_id)],
                kind=NoticeKind.OVERDUE,
                note=_("To be reported by %(time)s") % {"time": queries.time_words(breach.due_at)},
                by=by,
                at=at,
            )
        chased += 1
    return chased


def _lock(breach_id: int) -> Breach:
    found = Breach.objects.select_for_update(of=("self",)).filter(pk=breach_id).first()
    if found is None:
        raise NoSuchBreach(_("There is no such breach."))
    return found


def _write(act: str, on: Breach, by: Actor, at: dt.datetime, **data: object) -> None:
    journal.write(by=by, at=at, act=act, on=on, data={"number": on.number, **data})
