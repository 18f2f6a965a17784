"""Verbs about a whole matter: open, amend, circulate, close, reopen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.guards import services as guards
from chancery.kernel.procedures.deadlines.models import ExtensionRequest, Pause
from chancery.kernel.procedures.deadlines.queries import due_by_rule, key_for, timer_due
from chancery.kernel.procedures.deadlines.terms import RequestState
from chancery.kernel.procedures.definitions import queries as definitions
from chancery.kernel.procedures.definitions.services import in_force
from chancery.kernel.procedures.engine.machine import CannotReturn, Machine
from chancery.kernel.procedures.matters import rules
from chancery.kernel.procedures.matters.models import Matter, Opinion, Standing, Task
from chancery.kernel.procedures.matters.terms import ClosedHow, MatterState, OpinionKind, TaskState, Urgency
from chancery.kernel.procedures.moving import queries as moving
from chancery.kernel.procedures.moving.services import Ending, clean_datum, keep_data, settle
from chancery.kernel.procedures.notices.services import tell, tell_post
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.procedures.tasks.rules import reason_given
from chancery.kernel.procedures.tasks.services import hand_on
from chancery.kernel.records.archive.placing.queries import demand_none
from chancery.kernel.records.numbers.services import issue_number


@service
def open_matter(
    *,
    procedure: str,
    title: str,
    unit_id: int,
    label: int = Clearance.INTERNAL,
    urgency: str = Urgency.NORMAL,
    subject: str = "",
    guard_id: int | None = None,
    number: str | None = None,
    due_on: dt.date | None = None,
    is_provisional: bool = False,
    data: Mapping[str, Any] | None = None,
    act_token: str = "",
    by: Actor,
    at: dt.datetime,
) -> Matter:
    """Open a matter and ask its first step. `number`: one the function issued itself; else one is issued."""
    of = definitions.binding_of(procedure)
    rules.may_open(by, of, title=title, unit_id=unit_id, label=label, urgency=urgency).demand()
    if act_token:
        known = Matter.objects.filter(act_token=act_token, opened_person_id=by.person_id).first()
        if known is not None:
            return known
    definition_id, definition_hash = in_force(procedure, at=at)
    today = clock.date_of(at)
    unit_of_days, provisional = "WD", is_provisional
    if due_on is None and of.limit_key:
        deadline = due_by_rule(key_for(of.limit_key, urgency), today)
        due_on, provisional = deadline.due_on, deadline.provisional
    if guard_id is None:
        guard_id = guards.open_guard(unit_id=unit_id, label=label, scope=procedure, by=by, at=at).pk
    matter = Matter(
        title=title.strip(),
        procedure=procedure,
        definition_id=definition_id,
        unit_id=unit_id,
        label=label,
        urgency=urgency,
        subject=subject,
        guard_id=guard_id,
        due_on=due_on,
        due_unit=unit_of_days,
        is_provisional=provisional,
        opened_at=at,
        opened_person_id=by.person_id,
        opened_post_id=by.post_id,
        opened_body_id=by.body_id,
        version=0,
        act_token=act_token,
    )
    lists = _clean(of.data, data or {})
    # The number last: others who want one wait from here until we commit.
    matter.number = (
        number or issue_number(series=of.number_series, year=today.year, guard_id=guard_id, by=by, at=at).text
    )
    matter.save(force_insert=True)
    hand = moving.Hand(matter, "", definition_hash, set(), set(), {}, [], {})
    Standing.objects.create(matter=matter, guard_id=guard_id, body="")
    machine = Machine.start(hand.plan, lists=lists, now=at, due_after=timer_due(hand, at))
    matter.data = machine.lists  # type: ignore[attr-defined]  # an extra for bindings, not a column
    settled = settle(hand, machine, [], ending=None, by=by, at=at)
    journal.write(
        by=by,
        at=at,
        act="matter.opened",
        on=matter,
        data={"number": matter.number, "procedure": procedure, "subject": subject, "urgency": urgency},
    )
    hand_on(hand, settled, by=by, at=at)
    return matter


def _clean(kinds: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
    for name in data:
        if name not in kinds:
            raise Refused(_("The procedure declares no data called “%(name)s”.") % {"name": name})
    return {name: clean_datum(name, kinds[name], value) for name, value in data.items()}


@service
def set_data(*, matter_id: int, data: Mapping[str, Any], by: Actor, at: dt.datetime) -> None:
    """Change the matter's declared data; for functions, from their own services."""
    hand = moving.take_matter(matter_id, by=by)
    rules.is_open(hand.matter).demand()
    machine = hand.machine(at)
    keep_data(hand, machine, data)
    Standing.objects.filter(pk=matter_id).update(body=machine.dump())
    journal.write(by=by, at=at, act="matter.data_set", on=hand.matter, data={"data": dict(machine.lists)})


@service
def amend_matter(
    *,
    matter_id: int,
    title: str | None = None,
    urgency: str | None = None,
    due_on: dt.date | None = None,
    is_provisional: bool | None = None,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Correct title, urgency or last day of an open matter; open steps that take the matter's last day follow it."""
    hand = moving.take_matter(matter_id, by=by)
    matter = hand.matter
    rules.is_open(matter).demand()
    changes: dict[str, Any] = {}
    if title is not None and title.strip() and title.strip() != matter.title:
        changes["title"] = title.strip()[:300]
    if urgency is not None and urgency in Urgency.values and urgency != matter.urgency:
        changes["urgency"] = urgency
    if due_on is not None and due_on != matter.due_on:
        changes["due_on"] = due_on
    if is_provisional is not None and is_provisional != matter.is_provisional:
        changes["is_provisional"] = is_provisional
    if not changes:
        return
    before = {name: getattr(matter, name) for name in changes}
    Matter.objects.filter(pk=matter_id).update(**changes, version=matter.version + 1)
    own = [code for code, step in hand.binding.steps.items() if step.limit_key == "matter"]
    tasks = Task.objects.filter(matter_id=matter_id, done_at=None)
    if "due_on" in changes:
        tasks.filter(step__in=own).update(due_on=due_on, is_late=False)
    if "is_provisional" in changes:
        tasks.filter(step__in=own).update(is_provisional=is_provisional)
    if "urgency" in changes:
        tasks.update(urgency=urgency)
    journal.write(by=by, at=at, act="matter.amended", on=matter, data={"before": before, "after": changes})


@service
def circulate(*, matter_id: int, post_ids: Iterable[int], note: str = "", by: Actor, at: dt.datetime) -> int:
    """Send the matter to posts for reading, beside its procedure; how many were asked that had not been before."""
    hand = moving.take_matter(matter_id, by=by)
    matter = hand.matter
    posts = list(dict.fromkeys(int(post) for post in post_ids))
    rules.may_steer(by, matter, is_holder=_holds(matter, hand)).demand()
    if hand.binding.may_circulate is not None:
        matter.data = moving.data_of(hand)  # type: ignore[attr-defined]  # as above
        hand.binding.may_circulate(matter=matter, post_ids=posts, by=by).demand()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with asked as (
                select distinct p.id as post_id from unnest(%(posts)s::bigint[]) wanted
                join directory_post p on p.id = wanted
                where not exists (select 1 from procedures_task t where t.matter_id = %(matter)s and t.post_id = p.id
                                  and t.to_read and t.state <> 'CANCELLED')
            ), readers as (
                insert into access_guardreader (guard_id, post_id, how, since)
                select %(guard)s, post_id, 'circulated', %(at)s from asked on conflict do nothing
            )
            insert into procedures_task (matter_id, guard_id, step, role, post_id, asked_post_id, state, to_read,
                procedure, urgency, asked_at, due_unit, is_provisional, is_late, outcome, version, act_token)
            select %(matter)s, %(guard)s, '', '', post_id, post_id, 'READY', true, %(procedure)s, %(urgency)s, %(at)s,
                'WD', false, false, '', 1, ''
            from asked returning id
            """,
            {
                "posts": posts,
                "matter": matter.pk,
                "guard": matter.guard_id,
                "procedure": matter.procedure,
                "urgency": matter.urgency,
                "at": at,
            },
        )
        new = [row[0] for row in cursor.fetchall()]
    if new:
        tell(matter, new, kind=NoticeKind.CIRCULATED, at=at, note=note.strip())
        journal.write(by=by, at=at, act="matter.circulated", on=matter, data={"posts": posts, "note": note.strip()})
    return len(new)


@service
def end_circulation(*, guard_id: int, post_ids: Iterable[int], reason: str, by: Actor, at: dt.datetime) -> int:
    """Withdraw what posts were sent to read and have not read; how many. For functions, when a reader may not read any
    more: the matter goes on as if they had been passed over."""
    waiting = Task.objects.filter(
        guard_id=guard_id, to_read=True, done_at=None, asked_post_id__in=list(post_ids)
    ).order_by("matter_id", "id")  # fmt: skip
    ids = list(waiting.values_list("id", flat=True))
    for task_id in ids:
        hand = moving.take_task(task_id, by=by)
        if hand.held.key is None:
            Task.objects.filter(pk=task_id).update(state=TaskState.CANCELLED, done_at=at, version=hand.held.version + 1)
        else:
            machine = hand.machine(at)
            before = machine.positions()
            machine.complete(hand.held.key, next(iter(hand.step.outcomes), "") if hand.step else "")
            settled = settle(hand, machine, before, ending=Ending(TaskState.CANCELLED), by=by, at=at)
            hand_on(hand, settled, by=by, at=at)
        journal.write(by=by, at=at, act="task.withdrawn", on=hand.matter, data={"task": task_id, "reason": reason})
    return len(ids)


@service
def close(*, matter_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """End a matter before its procedure has run out; what waits is withdrawn."""
    hand = moving.take_matter(matter_id, by=by)
    matter = hand.matter
    rules.is_open(matter).demand()
    rules.may_end(by, matter).demand()
    reason_given(reason).demand()
    if hand.binding.hindrances is not None:
        demand_none(hand.binding.hindrances(matter=matter, by=by, at=at))
    # What was only sent for reading may still be read.
    Task.objects.filter(matter_id=matter_id, done_at=None, key__isnull=False).update(
        state=TaskState.CANCELLED, done_at=at
    )
    Pause.objects.filter(matter_id=matter_id, ended_at=None).update(ended_at=at, moved_days=0)
    ExtensionRequest.objects.filter(matter_id=matter_id, state=RequestState.ASKED).update(state=RequestState.LAPSED)
    Matter.objects.filter(pk=matter_id).update(
        state=MatterState.CLOSED, closed_how=ClosedHow.HAND, closed_at=at, version=matter.version + 1
    )
    Standing.objects.filter(pk=matter_id).update(timer_at=None)
    _say(matter, OpinionKind.CLOSE, reason, by=by, at=at)
    tell_post(matter, matter.opened_post_id, kind=NoticeKind.CLOSED, at=at, note=reason.strip())
    journal.write(by=by, at=at, act="matter.closed", on=matter)
    if hand.binding.after_close is not None:
        matter.state, matter.closed_how, matter.closed_at = MatterState.CLOSED, ClosedHow.HAND, at
        hand.binding.after_close(matter=matter, by=by, at=at)


@service
def reopen(*, matter_id: int, step: str = "", reason: str, by: Actor, at: dt.datetime) -> None:
    """Take a closed matter up again: one that ran out at `step`, one closed by hand where it stood."""
    hand = moving.take_matter(matter_id, by=by)
    matter = hand.matter
    rules.is_closed(matter).demand()
    rules.may_end(by, matter).demand()
    reason_given(reason).demand()
    machine = hand.machine(at)
    if machine.is_complete:
        try:
            machine.reopen(step)
        except CannotReturn:
            raise Refused(_("The matter cannot be reopened at that step."), field="step") from None
    settled = settle(hand, machine, [], ending=None, by=by, at=at, reopened=True)
    if hand.binding.went_back is not None:
        for position in machine.positions():
            hand.binding.went_back(matter=matter, step=position.step, by=by, at=at)
    _say(matter, OpinionKind.REOPEN, reason, by=by, at=at)
    journal.write(by=by, at=at, act="matter.reopened", on=matter, data={"step": step})
    hand_on(hand, settled, by=by, at=at, kind=NoticeKind.ASKED)


def _say(matter: Matter, kind: OpinionKind, text: str, *, by: Actor, at: dt.datetime) -> None:
    Opinion.objects.create(
        matter=matter,
        guard_id=matter.guard_id,
        kind=kind,
        text=text.strip(),
        given_at=at,
        person_id=by.person_id,
        post_id=by.post_id,
        body_id=by.body_id,
        deputising_for_id=by.deputising_for,
    )


def _holds(matter: Matter, hand: moving.Hand) -> bool:
    """Whether one of the actor's posts has a step of the matter in hand or had one."""
    return Task.objects.filter(matter=matter, post_id__in=list(hand.my_posts), to_read=False).exists()
