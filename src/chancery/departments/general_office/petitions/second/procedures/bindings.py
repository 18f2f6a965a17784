"""Step → form, rule, service, for petition_review.bpmn and petition_rereview.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from chancery.departments.general_office.petitions.handling import forms, queries
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.opinions import queries as opinion_queries
from chancery.departments.general_office.petitions.handling.opinions import rules as opinion_rules
from chancery.departments.general_office.petitions.handling.procedures import bindings as handling
from chancery.departments.general_office.petitions.handling.terms import Meeting
from chancery.departments.general_office.petitions.second import queries as second
from chancery.departments.general_office.petitions.second import rules, services
from chancery.departments.general_office.petitions.terms import Outcome
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register

Data = Mapping[str, Any]
ENDS = {"UPHOLD": Outcome.UPHELD, "CHANGE": Outcome.CHANGED, "RETURN": Outcome.RETURNED}


def reviewer_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Another person and body than before, whom it is not about."""
    petition = queries.petition_of(matter)
    stage = clocks.running(petition.pk)
    held = stage.pk if stage else 0
    return rules.may_review(
        by, petition, stage, former=second.former_hands(petition.pk, held), units=second.former_units(petition.pk, held)
    )


def opine_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Whole, when it is given."""
    verdict = reviewer_rule(by=by, matter=matter, task=task, outcome=outcome, data=data)
    if not verdict or outcome == "BACK":
        return verdict
    petition = queries.petition_of(matter)
    stage = clocks.running(petition.pk)
    if stage is None:
        return no("")
    ends = opinion_queries.ends_of(petition, stage)
    return opinion_rules.is_whole({**data, "outcome": ENDS[outcome]}, ends, was_settled=False)


def _reviewed(act: Callable[..., None]) -> Callable[..., None]:
    """The act of a reviewer's step: noted who has it first."""

    def with_reviewer(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
        services.demand_reviewer(petition_id=petition_id, by=by, at=at)
        act(petition_id=petition_id, outcome=outcome, data=data, by=by, at=at)

    return handling.checked(with_reviewer)


def opined(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """出具复查（复核）意见."""
    if outcome != "BACK":
        services.answer_review(petition_id=petition_id, outcome=ENDS[outcome], data=data, by=by, at=at)


def _steps(*ends: str) -> dict[str, Step]:
    words = {
        "UPHOLD": ("Uphold", "维持"),
        "CHANGE": ("Change", "变更"),
        "RETURN": ("Return to be handled anew", "发回重新办理"),
    }
    own = handling.OWN
    shared = handling.STEPS
    return {
        "examine": Step(
            outcomes={
                "OPINION": ("Give the opinion", "出具意见"), "HEAR": ("Hold a hearing", "举行听证"),
                "ASK": ("Ask the sender", "询问信访人"),
            },
            rule=reviewer_rule, after=_reviewed(handling.handled), limit_key=own, may_return_to=(),
            help=(
                "Whoever had it in hand before, or belongs to that unit, hands it over.",
                "曾办理该事项的人员或单位应当回避，移交他人。",
            ),
        ),
        "hear": replace(
            shared["hear"], rule=reviewer_rule, after=_reviewed(handling.held(Meeting.HEARING)), unit="", post=""
        ),
        "ask": replace(shared["ask"], rule=reviewer_rule, after=_reviewed(handling.asked), unit="", post=""),
        "wait": replace(shared["wait"], rule=reviewer_rule, after=_reviewed(handling.went_on), unit="", post=""),
        "opine": Step(
            outcomes={**{code: words[code] for code in ends}, "BACK": ("Not yet: go on examining", "继续审查")},
            form=forms.OpineForm, rule=opine_rule, after=_reviewed(opined), limit_key=own, may_return_to=(),
            help=(
                "Request, facts, view, basis, remedy: all five. The sender reads them at once.",
                "诉求、事实、意见、依据、救济途径五项齐备，提交后即告知信访人。",
            ),
        ),
    }  # fmt: skip


def _binding(code: str, name_en: str, name_zh: str, *ends: str) -> ProcedureBinding:
    return handling.binding(code, name_en, name_zh, _steps(*ends), here=Path(__file__).parent, data=False)


def bring() -> None:
    """Put both on the board."""
    register(_binding("petition_review", "Review of a petition", "信访复查", "UPHOLD", "CHANGE", "RETURN"))
    register(_binding("petition_rereview", "Re-review of a petition", "信访复核", "UPHOLD", "CHANGE"))
