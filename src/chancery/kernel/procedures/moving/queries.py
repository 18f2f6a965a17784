"""Everything a verb needs to know, read under lock in one round trip."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from chancery.foundations.actor import Actor
from chancery.foundations.postgres import statements
from chancery.kernel.access.roles.queries import acting_post_for
from chancery.kernel.procedures.bindings import ProcedureBinding, Step
from chancery.kernel.procedures.deadlines.queries import timer_due
from chancery.kernel.procedures.definitions.queries import binding_of, plan_of
from chancery.kernel.procedures.engine.machine import Machine
from chancery.kernel.procedures.engine.plan import Plan
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.terms import Held


class NotThere(ObjectDoesNotExist):
    """No such matter or task, or not yours to see: the two look alike."""


_MATTER_FIELDS = [field.attname for field in Matter._meta.concrete_fields]
_TASK_FIELDS = list(Held.__slots__)
# The matter is locked first, by its own CTE, so that two verbs on different tasks of one matter queue up instead of
# deadlocking; `for update of s, t` then re-reads both as they are after the wait.
_SELECT = """
with m as materialized (
    select {matter} from procedures_matter where id = {which} for update
)
select {m_columns}, s.body, d.hash, g.reader_posts, g.reader_duties,
    (select jsonb_agg(jsonb_build_array(p.post_id, p.scope)) from access_my_posts() p),
    array(select r.subject from access_recusal r
          where r.person_id = %(person)s::bigint and r.lifted_at is null
            and r.subject in (m.subject, 'procedures.matter:' || m.id)),
    (select jsonb_agg(distinct jsonb_build_array(x.step, x.doer_person_id))
     from procedures_task x where x.matter_id = m.id and x.state = 'DONE' and x.doer_person_id is not null)
    {task_part}
from m
join procedures_standing s on s.matter_id = m.id
join procedures_definition d on d.id = m.definition_id
join access_guard g on g.id = m.guard_id
{task_join}
for update of s{lock_task}
"""
_COLUMNS = ", ".join(_MATTER_FIELDS)
_M_COLUMNS = ", ".join(f"m.{name}" for name in _MATTER_FIELDS)
_TASK_PART = (
    ", "
    + ", ".join(f"t.{name}" for name in _TASK_FIELDS)
    + ", array(select access_answering_posts(t.role, t.unit_id, m.procedure))"
)
_BY_TASK = _SELECT.format(
    matter=_COLUMNS,
    m_columns=_M_COLUMNS,
    which="(select matter_id from procedures_task where id = %(id)s::bigint)",
    task_part=_TASK_PART,
    task_join="join procedures_task t on t.matter_id = m.id and t.id = %(id)s::bigint",
    lock_task=", t",
)
_BY_MATTER = _SELECT.format(
    matter=_COLUMNS, m_columns=_M_COLUMNS, which="%(id)s::bigint", task_part="", task_join="", lock_task=""
)
_LOOK = _BY_TASK.replace("for update of s, t", "").replace("for update", "")
_LOOK_AT_MANY = (
    _SELECT.format(
        matter=_COLUMNS,
        m_columns=_M_COLUMNS,
        which="%(id)s::bigint",
        task_part=_TASK_PART,
        task_join="join procedures_task t on t.matter_id = m.id and t.id = any (%(tasks)s::bigint[])",
        lock_task="",
    )
    .replace("for update of s", "")
    .replace("for update", "")
)


@dataclass(slots=True)
class Hand:
    """A matter in hand, locked; with a task, if a verb is about one."""

    matter: Matter
    body: str
    hash: str
    reader_posts: set[int]
    reader_duties: set[str]
    my_posts: dict[int, list[str] | None]
    recused_from: list[str]
    doers: dict[str, set[int]]
    task: Held | None = None
    answering: set[int] = field(default_factory=set)

    @property
    def held(self) -> Held:
        """The task in hand, where the verb is about one."""
        if self.task is None:
            raise LookupError("this verb is about a matter, not a task")
        return self.task

    @property
    def binding(self) -> ProcedureBinding:
        """The function's binding."""
        return binding_of(self.matter.procedure)

    @property
    def plan(self) -> Plan:
        """The drawing the matter runs on."""
        return plan_of(self.matter.procedure, self.hash, self.matter.definition_id)

    @property
    def step(self) -> Step | None:
        """The binding of the task's step; None for a circulated matter or a step that lost its binding."""
        return self.binding.steps.get(self.task.step) if self.task else None

    def machine(self, at: dt.datetime) -> Machine:
        """The engine, taken up where it was left."""
        return Machine.restore(self.plan, self.body, now=at, due_after=timer_due(self, at))

    def acting_post(self, by: Actor) -> int | None:
        """Through which post the task is the actor's: their hat, or one they stand in for; None if not theirs."""
        task = self.task
        if task is None:
            return None
        if task.post_id is not None:
            scope = self.my_posts.get(task.post_id, [])
            return task.post_id if scope is None or self.matter.procedure in scope else None
        if by.post_id not in self.answering or by.post_id not in self.my_posts:
            return None
        if len(self.my_posts) == 1:
            return by.post_id
        # Who stands in for others may answer in another's name: find out in whose.
        return acting_post_for(by, role=task.role, unit_id=task.unit_id, scope=self.matter.procedure)


def take_task(task_id: int, *, by: Actor) -> Hand:
    """Lock a task and its matter. Raises `NotThere`."""
    return _take(_BY_TASK, task_id, by, with_task=True)


def look_at_task(task_id: int, *, by: Actor) -> Hand:
    """A task as it stands, without lock: for pages that show what one may do. Raises `NotThere`."""
    return _take(_LOOK, task_id, by, with_task=True)


def look_at_tasks(matter_id: int, task_ids: Iterable[int], *, by: Actor) -> dict[int, Hand]:
    """`look_at_task` for several of a matter at once, by their ids."""
    wanted = list(task_ids)
    if not wanted:
        return {}
    rows = statements.run(_LOOK_AT_MANY, {"id": matter_id, "tasks": wanted, "person": by.person_id or 0})
    hands = [_hand(row, with_task=True) for row in rows]
    return {hand.held.id: hand for hand in hands}


def take_matter(matter_id: int, *, by: Actor) -> Hand:
    """Lock a matter. Raises `NotThere`."""
    return _take(_BY_MATTER, matter_id, by, with_task=False)


def _take(sql: str, ident: int, by: Actor, *, with_task: bool) -> Hand:
    rows = statements.run(sql, {"id": ident, "person": by.person_id or 0})
    if not rows:
        raise NotThere(ident)
    return _hand(rows[0], with_task=with_task)


def _hand(row: tuple[Any, ...], *, with_task: bool) -> Hand:
    cut = len(_MATTER_FIELDS)
    matter = Matter.from_db("default", _MATTER_FIELDS, row[:cut])
    body, definition_hash, posts, duties, mine, recused, doers = row[cut : cut + 7]
    hand = Hand(
        matter=matter,
        body=body,
        hash=definition_hash,
        reader_posts=set(posts),
        reader_duties=set(duties),
        my_posts=_posts(mine),
        recused_from=recused,
        doers=_doers(doers),
    )
    if with_task:
        rest = row[cut + 7 :]
        hand.task = Held(*rest[:-1])
        hand.answering = set(rest[-1])
    return hand


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _posts(value: Any) -> dict[int, list[str] | None]:
    mine: dict[int, list[str] | None] = {}
    for post, scope in _loaded(value) or ():
        # A post both held and stood in for counts whole.
        mine[post] = None if scope is None or mine.get(post, []) is None else [*(mine.get(post) or []), *scope]
    return mine


def _doers(value: Any) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for step, person in _loaded(value) or ():
        found.setdefault(step, set()).add(person)
    return found


def data_of(hand: Hand) -> dict[str, Any]:
    """The matter's declared data."""
    stored: dict[str, Any] = json.loads(hand.body)["l"]
    return stored
