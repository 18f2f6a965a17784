"""Step → form, rule, service, for archive_opening.bpmn. Items are decided on the list's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.openings import queries, rules
from chancery.departments.general_office.archives.openings.terms import PROCEDURE, SIDE_WORDS
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.records.archive.terms import Hindrance

Data = Mapping[str, Any]


def may_end(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Never the proposer; and every item is decided."""
    opening = queries.opening(queries.opening_id_of(matter))
    if opening is None:
        return no("")
    return first_refusal(
        rules.may_decide(by, task.step, made_person_id=opening.made_person_id),
        rules.is_decided(queries.waiting_for(opening.pk, task.step)),
    )


def hindrances(*, matter: Any, by: Actor, at: dt.datetime) -> list[Hindrance]:
    """What is proposed is decided: the matter is not closed over it."""
    opening_id = queries.opening_id_of(matter)
    if not any(queries.waiting_for(opening_id, side) for side in SIDE_WORDS):
        return []
    return [Hindrance(_("Items wait for a decision."), reverse("general_office:opening", args=[opening_id]))]


def went_back(*, matter: Any, step: str, by: Actor, at: dt.datetime) -> None:
    """A decision on an opening stands; what was opened is closed again from its own line."""
    raise Refused(_("A decision on an opening stands: close the item again on the page of openings."))


DECIDED = {"DECIDED": ("Every item is decided", "全部审核完毕")}
HELP = (
    "Decide item by item on the list's page; with the last one this step ends by itself.",
    "在清册页面逐件作出决定；最后一件决定后本环节自动办结。",
)

BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "archive_opening.bpmn",
    name_en="Opening of archives",
    name_zh="档案开放审核",
    steps={
        side: Step(
            outcomes=DECIDED,
            rule=may_end,
            limit_key="archives.opening.decide",
            may_return_to=(),
            help=HELP,
        )
        for side in SIDE_WORDS
    },
    openers=("archivist",),
    panel_template="general_office/archives/openings/panel.html",
    panel_context=queries.panel,
    hindrances=hindrances,
    went_back=went_back,
    basis=(
        "Archives Law (2020), art. 27: archives are open after twenty-five years. Law on Guarding State Secrets (2024),"
        " art. 35: reviewed before anything is made public.",
        "《中华人民共和国档案法》（2020年）第二十七条；《中华人民共和国保守国家秘密法》（2024年）第三十五条。",
    ),
)


def bring() -> None:
    """Put the procedure on the board."""
    register(BINDING)
