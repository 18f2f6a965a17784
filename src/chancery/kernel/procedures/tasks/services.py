"""Verbs about one task. Each: lock, ask the rule, move the engine, write, journal, hand on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access import services as access
from chancery.kernel.procedures.deadlines.queries import last_day_to_recall
from chancery.kernel.procedures.engine.machine import CannotReturn
from chancery.kernel.procedures.matters.models import Matter, Opinion, Task
from chancery.kernel.procedures.matters.terms import OPEN_TASKS, OpinionKind, TaskState
from chancery.kernel.procedures.moving import queries as moving
from chancery.kernel.procedures.moving.services import Ending, Settled, acting_for, clean_datum, keep_data, settle
from chancery.kernel.procedures.notices.services import tell
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.procedures.tasks import rules

_LOST = _("The step has lost its binding: the matter must be moved to the current version.")
_CLAIM = """
update procedures_task set state = 'CLAIMED', claimed_at = %s, read_at = coalesce(read_at, %s), doer_person_id = %s,
    doer_post_id = %s, doer_body_id = %s, deputising_for_id = %s, post_id = coalesce(post_id, %s), version = version + 1
where id = %s
"""


@service
def claim(*, task_id: int, by: Actor, at: dt.datetime) -> None:
    """Take a task in hand: it leaves the others' lists. Claiming one's own again changes nothing."""
    hand = moving.take_task(task_id, by=by)
    rules.may_take(by, hand).demand()
    task = hand.held
    if task.state == TaskState.CLAIMED:
        return
    actor, deputising = acting_for(by, hand.acting_post(by))
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [at, at, by.person_id, by.post_id, by.body_id, deputising, by.post_id, task_id])
    _reads(hand, by, at)
    journal.write(by=actor, at=at, act="task.claimed", on=hand.matter, data={"task": task_id, "step": task.step})


@service
def release(*, task_id: int, by: Actor, at: dt.datetime) -> None:
    """Put a task back for whoever answers."""
    hand = moving.take_task(task_id, by=by)
    rules.is_open(hand).demand()
    task = hand.held
    if task.state != TaskState.CLAIMED or task.doer_person_id != by.person_id:
        raise Refused(_("You have not taken it in hand."))
    Task.objects.filter(pk=task_id).update(
        state=TaskState.READY,
        claimed_at=None,
        doer_person=None,
        doer_post=None,
        doer_body=None,
        deputising_for=None,
        post_id=task.asked_post_id,
        version=task.version + 1,
    )
    journal.write(by=by, at=at, act="task.released", on=hand.matter, data={"task": task_id, "step": task.step})


@service
def complete(
    *,
    task_id: int,
    outcome: str,
    opinion: str = "",
    data: Mapping[str, Any] | Callable[[moving.Hand], Mapping[str, Any]] | None = None,
    seen_version: int | None = None,
    act_token: str = "",
    by: Actor,
    at: dt.datetime,
) -> int:
    """End a task with one of its step's outcomes; the matter moves on. Returns the matter's key.

    Sent twice with one token, it acts once. `data` may be asked for once the task is in hand (a page's form needs it to
    be read), so that the page need not look first.
    """
    hand = moving.take_task(task_id, by=by)
    task = hand.held
    if act_token and task.act_token == act_token and task.doer_person_id == by.person_id:
        return hand.matter.pk
    hand.matter.data = moving.data_of(hand)  # type: ignore[attr-defined]  # an extra for bindings, not a column
    given = dict(data(hand) if callable(data) else data or {})
    rules.may_complete(by, hand, outcome=outcome, opinion=opinion, data=given, seen_version=seen_version).demand()
    step = hand.step
    if step is None:
        raise Refused(_LOST)
    machine = hand.machine(at)
    before = machine.positions()
    keep_data(hand, machine, {name: value for name, value in given.items() if name in step.data})
    if task.key is None:
        raise Refused(_("This was sent for reading only."))
    machine.complete(task.key, outcome)
    actor, deputising = acting_for(by, hand.acting_post(by))
    ending = Ending(TaskState.DONE, outcome, opinion.strip(), token=act_token, deputising_for=deputising)
    settled = settle(hand, machine, before, ending=ending, by=by, at=at)
    said: dict[str, Any] = {"task": task_id, "step": task.step, "outcome": outcome}
    if settled.ended:
        said["finished"] = True
    journal.write(by=actor, at=at, act="task.read" if step.to_read else "task.completed", on=hand.matter, data=said)
    hand.matter.data = machine.lists  # type: ignore[attr-defined]  # as above
    if step.after is not None:
        step.after(matter=hand.matter, task=task, outcome=outcome, opinion=opinion.strip(), data=given, by=by, at=at)
    hand_on(hand, settled, by=by, at=at)
    return hand.matter.pk


def hand_on(hand: moving.Hand, settled: Settled, *, by: Actor, at: dt.datetime, kind: NoticeKind | None = None) -> None:
    """Tell those asked next when it cannot wait for their inbox, and let the function know of the end."""
    if kind is None and hand.matter.urgency != "NORMAL":
        kind = NoticeKind.ASKED
    if kind is not None and settled.new:
        tell(hand.matter, [row[0] for row in settled.new], kind=kind, at=at)
    if settled.ended and hand.binding.after_close is not None:
        hand.binding.after_close(matter=hand.matter, by=by, at=at)


@service
def return_to(
    *, task_id: int, step: str, reason: str, seen_version: int | None = None, by: Actor, at: dt.datetime
) -> None:
    """Send the matter back to an earlier step, with the reason. What was done after that step is to be done again."""
    hand = moving.take_task(task_id, by=by)
    rules.is_open(hand).demand()
    rules.is_unchanged(hand, seen_version).demand()
    task = hand.held
    if task.key is None:
        raise Refused(_("This was sent for reading only."))
    machine = hand.machine(at)
    rules.may_return(by, hand, step=step, reason=reason, behind=machine.done_behind(task.key)).demand()
    before = machine.positions()
    machine.return_to(task.key, step)
    actor, deputising = acting_for(by, hand.acting_post(by))
    ending = Ending(TaskState.RETURNED, "", reason.strip(), OpinionKind.RETURN, deputising_for=deputising)
    settled = settle(hand, machine, before, ending=ending, by=by, at=at)
    if hand.binding.went_back is not None:
        hand.binding.went_back(matter=hand.matter, step=step, by=by, at=at)
    journal.write(
        by=actor, at=at, act="task.returned", on=hand.matter, data={"task": task_id, "step": task.step, "to": step}
    )
    hand_on(hand, settled, by=by, at=at, kind=NoticeKind.RETURNED)


@service
def recall(*, task_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Take back a step one did, or one's signature among several, while nobody asked since has read it.

    What has been asked since, by this act or by the last of the other signers, is withdrawn; what others did stands.
    """
    hand = moving.take_task(task_id, by=by)
    rules.may_recall(by, hand, reason=reason).demand()
    task = hand.held
    if task.key is None:
        raise Refused(_("This was sent for reading only."))
    last_day = last_day_to_recall(hand.held.done_at or at)
    rules.in_time_to_recall(last_day=last_day, today=clock.date_of(at)).demand()
    machine = hand.machine(at)
    before, done = machine.positions(), machine.done()
    try:
        machine.recall(task.key, task.outcome)
    except CannotReturn:
        raise Refused(_("This step can no longer be recalled.")) from None
    machine.dump()
    if done - machine.done() - {task.key}:
        raise Refused(_("The matter has moved on: ask for its return instead."))
    left = {position.key for position in before} - {position.key for position in machine.positions()}
    gone = Task.objects.filter(matter_id=task.matter_id, key__in=left, done_at=None)
    if gone.exclude(read_at=None).exists():
        raise Stale(_("It has been read: ask for its return instead."))
    settle(hand, machine, before, ending=None, by=by, at=at, undone_task_id=task_id, reopened=True)
    if hand.binding.went_back is not None:
        hand.binding.went_back(matter=hand.matter, step=task.step, by=by, at=at)
    _say(hand, OpinionKind.RECALL, reason, by=by, at=at)
    # Whoever recalls has it in hand again.
    again = Task.objects.filter(matter_id=task.matter_id, key=task.key, state=TaskState.READY).values_list(
        "id", flat=True
    )
    with connection.cursor() as cursor:
        for new_id in list(again):
            cursor.execute(_CLAIM, [at, at, by.person_id, by.post_id, by.body_id, None, by.post_id, new_id])
    journal.write(by=by, at=at, act="task.recalled", on=hand.matter, data={"task": task_id, "step": task.step})


@service
def delegate(*, task_id: int, post_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Hand a task over to another post."""
    hand = moving.take_task(task_id, by=by)
    rules.may_hand_over(by, hand, reason=reason).demand()
    task = hand.held
    if post_id == (task.post_id or by.post_id):
        raise Refused(_("It is with that post already."), field="post_id")
    if not _is_held(post_id):
        raise Refused(_("Nobody holds that post today."), field="post_id")
    if hand.binding.may_hand_to is not None:
        hand.matter.data = moving.data_of(hand)  # type: ignore[attr-defined]  # an extra for bindings, not a column
        hand.binding.may_hand_to(matter=hand.matter, post_ids=[post_id], by=by).demand()
    _reads(hand, by, at, post_id)
    Task.objects.filter(pk=task_id).update(
        state=TaskState.READY,
        post_id=post_id,
        asked_post_id=post_id,
        claimed_at=None,
        read_at=None,
        doer_person=None,
        doer_post=None,
        doer_body=None,
        deputising_for=None,
        version=task.version + 1,
    )
    _say(hand, OpinionKind.HANDOVER, reason, by=by, at=at)
    tell(hand.matter, [task_id], kind=NoticeKind.HANDED, at=at, note=reason.strip())
    journal.write(
        by=by, at=at, act="task.delegated", on=hand.matter, data={"task": task_id, "step": task.step, "post": post_id}
    )


@service
def readdress(
    *, task_id: int, reason: str, post_id: int | None = None, unit_id: int | None = None, by: Actor, at: dt.datetime
) -> None:
    """Take a task from whoever cannot do it any more and ask a post, or the step's duty in a unit. By the system's
    hand, for functions whose own rules have decided it; the holder is not asked."""
    if not by.is_system:
        raise Refused(_("This is done by the function the matter belongs to."))
    hand = moving.take_task(task_id, by=by)
    rules.is_open(hand).demand()
    task = hand.held
    unit = unit_id or task.unit_id
    Task.objects.filter(pk=task_id).update(
        state=TaskState.READY,
        post_id=post_id,
        asked_post_id=post_id,
        unit_id=unit,
        claimed_at=None,
        read_at=None,
        doer_person=None,
        doer_post=None,
        doer_body=None,
        deputising_for=None,
        version=task.version + 1,
    )
    access.add_reader(
        guard_id=hand.matter.guard_id,
        post_id=post_id,
        role=None if post_id else task.role,
        unit_id=None if post_id else unit,
        how="task",
        by=by,
        at=at,
    )
    _say(hand, OpinionKind.HANDOVER, reason, by=by, at=at)
    tell(hand.matter, [task_id], kind=NoticeKind.HANDED, at=at, note=reason.strip())
    journal.write(
        by=by,
        at=at,
        act="task.readdressed",
        on=hand.matter,
        data={"task": task_id, "step": task.step, "post": post_id, "unit": unit},
    )


@service
def add_signer(*, task_id: int, item: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Ask one more unit or post in a running step done by many; whoever is asked there may."""
    hand = moving.take_task(task_id, by=by)
    rules.may_hand_over(by, hand, reason=reason).demand()
    task = hand.held
    if task.key is None:
        raise Refused(_("This was sent for reading only."))
    node = hand.plan.node(task.step)
    if not node.many:
        raise Refused(_("This step is done by one alone."))
    machine = hand.machine(at)
    wanted = clean_datum(node.over, "units", [item])[0]
    if wanted in (machine.lists.get(node.over) or []):
        raise Refused(_("They are asked already."), field="item")
    if hand.binding.may_circulate is not None and hand.binding.data.get(node.over) == "posts":
        hand.matter.data = machine.lists  # type: ignore[attr-defined]  # an extra for bindings, not a column
        hand.binding.may_circulate(matter=hand.matter, post_ids=[wanted], by=by).demand()
    before = machine.positions()
    try:
        machine.add_item(task.step, wanted)
    except CannotReturn:
        raise Stale(_("The step has ended meanwhile.")) from None
    settled = settle(hand, machine, before, ending=None, by=by, at=at)
    _say(hand, OpinionKind.HANDOVER, reason, by=by, at=at)
    journal.write(
        by=by, at=at, act="signer.added", on=hand.matter, data={"task": task_id, "step": task.step, "item": wanted}
    )
    hand_on(hand, settled, by=by, at=at, kind=NoticeKind.ASKED)


@service
def mark_read(*, task_id: int, by: Actor, at: dt.datetime) -> None:
    """Note that the addressee has seen the task; what was sent for reading is thereby done."""
    hand = moving.take_task(task_id, by=by)
    task = hand.held
    if task.state not in OPEN_TASKS or hand.acting_post(by) is None:
        return
    actor, deputising = acting_for(by, hand.acting_post(by))
    if task.to_read and task.key is not None:
        complete(task_id=task_id, outcome=next(iter(hand.step.outcomes), "") if hand.step else "", by=by, at=at)
        return
    seen = {"read_at": at, "version": task.version + 1} if task.to_read else {"read_at": at}
    if task.to_read:
        Task.objects.filter(pk=task_id).update(
            **seen,
            state=TaskState.DONE,
            done_at=at,
            outcome="READ",
            doer_person_id=by.person_id,
            doer_post_id=by.post_id,
            doer_body_id=by.body_id,
            deputising_for_id=deputising,
        )
    elif task.read_at is None:
        Task.objects.filter(pk=task_id, read_at=None).update(**seen)
    else:
        return
    journal.write(by=actor, at=at, act="task.read", on=hand.matter, data={"task": task_id, "step": task.step})


def _is_held(post_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select 1 from directory_holding where post_id = %s and during @> chancery_today())",
            [post_id],
        )
        return bool(cursor.fetchone()[0])


def _reads(hand: moving.Hand, by: Actor, at: dt.datetime, *more: int) -> None:
    posts = [post for post in (by.post_id, *more) if post and post not in hand.reader_posts]
    if posts:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into access_guardreader (guard_id, post_id, how, since)"
                " select %s, unnest(%s::bigint[]), 'task', %s on conflict do nothing",
                [hand.matter.guard_id, posts, at],
            )


def _say(hand: moving.Hand, kind: OpinionKind, text: str, *, by: Actor, at: dt.datetime) -> None:
    matter: Matter = hand.matter
    Opinion.objects.create(
        matter=matter,
        task_id=hand.task.id if hand.task else None,
        guard_id=matter.guard_id,
        kind=kind,
        step=hand.task.step if hand.task else "",
        text=text.strip(),
        given_at=at,
        person_id=by.person_id,
        post_id=by.post_id,
        body_id=by.body_id,
        deputising_for_id=by.deputising_for,
    )


say = _say
