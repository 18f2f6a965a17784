"""One running matter: start, complete a step, go back, add a signer, let timers fire; and its compact stored form.

The stored form is one JSON text of a few hundred bytes: the outcomes and lists, then the task tree in pre-order as
`[key, parent key, spec name, state, triggered, internal]`. Keys are small integers that never change; a `Task` row
keeps its key.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task as EngineTask
from SpiffWorkflow.util.task import TaskState

from chancery.kernel.procedures.engine.plan import CHILD, DueAfter, Plan, iso_duration, step_of

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Position:
    """A step that waits for someone. `item` is the unit or post of one signer in a step done by many."""

    key: int
    step: str
    item: int | None = None


class CannotReturn(Exception):
    """The step is not behind us: it was never done, or lies in a branch beside this one."""


class Machine:
    """A running matter on its plan, at an instant."""

    def __init__(self, plan: Plan, workflow: Any, now: dt.datetime, counter: int, due_after: DueAfter | None) -> None:
        self.plan = plan
        self.workflow = workflow
        self._counter = counter
        self._fired_before: set[Any] = set()
        workflow.now = now
        workflow.due_after = due_after or (lambda ident, text: now + iso_duration(text))

    # --- life ---------------------------------------------------------------------------------------------------

    @classmethod
    def start(
        cls, plan: Plan, *, lists: dict[str, Any] | None = None, now: dt.datetime, due_after: DueAfter | None = None
    ) -> Machine:
        """Begin a matter and run to the first waiting steps."""
        workflow = BpmnWorkflow(plan.spec, script_engine=plan.evaluator)
        workflow.data = {"o": {}, "l": dict(lists or {})}
        machine = cls(plan, workflow, now, 0, due_after)
        workflow.do_engine_steps()
        machine._number()
        return machine

    @classmethod
    def restore(cls, plan: Plan, body: str, *, now: dt.datetime, due_after: DueAfter | None = None) -> Machine:
        """Take a matter up where it was left."""
        stored = json.loads(body)
        workflow = BpmnWorkflow(plan.spec, script_engine=plan.evaluator, deserializing=True)
        workflow.data = {"o": stored["o"], "l": stored["l"]}
        workflow.completed = stored["c"]
        machine = cls(plan, workflow, now, stored["n"], due_after)
        specs, tasks, instant = plan.spec.task_specs, workflow.tasks, time.time()
        for key, parent, name, state, triggered, internal in stored["t"]:
            # Built by hand: the constructor announces each child to its parent, five times slower.
            task = EngineTask.__new__(EngineTask)
            task.id, task.workflow, task._parent, task._children = key, workflow, parent, []
            task._state, task.triggered, task.task_spec = state, bool(triggered), specs[name]
            task.thread_id, task.data, task.internal_data = 0, {}, internal or {}
            task.last_state_change = instant
            tasks[key] = task
            if parent is not None:
                tasks[parent]._children.append(key)
            if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
                workflow.event_manager.add_task(task)
        workflow.task_tree = tasks[stored["t"][0][0]]
        machine._fired_before = machine._fired()
        return machine

    def dump(self) -> str:
        """The compact stored form."""
        self._number()
        rows: list[list[Any]] = []
        stack = [self.workflow.task_tree]
        while stack:
            task = stack.pop()
            rows.append(
                [task.id, task._parent, task.task_spec.name, task._state, int(task.triggered), task.internal_data or 0]
            )
            stack.extend(reversed(task.children))
        state = {"v": FORMAT, "n": self._counter, "o": self.outcomes, "l": self.lists, "c": self.is_complete, "t": rows}
        return json.dumps(state, separators=(",", ":"), ensure_ascii=False)

    def _number(self) -> None:
        """Give every new engine task a small integer in place of its UUID."""
        new = [task for task in self.workflow.tasks.values() if not isinstance(task.id, int)]
        if not new:
            return
        renamed: dict[Any, int] = {}
        for task in new:
            self._counter += 1
            renamed[task.id] = self._counter
        tasks = self.workflow.tasks
        for old, key in renamed.items():
            task = tasks.pop(old)
            task.id = key
            tasks[key] = task
        for task in tasks.values():
            task._parent = renamed.get(task._parent, task._parent)
            task._children = [renamed.get(child, child) for child in task._children]
            merged = task.internal_data.get("merged")
            if merged:
                words = {str(old): str(key) for old, key in renamed.items()}
                task.internal_data["merged"] = [words.get(item, item) for item in merged]
        events = self.workflow.event_manager.tasks
        for old in [key for key in events if key in renamed]:
            events[renamed[old]] = events.pop(old)

    # --- questions ----------------------------------------------------------------------------------------------

    @property
    def outcomes(self) -> dict[str, Any]:
        """What each step ended with."""
        return self.workflow.data["o"]  # type: ignore[no-any-return]  # SpiffWorkflow is untyped

    @property
    def lists(self) -> dict[str, Any]:
        """The matter's declared data."""
        return self.workflow.data["l"]  # type: ignore[no-any-return]  # SpiffWorkflow is untyped

    @property
    def is_complete(self) -> bool:
        """Has the drawing's end been reached by every branch?"""
        return bool(self.workflow.completed)

    def positions(self) -> list[Position]:
        """Every step that waits for someone."""
        return [
            Position(task.id, step_of(task.task_spec.name), self._item(task))
            for task in self.workflow.tasks.values()
            if task._state == TaskState.READY and task.task_spec.manual
        ]

    def _item(self, task: Any) -> int | None:
        index = task.internal_data.get("key_or_index")
        if index is None or not task.task_spec.name.endswith(CHILD):
            return None
        items = self.lists.get(self.plan.node(step_of(task.task_spec.name)).over) or []
        return items[index] if index < len(items) else None

    def done(self) -> set[int]:
        """The keys of every step somebody has done, and that still counts."""
        return {task.id for task in self.workflow.tasks.values() if self._is_done(task)}

    @staticmethod
    def _is_done(task: Any) -> bool:
        return bool(task._state == TaskState.COMPLETED and task.task_spec.manual)

    def next_timer(self) -> dt.datetime | None:
        """When the earliest waiting timer is due."""
        dues = [
            task.internal_data["due"]
            for task in self.workflow.event_manager.tasks.values()
            if task._state == TaskState.WAITING and task.internal_data.get("due")
        ]
        return dt.datetime.fromisoformat(min(dues)) if dues else None

    def done_behind(self, key: int) -> list[str]:
        """Steps one may return to from a position, nearest first."""
        here = self.workflow.tasks[key]
        found: list[str] = []
        for step in self.plan.order:
            if step != step_of(here.task_spec.name) and self._target(here, step) is not None:
                found.append(step)
        latest = {step: self._latest(step).id for step in found}
        return sorted(found, key=lambda step: -latest[step])

    def standing(self) -> dict[str, str]:
        """Element id → "done" or "active", for the drawing."""
        marks: dict[str, str] = {}
        for task in self.workflow.tasks.values():
            ident = step_of(task.task_spec.name)
            if ident not in self.plan.diagram.nodes:
                continue
            if task._state in (TaskState.READY, TaskState.STARTED) or (
                task._state == TaskState.WAITING and self.plan.node(ident).kind == "timer"
            ):
                marks[ident] = "active"
            elif task._state == TaskState.COMPLETED:
                marks.setdefault(ident, "done")
        return marks

    # --- moves --------------------------------------------------------------------------------------------------

    def complete(self, key: int, outcome: str) -> None:
        """End a waiting step and run on to the next waiting ones."""
        task = self.workflow.tasks[key]
        name = task.task_spec.name
        if name.endswith(CHILD):
            step = step_of(name)
            if not task.parent.internal_data.get("merged"):
                self.outcomes[step] = []
            self.outcomes[step].append(outcome)
        else:
            step = name
            self.outcomes[name] = outcome
        task.run()
        self.workflow.do_engine_steps()
        if step in self.plan.boundaries:
            self._withdraw(step)

    def return_to(self, key: int, step: str) -> None:
        """Go back from a waiting step to an earlier one; what was done after it is undone. Raises `CannotReturn`."""
        here = self.workflow.tasks[key]
        target = self._target(here, step)
        if target is None:
            raise CannotReturn(step)
        self._reset(here, target)

    def _withdraw(self, step: str) -> None:
        """Take back what timers on a step opened, once the step itself has ended."""
        opened = TaskState.READY | TaskState.STARTED | TaskState.WAITING | TaskState.FUTURE
        withdrawn = False
        for task in [t for t in self.workflow.tasks.values() if t.task_spec.name in self.plan.boundaries[step]]:
            outer = next((c for c in task.parent.children if c.task_spec.name == step), None)
            if outer is None or not outer.has_state(TaskState.FINISHED_MASK):
                continue
            for below in [
                t for t in task if t is not task and t.has_state(opened) and not isinstance(t.task_spec, Join)
            ]:
                if below.id in self.workflow.tasks:  # not yet dropped with the one above it
                    below.cancel()
                    withdrawn = True
        if withdrawn:
            self.workflow.update_waiting_tasks()
            self.workflow.do_engine_steps()

    def recall(self, key: int, outcome: str) -> None:
        """Take a completed step back into the hand of who did it."""
        task = self.workflow.tasks.get(key)
        if task is None or task._state != TaskState.COMPLETED:
            raise CannotReturn(str(key))
        if task.task_spec.name.endswith(CHILD):
            self._recall_signature(task, outcome)
            return
        here = self._furthest_below(task)
        self._reset(here, task)

    def _recall_signature(self, task: Any, outcome: str) -> None:
        """Take one signature back; the others' stand. What was opened since by the last of them is withdrawn."""
        outer, step = task.parent, step_of(task.task_spec.name)
        merged = outer.internal_data.get("merged") or []
        in_a_row = isinstance(outer.task_spec, SequentialMultiInstanceTask)
        if outcome not in (self.outcomes.get(step) or []):
            raise CannotReturn(step)  # a later round has taken its place
        if str(task.id) not in merged or (in_a_row and merged[-1] != str(task.id)):
            raise CannotReturn(step)  # whoever is next in the row has signed
        signed = list(self.outcomes[step])
        if outer._state == TaskState.COMPLETED:
            self._undo_after(outer)
        elif outer._state != TaskState.STARTED:
            raise CannotReturn(step)
        if in_a_row:
            for child in [c for c in outer.children if c.task_spec is task.task_spec and c._state == TaskState.READY]:
                index = child.internal_data["key_or_index"]
                outer.internal_data["remaining"] = [index, *outer.internal_data.get("remaining", [])]
                self.workflow._remove_task(child.id)
        task._set_state(TaskState.READY)
        merged.remove(str(task.id))
        signed.remove(outcome)
        self.outcomes[step] = signed

    def _undo_after(self, outer: Any) -> None:
        """Undo what followed a step done by many, and let it run again with the signatures it has.

        Timers on the step run again to the hours they had. One that has struck strikes again, unless somebody has
        done what it opened.
        """
        base, timers = outer, []
        if isinstance(outer.parent.task_spec, BoundaryEventSplit):
            base = outer.parent
            timers = [task for task in base.children if task is not outer]
        here = self._furthest_below(base)
        gone = []
        if here is not base and not here.is_descendant_of(base):
            gone += self._undo_join(here, base)
        onward = [child for child in outer.children if child.task_spec.name != outer.task_spec.task_spec]
        heeded = [timer for timer in timers if any(self._is_done(task) for task in timer)]
        timers = [timer for timer in timers if timer not in heeded]
        onward += [child for timer in timers for child in timer.children]
        onward += [child for timer in heeded for child in timer.children if isinstance(child.task_spec, Join)]
        gone += [task for child in onward for task in child]
        self._forget(gone)
        for child in onward:
            self.workflow._remove_task(child.id)
        self.workflow.completed = False
        outer._set_state(TaskState.STARTED)
        for timer in timers:
            timer.internal_data.pop("fired", None)
            timer._set_state(TaskState.WAITING)
            self.workflow.event_manager.add_task(timer)
        for task in (outer, *timers):
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()

    def reopen(self, step: str) -> None:
        """Take a finished matter back to a step that was done."""
        end = next((t for t in self.workflow.tasks.values() if t.task_spec.name == "End"), None)
        target = None if end is None else self._target(end, step)
        if target is None:
            raise CannotReturn(step)
        self._reset(end, target)

    def add_item(self, step: str, item: int) -> None:
        """Ask one more unit or post in a running step done by many."""
        node = self.plan.node(step)
        outer = next(
            (t for t in self.workflow.tasks.values() if t.task_spec.name == step and t._state == TaskState.STARTED),
            None,
        )
        if outer is None or not isinstance(outer.task_spec, MultiInstanceTask):
            raise CannotReturn(step)
        items = self.lists.setdefault(node.over, [])
        items.append(item)
        index = len(items) - 1
        if isinstance(outer.task_spec, SequentialMultiInstanceTask):
            outer.internal_data["remaining"] = [*outer.internal_data.get("remaining", []), index]
        else:
            outer.task_spec.create_child(outer, item, index)
        self.workflow.do_engine_steps()

    def shift_timers(self, by_how_much: dt.timedelta) -> None:
        """Move every waiting timer on (after a pause)."""
        for task in self.workflow.event_manager.tasks.values():
            due = task.internal_data.get("due")
            if due and not due.startswith("9999"):
                task.internal_data["due"] = (dt.datetime.fromisoformat(due) + by_how_much).isoformat()

    def run_timers(self) -> list[str]:
        """Let due timers fire and run on. Returns the ids of the timer events that fired now."""
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()
        fired = self._fired() - self._fired_before
        self._fired_before |= fired
        return [self.workflow.tasks[key].task_spec.name for key in sorted(fired, key=str) if key in self.workflow.tasks]

    def _fired(self) -> set[Any]:
        return {task.id for task in self.workflow.tasks.values() if task.internal_data.get("fired")}

    # --- going back ---------------------------------------------------------------------------------------------

    def _latest(self, step: str) -> Any:
        done = [t for t in self.workflow.tasks.values() if t.task_spec.name == step and t._state == TaskState.COMPLETED]
        return max(done, key=lambda task: task.id if isinstance(task.id, int) else 1 << 60) if done else None

    def _target(self, here: Any, step: str) -> Any:
        """The done task of `step` that lies behind `here`, or None."""
        above = here.parent
        while above is not None:
            if above.task_spec.name == step and above._state == TaskState.COMPLETED:
                return above
            above = above.parent
        other = self._latest(step)
        if other is not None and self._join_between(here, other) is not None:
            return other
        return None

    def _join_between(self, here: Any, other: Any) -> Any:
        """The join above `here` in which the branch of `other` was merged."""
        line = set()
        walk = other
        while walk is not None:
            line.add(walk.id)
            walk = walk.parent
        below = {task.task_spec.name for task in other if isinstance(task.task_spec, UnstructuredJoin)}
        join, walk = None, here
        while walk is not None and walk.id not in line:
            # The other branch must have come to the same join, or it lies beside us, not behind.
            if isinstance(walk.task_spec, UnstructuredJoin) and walk.task_spec.name in below:
                join = walk
            walk = walk.parent
        return join

    def _furthest_below(self, task: Any) -> Any:
        """A task whose removal undoes everything that followed `task`, across a join if it ran on from there."""
        for other in self.workflow.tasks.values():
            if other is task or other._state not in (TaskState.READY, TaskState.STARTED, TaskState.WAITING):
                continue
            if not other.is_descendant_of(task) and self._join_between(other, task) is not None:
                return other
        return task

    def _undo_join(self, here: Any, branch: Any) -> list[Any]:
        """Undo what ran on from the join between a branch and `here`, and let the join wait again."""
        join = self._join_between(here, branch)
        gone = list(join)[1:]
        join._drop_children(force=True)
        join._set_state(TaskState.WAITING)
        join.task_spec._predict(join, mask=TaskState.NOT_FINISHED_MASK)
        return gone

    def _forget(self, gone: list[Any]) -> None:
        """Steps that were done or under way lose their outcome; one that was only foreseen never had one."""
        for task in gone:
            if task._state in (TaskState.COMPLETED, TaskState.STARTED):
                self.outcomes.pop(step_of(task.task_spec.name), None)
            self.workflow.event_manager.remove_task(task)

    def _reset(self, here: Any, target: Any) -> None:
        gone = [target]
        if here is not None and here is not target and not here.is_descendant_of(target):
            gone += self._undo_join(here, target)
        self.workflow.completed = False
        gone += list(target)[1:]
        split = target.parent is not None and isinstance(target.parent.task_spec, BoundaryEventSplit)
        if split:
            gone += [task for child in target.parent.children for task in child]
        self._forget(gone)
        self.workflow.reset_from_task_id(target.id, {})
        self.workflow.completed = False
        self.workflow.do_engine_steps()
