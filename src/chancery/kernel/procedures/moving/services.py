"""Writing what the engine made of a matter: one statement for task, opinion, matter, state, readers and new tasks.

These are not verbs: verbs call them inside their own transaction, after their rules were asked.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres import statements
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.bindings import Step
from chancery.kernel.procedures.deadlines.queries import OWN, key_for
from chancery.kernel.procedures.engine.machine import Machine, Position
from chancery.kernel.procedures.matters.terms import ClosedHow, MatterState, OpinionKind, TaskState
from chancery.kernel.procedures.moving.queries import Hand

Reader = tuple[int | None, str | None, int | None]


@dataclass(slots=True)
class Ending:
    """How the task in hand ends."""

    state: TaskState
    outcome: str = ""
    opinion: str = ""
    kind: OpinionKind = OpinionKind.OPINION
    token: str = ""
    deputising_for: int | None = None


@dataclass(slots=True)
class Settled:
    """What was written: the new tasks as (id, key, step, post_id, role, unit_id), and whether the matter ended."""

    new: list[tuple[int, int, str, int | None, str, int | None]] = field(default_factory=list)
    ended: bool = False


# The parts of the writing statement; those with nothing to write are left out, for each costs its own row security.
_PARTS = {
    "ended": """
    update procedures_task set state = %(state)s::text, outcome = %(outcome)s::text, done_at = %(at)s::timestamptz,
        read_at = coalesce(read_at, %(at)s::timestamptz), claimed_at = coalesce(claimed_at,
            %(at)s::timestamptz), doer_person_id = %(person)s::bigint,
        doer_post_id = %(post)s::bigint, doer_body_id = %(body)s::bigint, deputising_for_id =
            %(deputising)s::bigint,
        post_id = coalesce(post_id, %(post)s::bigint), act_token = %(token)s::text, version = version + 1
    where id = %(task)s::bigint
""",
    "gone": """
    update procedures_task set state = 'CANCELLED', done_at = %(at)s::timestamptz, version = version + 1
    where matter_id = %(matter)s::bigint and key = any (%(gone)s::int[]) and state in ('READY', 'CLAIMED')
        and id <> %(task)s::bigint
""",
    "undone": """
    update procedures_task set state = 'RECALLED', version = version + 1 where id = %(undone)s::bigint
""",
    "said": """
    insert into procedures_opinion (matter_id, task_id, guard_id, kind, step, outcome, text, given_at, person_id,
        post_id, body_id, deputising_for_id)
    select %(matter)s::bigint, nullif(%(task)s::bigint, 0), %(guard)s::bigint, %(kind)s::text,
    %(step)s::text, %(outcome)s::text, %(opinion)s::text, %(at)s::timestamptz,
        %(person)s::bigint, %(post)s::bigint, %(body)s::bigint, %(deputising)s::bigint
""",
    "moved": """
    update procedures_matter set version = version + 1, state = %(matter_state)s::text, closed_how =
        %(closed_how)s::text,
        closed_at = %(closed_at)s::timestamptz
    where id = %(matter)s::bigint
""",
    "stood": """
    update procedures_standing set body = %(state_body)s::text, timer_at = %(timer_at)s::timestamptz where
        matter_id = %(matter)s::bigint
""",
    "readers": """
    insert into access_guardreader (guard_id, post_id, role, unit_id, how, since)
    select %(guard)s::bigint, r.post_id, r.role, r.unit_id, 'task', %(at)s::timestamptz
    from jsonb_to_recordset(%(readers)s::jsonb) as r (post_id bigint, role text, unit_id bigint)
    on conflict do nothing
""",
}
_NEW = """
insert into procedures_task (matter_id, guard_id, key, step, role, unit_id, post_id, asked_post_id, item, state,
to_read,
    procedure, urgency, asked_at, due_on, due_unit, is_provisional, is_late, outcome, opened_by_task_id,
        version, act_token)
select %(matter)s::bigint, %(guard)s::bigint, n.key, n.step, n.role, n.unit_id, n.post_id, n.post_id, n.item,
'READY', n.to_read,
    %(procedure)s::text, %(urgency)s::text, %(at)s::timestamptz,
    coalesce(n.due_on, due.day), coalesce(p.unit, %(due_unit)s::text),
    case when n.due_on is not null then %(provisional)s::boolean else
        coalesce(calendar_provisional(%(today)s::date, due.day), false) end,
    false, '', nullif(%(task)s::bigint, 0), 1, ''
from jsonb_to_recordset(%(new)s::jsonb) as n (key int, step text, role text, unit_id bigint, post_id bigint,
    item bigint,
    to_read boolean, limit_key text, due_on date)
left join rulebook_provision p on p.key = n.limit_key and n.limit_key <> '' and p.profile = %(profile)s::text
    and p.withdrawn_at is null and p.valid_from <= %(today)s::date and (p.valid_to is null or p.valid_to >=
        %(today)s::date)
cross join lateral (select case when p.unit in ('WD', 'CD')
    then calendar_due(%(today)s::date, p.value::int, p.unit) end offset 0) as due (day)
returning id, key, step, post_id, role, unit_id, due_on
"""


@functools.lru_cache(maxsize=64)
def _statement(parts: tuple[str, ...]) -> str:
    """The writing statement of some parts: prepared once a connection, so kept as one text each."""
    made = ", ".join(f"{name} as ({_PARTS[name]})" for name in parts)
    return f"with {made}\n{_NEW}"


def acting_for(by: Actor, acting_post: int | None) -> tuple[Actor, int | None]:
    """The actor as the journal names them, and the absent post they stand in for, if any."""
    if acting_post is None or acting_post == by.post_id:
        return by, by.deputising_for
    return dataclasses.replace(by, deputising_for=acting_post), acting_post


def settle(
    hand: Hand,
    machine: Machine,
    before: Iterable[Position],
    *,
    ending: Ending | None,
    by: Actor,
    at: dt.datetime,
    undone_task_id: int | None = None,
    reopened: bool = False,
) -> Settled:
    """Write the engine's new position. `before` is where it stood when it was taken up."""
    matter, task = hand.matter, hand.task if ending is not None else None
    body = machine.dump()
    stood = {position.key for position in before}
    positions = machine.positions()
    now_at = {position.key for position in positions}
    rows = [_new_row(hand, machine, position) for position in positions if position.key not in stood]
    ended = machine.is_complete and not positions
    timer = machine.next_timer()
    readers = _readers(hand, rows, by)
    closed_how = ClosedHow.RUN if ended else ClosedHow.NOT_YET
    parameters = {
        "task": task.id if task else 0,
        "state": ending.state if ending else "",
        "outcome": ending.outcome if ending else "",
        "opinion": ending.opinion if ending else "",
        "kind": ending.kind if ending else "",
        "token": ending.token if ending else "",
        "deputising": ending.deputising_for if ending else None,
        "step": task.step if task else "",
        "matter": matter.pk,
        "guard": matter.guard_id,
        "at": at,
        "today": clock.date_of(at),
        "person": by.person_id,
        "post": by.post_id,
        "body": by.body_id,
        "gone": list(stood - now_at),
        "undone": undone_task_id,
        "matter_state": MatterState.CLOSED if ended else (MatterState.OPEN if reopened else matter.state),
        "closed_how": closed_how,
        "closed_at": at if ended else None,
        "state_body": body,
        "timer_at": timer if timer is None or timer.year < 9999 else None,
        "readers": json.dumps(readers),
        "procedure": matter.procedure,
        "urgency": matter.urgency,
        "due_unit": matter.due_unit,
        "provisional": matter.is_provisional,
        "new": json.dumps(rows, default=str),
        "profile": settings.PROFILE,
    }
    wanted = {
        "ended": ending is not None,
        "gone": bool(stood - now_at),
        "undone": undone_task_id is not None,
        "said": bool(ending and (ending.opinion or ending.state == TaskState.DONE)),
        "moved": True,
        "stood": True,
        "readers": bool(readers),
    }
    parts = tuple(name for name, is_wanted in wanted.items() if is_wanted)
    written = statements.run(_statement(parts), parameters)
    _demand_limits(rows, written, at)
    hand.body = body
    matter.version += 1
    if ended:
        matter.state, matter.closed_how, matter.closed_at = MatterState.CLOSED, closed_how, at
    return Settled([row[:6] for row in written], ended)


def _new_row(hand: Hand, machine: Machine, position: Position) -> dict[str, Any]:
    matter, node = hand.matter, machine.plan.node(position.step)
    step = hand.binding.steps.get(position.step) or Step(outcomes={})
    unit: int | None = matter.unit_id
    post: int | None = None
    if node.many and position.item is not None:
        if hand.binding.data.get(node.over) == "posts":
            post = position.item
        else:
            unit = position.item
    else:
        post = machine.lists.get(step.post) if step.post else None
        unit = (machine.lists.get(step.unit) or matter.unit_id) if step.unit else matter.unit_id
    own = step.limit_key == OWN
    return {
        "key": position.key,
        "step": position.step,
        "role": node.role,
        "unit_id": unit,
        "post_id": post,
        "item": position.item,
        "to_read": step.to_read,
        "limit_key": "" if own else key_for(step.limit_key, matter.urgency),
        "due_on": matter.due_on if own else None,
    }


def _readers(hand: Hand, rows: list[dict[str, Any]], by: Actor) -> list[dict[str, Any]]:
    """Who may read from now on and could not before: the new tasks' posts and duties, and whoever acts now."""
    wanted: dict[Reader, None] = {}
    if by.post_id and by.post_id not in hand.reader_posts:
        wanted[by.post_id, None, None] = None
    for row in rows:
        if row["post_id"] is not None:
            if row["post_id"] not in hand.reader_posts:
                wanted[row["post_id"], None, None] = None
        elif f"{row['role']}@{row['unit_id']}" not in hand.reader_duties:
            wanted[None, row["role"], row["unit_id"]] = None
    return [{"post_id": post, "role": role, "unit_id": unit} for post, role, unit in wanted]


def _demand_limits(rows: list[dict[str, Any]], written: list[tuple[Any, ...]], at: dt.datetime) -> None:
    """A limit the rulebook does not hold is an error, never a silent default."""
    limits = {row["key"]: row["limit_key"] for row in rows if row["limit_key"]}
    if not limits:
        return
    for row in written:
        if row[6] is None and row[1] in limits:
            rulebook.period(limits[row[1]], on=clock.date_of(at))
            raise Refused(_("No limit could be reckoned for this step."))


def keep_data(hand: Hand, machine: Machine, data: Mapping[str, Any]) -> None:
    """Store declared matter data into the engine's lists; a wrong kind is refused."""
    for name, value in data.items():
        kind = hand.binding.data.get(name)
        if kind is None:
            raise Refused(_("The procedure declares no data called “%(name)s”.") % {"name": name})
        machine.lists[name] = clean_datum(name, kind, value)


def clean_datum(name: str, kind: str, value: Any) -> Any:
    """One primary key, or a list of them without doubles."""
    if kind in {"unit", "post"}:
        return None if value is None else _key(value)
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise Refused(_("“%(name)s” is a list.") % {"name": name})
    return list(dict.fromkeys(_key(item) for item in value))


def _key(value: Any) -> int:
    return int(getattr(value, "pk", value))
