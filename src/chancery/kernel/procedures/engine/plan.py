"""A plan: an accepted drawing made runnable. Built once per definition hash and shared by all threads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask

from chancery.kernel.procedures.bindings import ProcedureBinding
from chancery.kernel.procedures.engine import rules
from chancery.kernel.procedures.engine.conditions import Test, compile_condition
from chancery.kernel.procedures.engine.diagram import BrokenDiagram, Diagram, Node, Problem, reachable, read

CHILD = " [child]"
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\Z")


class Evaluator(PythonScriptEngine):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Replaces SpiffWorkflow's Python evaluation: looks a compiled test up by its text. Scripts do not exist."""

    def __init__(self, tests: Mapping[str, Test]) -> None:
        super().__init__()
        self.tests = tests

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        """The truth of a condition for the matter `task` belongs to."""
        test = self.tests.get(expression.strip())
        if test is None:
            raise WorkflowTaskException(f"undeclared condition {expression!r}", task=task)
        return test(task.workflow.data["o"])

    def execute(self, task: Any, script: str, external_context: Any = None) -> None:
        """Always refused."""
        raise WorkflowTaskException("scripts are refused", task=task)

    def call_service(self, task: Any, **kwargs: Any) -> None:
        """Always refused."""
        raise WorkflowTaskException("service tasks are refused", task=task)


class MatterList:
    """The list a multi-instance step runs over, read from the matter's declared data."""

    def __init__(self, name: str) -> None:
        self.bpmn_id = self.name = name

    def exists(self, task: Any) -> bool:
        """A list never set counts as empty."""
        return True

    def get(self, task: Any) -> list[int]:
        """The items."""
        return list(task.workflow.data["l"].get(self.name) or [])


class HouseTimer(TimerEventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A timer on the injected clock. `workflow.now` and `workflow.due_after` are set by the machine."""

    def has_fired(self, my_task: Any) -> bool:
        """True once the matter's clock has passed the due time fixed when the timer was first reached."""
        due = my_task.internal_data.get("due")
        if due is None:
            due = my_task.workflow.due_after(self.name, self.expression).isoformat()
            my_task.internal_data["due"] = due
        if not my_task.internal_data.get("fired") and dt.datetime.fromisoformat(due) <= my_task.workflow.now:
            my_task.internal_data["fired"] = True
        return bool(my_task.internal_data.get("fired"))

    def reset(self, my_task: Any) -> None:
        """Nothing to rewind: a timer counts from when it is reached."""


def iso_duration(text: str) -> dt.timedelta:
    """`P3D`, `P1W`, `PT4H` → timedelta."""
    match = _ISO.match(text)
    if not match:
        raise ValueError(text)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


@dataclass(slots=True)
class Plan:
    """A runnable drawing. `order` is the reading order of its steps."""

    code: str
    diagram: Diagram
    spec: Any
    evaluator: Evaluator
    order: list[str]
    boundaries: dict[str, list[str]] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """SHA-256 of the file."""
        return self.diagram.hash

    def node(self, ident: str) -> Node:
        """A drawn node."""
        return self.diagram.nodes[ident]


def step_of(spec_name: str) -> str:
    """The drawn step behind one of SpiffWorkflow's task specs."""
    return spec_name.removesuffix(CHILD)


def build(source: bytes, file: str, binding: ProcedureBinding, roles: Collection[str], *, strict: bool = True) -> Plan:
    """Read, judge and make runnable. Raises `BrokenDiagram` with every problem.

    `strict=False` is for a stored older version: the drawing must still be sound, but steps may have lost a binding.
    """
    diagram = read(source, file)
    if strict:
        rules.judge(diagram, binding, roles)
    if diagram.problems:
        raise BrokenDiagram(diagram.problems)
    steps = rules.declared_steps(binding, diagram)
    tests: dict[str, Test] = {}
    for text in (*(f.condition for f in diagram.flows.values()), *(n.until for n in diagram.nodes.values())):
        if text:
            tests[text] = compile_condition(text, steps)
    spec = _spec(diagram)
    order = [ident for ident in reachable(diagram) if diagram.nodes[ident].kind == "step"]
    plan = Plan(binding.code, diagram, spec, Evaluator(tests), order)
    for node in diagram.nodes.values():
        if node.kind == "boundary":
            plan.boundaries.setdefault(node.attached_to, []).append(node.id)
    return plan


def _spec(diagram: Diagram) -> Any:
    parser = BpmnParser()
    try:
        parser.add_bpmn_io(BytesIO(diagram.source), diagram.file)
        spec = parser.get_spec(diagram.process)
    except ValidationException as error:
        raise BrokenDiagram([Problem(diagram.file, getattr(error, "id", "") or "", str(error))]) from error
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, MultiInstanceTask):
            task_spec.data_input = MatterList(diagram.nodes[task_spec.name].over)
            task_spec.input_item = task_spec.output_item = task_spec.data_output = None
            if task_spec.condition:
                task_spec.condition = task_spec.condition.strip()
            # SpiffWorkflow connects this on first use; a restored matter would otherwise never merge its signers.
            child = spec.task_specs[task_spec.task_spec]
            child.completed_event.connect(task_spec.merge_child)
        event = getattr(task_spec, "event_definition", None)
        if isinstance(event, TimerEventDefinition):
            task_spec.event_definition = HouseTimer(task_spec.name, diagram.nodes[task_spec.name].duration)
    return spec


DueAfter = Callable[[str, str], dt.datetime]  # (timer's id, its duration as drawn) → instant
