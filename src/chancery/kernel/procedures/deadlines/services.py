"""Verbs about time."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.procedures.deadlines import rules
from chancery.kernel.procedures.deadlines.models import ExtensionRequest, Pause, Urge
from chancery.kernel.procedures.deadlines.terms import RequestState
from chancery.kernel.procedures.matters import rules as matter_rules
from chancery.kernel.procedures.matters.models import Matter, Standing, Task
from chancery.kernel.procedures.matters.terms import OPEN_TASKS, MatterState
from chancery.kernel.procedures.moving import queries as moving
from chancery.kernel.procedures.moving.services import settle
from chancery.kernel.procedures.notices.services import tell, tell_post
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.procedures.tasks import rules as task_rules
from chancery.kernel.procedures.tasks.services import hand_on


@service
def urge(*, matter_id: int, note: str = "", task_id: int | None = None, by: Actor, at: dt.datetime) -> int:
    """Remind whoever has the open steps (or one of them); how many tasks were urged. Not twice within the interval."""
    hand = moving.take_matter(matter_id, by=by)
    matter = hand.matter
    task_rules.is_running(hand).demand()
    waiting = Task.objects.filter(matter_id=matter_id, state__in=OPEN_TASKS, key__isnull=False)
    if task_id is not None:
        waiting = waiting.filter(pk=task_id)
    ids = list(waiting.values_list("id", flat=True))
    if not ids:
        raise Stale(_("Nothing waits any more."))
    interval = dt.timedelta(hours=float(rulebook.number("procedures.urge.interval", on=clock.date_of(at))))
    latest = (
        Urge.objects.filter(task_id__in=ids, is_automatic=False).order_by("-at").values_list("at", flat=True).first()
    )
    rules.may_urge(urged_before=latest, at=at, interval=interval).demand()
    _urge(matter, ids, note=note, automatic=False, by=by, at=at)
    return len(ids)


def _urge(matter: Matter, ids: list[int], *, note: str, automatic: bool, by: Actor, at: dt.datetime) -> None:
    Urge.objects.bulk_create(
        [
            Urge(
                matter=matter,
                task_id=task_id,
                guard_id=matter.guard_id,
                note=note.strip(),
                at=at,
                is_automatic=automatic,
                person_id=by.person_id,
                post_id=by.post_id,
            )
            for task_id in ids
        ]
    )
    tell(matter, ids, kind=NoticeKind.URGED, at=at, note=note.strip())
    journal.write(by=by, at=at, act="matter.urged", on=matter, data={"tasks": ids, "automatic": automatic})


@service
def pause(*, matter_id: int, reason: str, until: dt.date | None = None, by: Actor, at: dt.datetime) -> None:
    """Stop the clock of a matter."""
    hand = moving.take_matter(matter_id, by=by)
    rules.is_kept_here(hand.binding).demand()
    matter, today = hand.matter, clock.date_of(at)
    longest = rulebook.days("procedures.pause.max_days", on=today)
    rules.may_pause(matter, until=until, today=today, longest=longest).demand()
    matter_rules.may_steer(by, matter).demand()
    task_rules.reason_given(reason).demand()
    Pause.objects.create(
        matter=matter,
        guard_id=matter.guard_id,
        reason=reason.strip(),
        began_at=at,
        until=until or today + dt.timedelta(days=longest),
        person_id=by.person_id,
        post_id=by.post_id,
    )
    Matter.objects.filter(pk=matter_id).update(state=MatterState.PAUSED, version=matter.version + 1)
    journal.write(by=by, at=at, act="matter.paused", on=matter, data={"reason": reason.strip()})


_MOVE = """
update {table} set
    due_on = case when due_unit = 'WD' then calendar_due(due_on, %(working)s, 'WD')
             else calendar_roll(due_on + %(days)s) end
where {key} = %(matter)s and due_on is not null {more}
"""


@service
def resume(*, matter_id: int, by: Actor, at: dt.datetime) -> None:
    """Let the clock run again; every limit moves by the days it stood still."""
    hand = moving.take_matter(matter_id, by=by)
    matter = hand.matter
    if matter.state != MatterState.PAUSED:
        raise Stale(_("The matter is not paused."))
    matter_rules.may_steer(by, matter).demand()
    running = Pause.objects.get(matter_id=matter_id, ended_at=None)
    began, today = clock.date_of(running.began_at), clock.date_of(at)
    with connection.cursor() as cursor:
        cursor.execute("select calendar_working_days(%s::date, %s::date)", [began, today])
        working = int(cursor.fetchone()[0])
        moved = {"working": working, "days": (today - began).days, "matter": matter_id}
        if today > began:
            # Only limits that still ran when the pause began are moved.
            running_then = "and due_on >= %(began)s"
            cursor.execute(
                _MOVE.format(table="procedures_matter", key="id", more=running_then), {**moved, "began": began}
            )
            cursor.execute(
                _MOVE.format(table="procedures_task", key="matter_id", more="and done_at is null " + running_then),
                {**moved, "began": began},
            )
            Task.objects.filter(matter_id=matter_id, done_at=None, due_on__gte=today).update(is_late=False)
            _move_timers(hand, at - running.began_at, at)
    Pause.objects.filter(pk=running.pk).update(ended_at=at, moved_days=(today - began).days)
    Matter.objects.filter(pk=matter_id).update(state=MatterState.OPEN, version=matter.version + 1)
    journal.write(by=by, at=at, act="matter.resumed", on=matter, data={"days": (today - began).days})


def _move_timers(hand: moving.Hand, by_how_much: dt.timedelta, at: dt.datetime) -> None:
    machine = hand.machine(at)
    machine.shift_timers(by_how_much)
    timer = machine.next_timer()
    Standing.objects.filter(pk=hand.matter.pk).update(
        body=machine.dump(), timer_at=timer if timer is None or timer.year < 9999 else None
    )


@service
def ask_extension(*, task_id: int, days: int, reason: str, by: Actor, at: dt.datetime) -> ExtensionRequest:
    """Ask for more working days, before the limit has run out."""
    hand = moving.take_task(task_id, by=by)
    rules.is_kept_here(hand.binding).demand()
    task_rules.may_take(by, hand).demand()
    task_rules.reason_given(reason).demand()
    task, today = hand.held, clock.date_of(at)
    keys = ("procedures.extension.max_days", "procedures.extension.max_count", "procedures.extension.before_expiry")
    held = rulebook.held(keys, on=today)
    requests = ExtensionRequest.objects.filter(task_id=task_id)
    rules.may_ask_for_time(
        due_on=task.due_on,
        today=today,
        days=days,
        most_days=int(held[keys[0]].number),
        granted=requests.filter(state=RequestState.GRANTED).count(),
        most_times=int(held[keys[1]].number),
        before=held[keys[2]].value == "yes",
    ).demand()
    if task.due_on is None:
        raise Refused(_("The step has no limit."))
    if requests.filter(state=RequestState.ASKED).exists():
        raise Refused(_("A request is being decided already."))
    request = ExtensionRequest.objects.create(
        matter=hand.matter,
        task_id=task_id,
        guard_id=hand.matter.guard_id,
        days=days,
        reason=reason.strip(),
        due_before=task.due_on,
        asked_at=at,
        asked_person_id=by.person_id,
        asked_post_id=by.post_id,
    )
    tell_post(hand.matter, hand.matter.opened_post_id, kind=NoticeKind.MORE_TIME_ASKED, at=at, note=reason.strip())
    journal.write(by=by, at=at, act="extension.asked", on=hand.matter, data={"task": task_id, "days": days})
    return request


@service
def decide_extension(*, request_id: int, grant: bool, note: str = "", by: Actor, at: dt.datetime) -> None:
    """Grant or refuse more time. The limit moves from where it stood, and the matter's own with it if need be."""
    found = ExtensionRequest.objects.filter(pk=request_id).values_list("task_id", flat=True).first()
    if found is None:
        raise moving.NotThere(request_id)
    hand = moving.take_task(found, by=by)
    request = ExtensionRequest.objects.select_for_update().get(pk=request_id)
    matter, task = hand.matter, hand.held
    rules.may_decide(by, request, matter).demand()
    if grant:
        task_rules.is_running(hand).demand()
        task_rules.is_open(hand).demand()
    elif not note.strip():
        task_rules.reason_given(note).demand()
    request.state = RequestState.GRANTED if grant else RequestState.REFUSED
    request.decided_at, request.note = at, note.strip()
    request.decided_person_id, request.decided_post_id = by.person_id, by.post_id
    if grant:
        with connection.cursor() as cursor:
            cursor.execute("select calendar_due(%s::date, %s, 'WD')", [task.due_on, request.days])
            request.due_after = cursor.fetchone()[0]
        Task.objects.filter(pk=task.id).update(
            due_on=request.due_after, is_late=request.due_after < clock.date_of(at), version=task.version + 1
        )
        if matter.due_on is not None and matter.due_on < request.due_after:
            Matter.objects.filter(pk=matter.pk).update(due_on=request.due_after, version=matter.version + 1)
    request.save(update_fields=["state", "decided_at", "note", "decided_person", "decided_post", "due_after"])
    tell_post(matter, request.asked_post_id, kind=NoticeKind.MORE_TIME_DECIDED, at=at, note=note.strip())
    journal.write(
        by=by,
        at=at,
        act="extension.granted" if grant else "extension.refused",
        on=matter,
        data={"task": task.id, "days": request.days, "due": request.due_after},
    )


@service
def run_timers(*, matter_id: int, by: Actor, at: dt.datetime) -> list[str]:
    """Let the due timers of one matter fire. Paused and closed matters keep still."""
    hand = moving.take_matter(matter_id, by=by)
    matter = hand.matter
    if matter.state != MatterState.OPEN:
        return []
    machine = hand.machine(at)
    before = machine.positions()
    fired = machine.run_timers()
    settled = settle(hand, machine, before, ending=None, by=by, at=at)
    for ident in fired:
        node = hand.plan.node(ident)
        journal.write(by=by, at=at, act="task.timer_fired", on=matter, data={"timer": ident, "step": node.attached_to})
        handler = hand.binding.timers.get(ident)
        if handler is not None:
            handler(matter=matter, step=node.attached_to or ident, by=by, at=at)
        elif node.attached_to:
            waiting = Task.objects.filter(matter_id=matter_id, step=node.attached_to, done_at=None)
            ids = list(waiting.values_list("id", flat=True))
            if ids:
                _urge(matter, ids, note="", automatic=True, by=by, at=at)
    hand_on(hand, settled, by=by, at=at, kind=NoticeKind.ASKED if settled.new else None)
    return fired


_TO_URGE = """
select t.id, t.matter_id from procedures_task t join procedures_matter m on m.id = t.matter_id
cross join lateral (
    select max(u.at at time zone %(zone)s)::date as urged_on from procedures_urge u
    where u.task_id = t.id and u.is_automatic) u
where t.done_at is null and t.key is not null and t.state = any(%(open)s) and m.state = 'OPEN'
  and t.due_on <= %(soon)s::date and (t.asked_at at time zone %(zone)s)::date < %(today)s::date
  and case when t.due_on >= %(today)s::date
      then u.urged_on is null or calendar_working_days(u.urged_on, t.due_on) > %(first)s
      else t.is_late and %(every)s > 0 and calendar_working_days(
          greatest(calendar_due(t.due_on, 1, 'WD'), u.urged_on), %(today)s::date) >= %(every)s end
order by t.matter_id, t.id limit %(limit)s for update of t skip locked
"""


@service
def urge_by_the_clock(*, by: Actor, at: dt.datetime, limit: int = 200) -> int:
    """Urge what is due soon, once, and what is overdue, again and again, as the rulebook says; how many tasks.

    On working days only. What was asked for today is left alone; so is an overdue task on the day its holder is told
    that it has become so. An interval of 0 turns the urging of overdue tasks off.
    """
    today = clock.date_of(at)
    if not calendar.is_working_day(today):
        return 0
    first = rulebook.days("procedures.urge.first", on=today)
    every = rulebook.days("procedures.urge.overdue", on=today)
    facts: dict[str, Any] = {
        "zone": timezone.get_default_timezone_name(),
        "open": [str(state) for state in OPEN_TASKS],
        "today": today,
        "soon": calendar.due_date(today, first).due_on,
        "first": first,
        "every": every,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TO_URGE, facts)
        found = cursor.fetchall()
    matters = Matter.objects.in_bulk({matter_id for _task, matter_id in found})
    for matter_id, rows in itertools.groupby(found, key=lambda row: row[1]):
        _urge(matters[matter_id], [task for task, _matter in rows], note="", automatic=True, by=by, at=at)
    return len(found)


@service
def mark_overdue(*, by: Actor, at: dt.datetime, limit: int = 500) -> int:
    """Note tasks whose limit has run out, once each, and tell their holders; how many."""
    today = clock.date_of(at)
    late = list(
        Task.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(done_at=None, due_on__lt=today, is_late=False, state__in=OPEN_TASKS, matter__state=MatterState.OPEN)
        .select_related("matter")
        .order_by("due_on")[:limit]
    )
    for task in late:
        Task.objects.filter(pk=task.pk).update(is_late=True)
        tell(task.matter, [task.pk], kind=NoticeKind.OVERDUE, at=at)
        journal.write(by=by, at=at, act="task.overdue", on=task.matter, data={"task": task.pk, "step": task.step})
    lapsed = ExtensionRequest.objects.filter(state=RequestState.ASKED, task__done_at__isnull=False)
    lapsed.update(state=RequestState.LAPSED)
    return len(late)
