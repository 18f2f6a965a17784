"""The card, the words of acts, the system checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.utils.translation import pgettext_lazy

from chancery.foundations import card
from chancery.foundations.card import Card, MenuItem, all_roles
from chancery.kernel.procedures.bindings import all_bindings
from chancery.kernel.procedures.engine.diagram import BrokenDiagram
from chancery.kernel.procedures.engine.plan import build
from chancery.kernel.procedures.matters.terms import ACTS

__all__ = ["ACTS"]

#: What a matter is called where it is found.
SEARCH_KIND = pgettext_lazy("kind of thing found", "Matters")

CARD = Card(
    label="procedures",
    place=10,
    name_en="Matters and procedures",
    name_zh="事项与流程",
    menu=(
        MenuItem("procedures:inbox", "Inbox", "我的事项", icon="inbox"),
        MenuItem("procedures:procedures", "Procedures", "办理流程", icon="git-branch"),
    ),
)


def put_up_card() -> None:
    """Put the instrument's card on the board."""
    card.register(CARD)


def judge_drawings(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every installed drawing, judged with its binding: one error a problem, naming file and element."""
    errors: list[checks.CheckMessage] = []
    for of in all_bindings():
        try:
            build(of.bpmn.read_bytes(), of.bpmn.name, of, all_roles().keys())
        except OSError as error:
            errors.append(checks.Error(f"{of.bpmn}: cannot be read ({error.strerror})", id="procedures.E001"))
        except BrokenDiagram as broken:
            errors += [checks.Error(str(problem), obj=of.code, id="procedures.E001") for problem in broken.problems]
    return errors


def register_checks() -> None:
    """Judge at every start."""
    checks.register(judge_drawings)
