"""The test procedure: one drawing with everything the engine knows (`everything.bpmn`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.procedures.bindings import ProcedureBinding, Step

HERE = Path(__file__).parent
BPMN = HERE / "everything.bpmn"
heard: list[tuple[str, Any]] = []


def not_on_a_whim(**given: Any) -> Verdict:
    return no("On a whim!") if given["data"].get("whim") else yes()


def listen(**given: Any) -> None:
    heard.append((given["task"].step, {key: given[key] for key in ("outcome", "opinion", "data")}))


def closed(**given: Any) -> None:
    heard.append(("closed", given["matter"].closed_how))


BINDING = ProcedureBinding(
    code="everything",
    bpmn=BPMN,
    name_en="Everything",
    name_zh="样样俱全",
    data={"co_units": "units", "readers": "posts", "signers": "posts", "lead_unit": "unit"},
    after_close=closed,
    steps={
        "draft": Step(
            outcomes={"SENT": ("Send round", "送会签")},
            data=("co_units", "readers", "signers", "lead_unit"),
            rule=not_on_a_whim,
            after=listen,
        ),
        "countersign": Step(
            outcomes={"AGREE": ("Agree", "同意"), "OBJECT": ("Object", "不同意")}, opinion_needed=frozenset({"OBJECT"})
        ),
        "check": Step(
            outcomes={
                "PASS": ("Fit", "合格"),
                "PASS_WITH_NOTE": ("Fit, with a note", "合格（附注）"),
                "FAULTY": ("Not yet", "不合格"),
            },
            limit_key="test.check.{urgency}",
        ),
        "fix": Step(outcomes={"DONE": ("Corrected", "已修改")}),
        "sign": Step(
            outcomes={"SIGN": ("Sign", "签发"), "REFUSE": ("Refuse", "不签")},
            not_same_as=("draft",),
            limit_key="matter",
        ),
        "chase": Step(outcomes={"DONE": ("Chased", "已催办")}, may_return_to=()),
        "circulate": Step(outcomes={"READ": ("Read", "已阅")}, to_read=True),
        "relay": Step(outcomes={"AGREE": ("Agree", "同意"), "OBJECT": ("Object", "不同意")}),
    },
)
