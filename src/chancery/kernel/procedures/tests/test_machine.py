"""The engine alone: a signature taken back from a step that a timer hangs on."""

from __future__ import annotations

import datetime as dt

import pytest

from chancery.kernel.procedures.engine.machine import CannotReturn, Machine
from chancery.kernel.procedures.engine.plan import Plan, build
from chancery.kernel.procedures.tests import everything
from chancery.kernel.procedures.tests.test_rules import ROLES
from chancery.kernel.procedures.tests.world import NOW

DUE = NOW + dt.timedelta(days=3)  # as everything.bpmn draws it


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The drawing with its reminder hung on the countersigning."""
    drawing = everything.BPMN.read_bytes().replace(b'attachedToRef="sign"', b'attachedToRef="countersign"')
    return build(drawing, "everything.bpmn", everything.BINDING, ROLES)


class Running:
    """A matter that is stored and taken up again between any two moves."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.now = plan, NOW
        lists = {"co_units": [1, 2], "readers": [], "signers": []}
        self.body = Machine.start(plan, lists=lists, now=NOW).dump()

    @property
    def machine(self) -> Machine:
        return Machine.restore(self.plan, self.body, now=self.now)

    def keep(self, machine: Machine) -> None:
        self.body = machine.dump()
        assert self.machine.dump() == self.body

    def waiting(self) -> list[str]:
        return sorted(position.step for position in self.machine.positions())

    def do(self, step: str, outcome: str, item: int | None = None) -> int:
        machine = self.machine
        key = next(p.key for p in machine.positions() if (p.step, p.item) == (step, item))
        machine.complete(key, outcome)
        self.keep(machine)
        return key

    def recall(self, key: int, outcome: str) -> None:
        machine = self.machine
        machine.recall(key, outcome)
        self.keep(machine)

    def end(self) -> None:
        """Sign, and let the rest run out."""
        self.do("sign", "SIGN")
        self.wait_until(self.now + dt.timedelta(days=30))
        assert self.waiting() == []
        assert self.machine.is_complete

    def wait_until(self, now: dt.datetime) -> None:
        self.now = now
        machine = self.machine
        machine.run_timers()
        self.keep(machine)


@pytest.mark.parametrize("is_checked_first", [True, False])
def test_the_timer_runs_on_to_the_hour_it_had(plan: Plan, is_checked_first: bool) -> None:
    matter = Running(plan)
    matter.do("draft", "SENT")
    if is_checked_first:
        matter.do("check", "PASS")
    assert matter.machine.next_timer() == DUE
    first, last = matter.do("countersign", "AGREE", 1), matter.do("countersign", "OBJECT", 2)
    if not is_checked_first:
        matter.do("check", "PASS")
    assert (matter.waiting(), matter.machine.next_timer()) == (["sign"], None)
    matter.recall(first, "AGREE")
    assert (matter.waiting(), matter.machine.next_timer()) == (["countersign"], DUE)
    assert matter.machine.outcomes["countersign"] == ["OBJECT"]
    matter.recall(last, "OBJECT")
    assert matter.waiting() == ["countersign", "countersign"]
    matter.wait_until(DUE)
    assert matter.waiting() == ["chase", "countersign", "countersign"]
    for item in (2, 1):
        matter.do("countersign", "AGREE", item)
    assert (matter.waiting(), matter.machine.next_timer()) == (["sign"], None)
    matter.end()


@pytest.mark.parametrize("is_chased", [True, False])
def test_a_timer_that_had_struck_strikes_again_unless_it_was_heeded(plan: Plan, is_chased: bool) -> None:
    matter = Running(plan)
    matter.do("draft", "SENT")
    matter.do("check", "PASS")
    matter.wait_until(DUE)
    assert matter.waiting() == ["chase", "countersign", "countersign"]
    if is_chased:
        matter.do("chase", "DONE")
    first = matter.do("countersign", "AGREE", 1)
    matter.do("countersign", "AGREE", 2)
    assert matter.waiting() == ["sign"]
    done = matter.machine.done()
    matter.recall(first, "AGREE")
    assert matter.machine.done() == done - {first}
    assert matter.waiting() == (["countersign"] if is_chased else ["chase", "countersign"])
    matter.do("countersign", "AGREE", 1)
    assert (matter.waiting(), matter.machine.next_timer()) == (["sign"], None)
    matter.end()


def test_nothing_is_taken_back_once_the_next_step_is_done(plan: Plan) -> None:
    matter = Running(plan)
    matter.do("draft", "SENT")
    matter.do("check", "PASS")
    first = matter.do("countersign", "AGREE", 1)
    with pytest.raises(CannotReturn):
        matter.recall(first, "OBJECT")  # not what was signed
    assert matter.waiting() == ["countersign"]
