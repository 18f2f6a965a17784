"""What makes a drawing acceptable, together with its binding. Every refusal names file and element."""

from __future__ import annotations

import re
from collections.abc import Collection

from chancery.kernel.procedures.bindings import ProcedureBinding
from chancery.kernel.procedures.engine.conditions import BadCondition, Declared, compile_condition
from chancery.kernel.procedures.engine.diagram import Diagram, Node, reachable

DURATION = re.compile(r"P(?=.)(\d+W|(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)\Z")
RULE = re.compile(r"(limit|rule:[a-z_]+(\.([a-z_]+|\{urgency\}))+)\Z")


def declared_steps(binding: ProcedureBinding, diagram: Diagram) -> dict[str, Declared]:
    """The names a condition may use."""
    return {
        code: Declared(frozenset(step.outcomes), bool(diagram.nodes[code].many))
        for code, step in binding.steps.items()
        if code in diagram.nodes
    }


def judge(diagram: Diagram, binding: ProcedureBinding, roles: Collection[str]) -> None:
    """Collect everything wrong with a drawing and its binding into `diagram.problems`."""
    if diagram.tree is None or not diagram.process:
        return
    _judge_nodes(diagram, roles)
    _judge_flows(diagram, binding)
    _judge_binding(diagram, binding)
    come_to = set(reachable(diagram))
    for node in diagram.nodes.values():
        if node.id not in come_to:
            diagram.blame(node.id, "cannot be reached from the start")
    if not any(node.kind == "end" for node in diagram.nodes.values()):
        diagram.blame(diagram.process, "has no end")


def _judge_nodes(diagram: Diagram, roles: Collection[str]) -> None:
    starts = [node for node in diagram.nodes.values() if node.kind == "start"]
    if len(starts) != 1:
        diagram.blame(diagram.process, f"one start event is expected, {len(starts)} found")
    for lane, role in diagram.lanes.items():
        if role and role not in roles:
            diagram.blame(lane, f"no role is called {role!r}")
    for node in diagram.nodes.values():
        out = diagram.leaving(node.id)
        if _needs_names(node, len(out)):
            if not node.name_en:
                diagram.blame(node.id, 'has no English name (name="English / 中文")')
            if not node.name_zh:
                diagram.blame(node.id, 'has no Chinese name (name="English / 中文")')
        if node.kind == "step" and not node.role:
            diagram.blame(node.id, "stands in no lane: nobody answers for it")
        if node.kind != "end" and not out:
            diagram.blame(node.id, "leads nowhere")
        if node.kind not in {"choice", "parallel"} and len(out) > 1:
            diagram.blame(node.id, "two arrows leave it: draw a gateway")
        if node.kind == "boundary" and diagram.nodes.get(node.attached_to, node).kind != "step":
            diagram.blame(node.id, "is attached to no step")
        if node.duration and not (DURATION.match(node.duration) or RULE.match(node.duration)):
            diagram.blame(
                node.id,
                f"{node.duration!r} is neither a duration (P3D, PT4H), nor `limit`, nor a rule (rule:key.of.rulebook)",
            )


def _needs_names(node: Node, leaving: int) -> bool:
    return node.kind in {"start", "end", "step", "timer", "boundary"} or (node.kind == "choice" and leaving > 1)


def _judge_flows(diagram: Diagram, binding: ProcedureBinding) -> None:
    steps = declared_steps(binding, diagram)
    for flow in diagram.flows.values():
        for end in (flow.source, flow.target):
            if end not in diagram.nodes:
                diagram.blame(flow.id, f"its end {end!r} does not exist")
    for node in diagram.nodes.values():
        out = diagram.leaving(node.id)
        if node.kind == "choice" and len(out) > 1:
            _judge_choice(diagram, node, steps)
        else:
            for flow in out:
                if flow.condition:
                    diagram.blame(flow.id, "only a choice (exclusive gateway) has conditions")
        if node.until:
            try:
                compile_condition(node.until, steps)
            except BadCondition as error:
                diagram.blame(node.id, f"completion condition: {error}")


def _judge_choice(diagram: Diagram, node: Node, steps: dict[str, Declared]) -> None:
    out = {flow.id: flow for flow in diagram.leaving(node.id)}
    if node.default not in out:
        diagram.blame(node.id, "the choice has no default arrow: a matter could stop here for ever")
    for flow in out.values():
        if flow.id == node.default:
            if flow.condition:
                diagram.blame(flow.id, "the default arrow has no condition")
            continue
        if not flow.condition:
            diagram.blame(flow.id, "the arrow has neither condition nor is it the default")
            continue
        if not (flow.name_en and flow.name_zh):
            diagram.blame(flow.id, 'the arrow has no name in both languages (name="English / 中文")')
        try:
            compile_condition(flow.condition, steps)
        except BadCondition as error:
            diagram.blame(flow.id, f"condition not allowed: {error}")


def _judge_binding(diagram: Diagram, binding: ProcedureBinding) -> None:
    drawn = {node.id: node for node in diagram.nodes.values() if node.kind == "step"}
    for code in drawn.keys() - binding.steps.keys():
        diagram.blame(code, "the step has no binding")
    for code, step in binding.steps.items():
        if code not in drawn:
            diagram.blame(code, "the binding names a step that is not drawn")
            continue
        if not step.outcomes:
            diagram.blame(code, "the step declares no outcome")
        for outcome, names in step.outcomes.items():
            if not all(names):
                diagram.blame(code, f"outcome {outcome!r} has no name in both languages")
        for other in (*step.not_same_as, *(step.may_return_to or ())):
            if other not in drawn:
                diagram.blame(code, f"refers to a step {other!r} that is not drawn")
        for datum in step.data:
            if datum not in binding.data:
                diagram.blame(code, f"uses undeclared data {datum!r}")
        for name, kind in ((step.unit, "unit"), (step.post, "post")):
            if name and binding.data.get(name) != kind:
                diagram.blame(code, f"its place {name!r} is not declared as one {kind}")
        node = drawn[code]
        if node.many and binding.data.get(node.over) not in {"units", "posts"}:
            diagram.blame(code, f"runs over {node.over!r}, which is not declared as a list of units or posts")
    for timer in binding.timers:
        if getattr(diagram.nodes.get(timer), "kind", "") not in {"timer", "boundary"}:
            diagram.blame(timer, "the binding names a timer that is not drawn")
