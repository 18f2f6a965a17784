"""Step → rule, for archive_loan.bpmn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.loans import queries
from chancery.departments.general_office.archives.loans.terms import PROCEDURE
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.records.fileplan.terms import ARCHIVIST


def only_by_bringing(*, by: Actor, matter: Any, task: Any, outcome: str, data: Mapping[str, Any]) -> Verdict:
    """It ends when the archivist has it in hand again, never by pressing a button."""
    return no(_("Bring it to the archive: the archivist notes its return, and this ends by itself."))


BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "archive_loan.bpmn",
    name_en="Loan of archives",
    name_zh="档案借阅",
    steps={
        "bring_back": Step(
            outcomes={"DONE": ("Brought back", "已归还")},
            rule=only_by_bringing,
            post="borrower",
            limit_key="matter",
            may_return_to=(),
            help=(
                "Bring it back by the day due, or ask the archivist to extend the loan before then.",
                "请于到期日前归还；需要续借的，应在到期前向档案员提出。",
            ),
        )
    },
    data={"borrower": "post"},
    openers=(ARCHIVIST,),
    panel_template="general_office/archives/loans/panel.html",
    panel_context=queries.panel,
    basis=("House rule on the loan of archives.", "本单位档案借阅规定。"),
)


def bring() -> None:
    """Put the procedure on the board."""
    register(BINDING)
