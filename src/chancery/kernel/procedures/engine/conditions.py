"""Gateway conditions: a tiny language over the steps' declared outcomes, and nothing else.

    first_check == "PASS"
    first_check in ("PASS", "PASS_URGENT") and not ("OBJECT" in countersign)

A name is a step; a step done once has one outcome, a step done by many (multi-instance) has a tuple of outcomes.
Anything outside the grammar is refused when the file is read, so evaluation cannot fail or reach anything.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LONGEST = 400

Outcomes = Mapping[str, str | list[str]]
Test = Callable[[Outcomes], bool]


class BadCondition(ValueError):
    """The expression is outside the grammar; the message says what."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a step may end with, and whether many people end it."""

    outcomes: frozenset[str]
    many: bool


def compile_condition(text: str, steps: Mapping[str, Declared]) -> Test:
    """Turn an expression into a test over outcomes. Raises `BadCondition`."""
    source = text.strip()
    if not source:
        raise BadCondition("the condition is empty")
    if len(source) > LONGEST:
        raise BadCondition(f"the condition is longer than {LONGEST} characters")
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadCondition(f"cannot read {source!r}") from None
    return _test(tree.body, steps)


def _test(node: ast.expr, steps: Mapping[str, Declared]) -> Test:
    if isinstance(node, ast.BoolOp):
        parts = [_test(value, steps) for value in node.values]
        if isinstance(node.op, ast.And):
            return lambda outcomes: all(part(outcomes) for part in parts)
        return lambda outcomes: any(part(outcomes) for part in parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _test(node.operand, steps)
        return lambda outcomes: not inner(outcomes)
    if isinstance(node, ast.Compare):
        if len(node.ops) != 1:
            raise BadCondition("compare two things at a time")
        return _comparison(node.left, node.ops[0], node.comparators[0], steps)
    raise BadCondition(f"{ast.unparse(node)!r} is not a comparison of a step's outcome")


def _comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, steps: Mapping[str, Declared]) -> Test:
    if isinstance(left, ast.Name):
        name, step = _step(left, steps)
        if step.many:
            raise BadCondition(f'many people end {name!r}: write "OUTCOME" in {name}')
        if isinstance(op, ast.Eq | ast.NotEq):
            wanted = {_outcome(right, name, step)}
        elif isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.Tuple | ast.List | ast.Set):
            wanted = {_outcome(item, name, step) for item in right.elts}
        else:
            raise BadCondition("use ==, !=, in (…) or not in (…)")
        positive = isinstance(op, ast.Eq | ast.In)
        return lambda outcomes: (outcomes.get(name) in wanted) is positive
    if isinstance(right, ast.Name) and isinstance(op, ast.In | ast.NotIn):
        name, step = _step(right, steps)
        if not step.many:
            raise BadCondition(f'one person ends {name!r}: write {name} == "OUTCOME"')
        one = _outcome(left, name, step)
        positive = isinstance(op, ast.In)
        return lambda outcomes: (one in outcomes.get(name, ())) is positive
    raise BadCondition("a condition compares a step with one of its outcomes")


def _step(node: ast.Name, steps: Mapping[str, Declared]) -> tuple[str, Declared]:
    if node.id not in steps:
        raise BadCondition(f"{node.id!r} is not a step with declared outcomes")
    return node.id, steps[node.id]


def _outcome(node: ast.expr, name: str, step: Declared) -> str:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        raise BadCondition("an outcome is a quoted word")
    if node.value not in step.outcomes:
        raise BadCondition(f"{name!r} has no outcome {node.value!r}")
    return node.value
