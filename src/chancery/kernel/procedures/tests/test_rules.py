"""What the engine refuses to read, and what a condition may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from chancery.kernel.procedures.engine.conditions import BadCondition, Declared, compile_condition
from chancery.kernel.procedures.engine.diagram import BrokenDiagram, split_names
from chancery.kernel.procedures.engine.plan import build
from chancery.kernel.procedures.tests import everything

ROLES = {"clerk", "deputy_head", "registrar", "head"}
BROKEN = Path(__file__).parent / "broken"
BLAMED = {  # file → (element, words of the reason)
    "broken_xml": ("", "broken XML"),
    "doctype": ("", "document type"),
    "unknown_role": ("lane_registrar", "no role is called 'wizard'"),
    "script_task": ("fix", "scriptTask is not allowed"),
    "service_task": ("fix", "serviceTask is not allowed"),
    "condition_calls_python": ("f_pass", "condition not allowed"),
    "condition_unknown_step": ("f_pass", "not a step"),
    "condition_unknown_outcome": ("f_pass", "has no outcome 'FINE'"),
    "condition_on_many_as_one": ("f_ok", "many people end"),
    "no_default": ("checked", "no default arrow"),
    "unreachable": ("chase", "cannot be reached"),
    "no_chinese_name": ("draft", "no Chinese name"),
    "no_english_name": ("sign", "no English name"),
    "not_drawn": ("fix", "is not drawn"),
    "no_binding": ("mend", "no binding"),
    "interrupting_timer": ("remind", "must not interrupt"),
    "bad_duration": ("remind", "neither a duration"),
    "two_starts": ("everything", "one start event"),
    "two_arrows_without_gateway": ("fix", "draw a gateway"),
    "list_not_declared": ("circulate", "not declared as a list"),
    "id_twice": ("f_pass", "used twice"),
    "no_lane": ("fix", "stands in no lane"),
    "message_event": ("end2", "messageEventDefinition is not allowed"),
}


def test_every_broken_file_is_expected() -> None:
    assert {path.stem for path in BROKEN.glob("*.bpmn")} == set(BLAMED)


@pytest.mark.parametrize("name", sorted(BLAMED))
def test_a_broken_file_is_refused_with_file_and_element(name: str) -> None:
    path = BROKEN / f"{name}.bpmn"
    with pytest.raises(BrokenDiagram) as refused:
        build(path.read_bytes(), path.name, everything.BINDING, ROLES)
    element, reason = BLAMED[name]
    assert any(
        problem.file == path.name and problem.element == element and reason in problem.message
        for problem in refused.value.problems
    ), "\n".join(map(str, refused.value.problems))


def test_the_whole_drawing_is_accepted() -> None:
    plan = build(everything.BPMN.read_bytes(), "everything.bpmn", everything.BINDING, ROLES)
    assert plan.order == ["draft", "countersign", "check", "sign", "fix", "chase", "circulate", "relay"]


STEPS = {
    "check": Declared(frozenset({"PASS", "FAULTY"}), many=False),
    "sign_round": Declared(frozenset({"AGREE", "OBJECT"}), many=True),
}


@pytest.mark.parametrize(
    ("text", "outcomes", "expected"),
    [
        ('check == "PASS"', {"check": "PASS"}, True),
        ('check == "PASS"', {}, False),
        ('check != "PASS"', {}, True),
        ('check in ("PASS", "FAULTY")', {"check": "FAULTY"}, True),
        ('check not in ("PASS",)', {"check": "FAULTY"}, True),
        ('"OBJECT" in sign_round', {"sign_round": ["AGREE", "OBJECT"]}, True),
        ('"OBJECT" not in sign_round', {}, True),
        ('check == "PASS" and not "OBJECT" in sign_round', {"check": "PASS", "sign_round": ["AGREE"]}, True),
        ('check == "FAULTY" or "AGREE" in sign_round', {"sign_round": []}, False),
    ],
)
def test_a_condition_says(text: str, outcomes: dict[str, str | list[str]], expected: bool) -> None:
    assert compile_condition(text, STEPS)(outcomes) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "True",
        "1 == 1",
        "check",
        "check()",
        'check.upper() == "PASS"',
        'check == "NOTHING"',
        "check == other",
        'check == "PASS" == "PASS"',
        'check < "PASS"',
        'check in "PASS"',
        "check in [x for x in ()]",
        '(lambda: check)() == "PASS"',
        '"PASS" == check',
        '"PASS" in check',
        'sign_round == "AGREE"',
        '__import__("os").system("id") == "0"',
        'f"{check}" == "PASS"',
        'check == "PASS" if check else check == "FAULTY"',
        '(check := "PASS") == "PASS"',
        "check ==",
        "x" * 500,
        "(" * 200 + 'check == "PASS"' + ")" * 200,
        'check == "PASS"; import os',
    ],
)
def test_a_condition_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(BadCondition):
        compile_condition(text, STEPS)


def test_names_are_read_in_either_order() -> None:
    assert split_names("Register / 登记") == split_names("登记 / Register") == ("Register", "登记")
    assert split_names("登记") == ("", "登记")
