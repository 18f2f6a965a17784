"""Bindings: what a function attaches to its BPMN file. The drawing says the order, the binding form, rule and service.

A function's `procedures/bindings.py` builds a `ProcedureBinding` and calls `register` (from its department's
`AppConfig.ready`). Files are read and refused at start, by the system check `procedures.E001`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from chancery.foundations.verdict import Verdict

if TYPE_CHECKING:
    import datetime as dt

    from django.forms import BaseForm

    from chancery.foundations.actor import Actor
    from chancery.kernel.procedures.matters.models import Matter
    from chancery.kernel.procedures.matters.terms import Held
    from chancery.kernel.records.archive.terms import Hindrance

Names = tuple[str, str]  # (English, Chinese)
DatumKind = Literal["unit", "units", "post", "posts"]


class After(Protocol):
    """What a function does in the same transaction, once the step is done and the matter has moved."""

    def __call__(
        self,
        *,
        matter: Matter,
        task: Held,
        outcome: str,
        opinion: str,
        data: Mapping[str, Any],
        by: Actor,
        at: dt.datetime,
    ) -> None:
        """Called by `complete`."""
        ...


class StepRule(Protocol):
    """A function's own rule about completing a step."""

    def __call__(self, *, by: Actor, matter: Matter, task: Held, outcome: str, data: Mapping[str, Any]) -> Verdict:
        """Called before anything is done."""
        ...


class WentBack(Protocol):
    """What a function takes back when its matter goes back; refusing keeps the matter where it is."""

    def __call__(self, *, matter: Matter, step: str, by: Actor, at: dt.datetime) -> None:
        """Called by `return_to`, `recall` and `reopen`, in the same transaction."""
        ...


class MayCirculate(Protocol):
    """A function's own rule about whom a matter may be sent to."""

    def __call__(self, *, matter: Matter, post_ids: Sequence[int], by: Actor) -> Verdict:
        """Called before anything is done."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One user task of the drawing.

    `outcomes`: code → (English, Chinese), in the order of the buttons. Conditions see these codes and nothing else.
    `data`: declared matter data this step may set (names of `ProcedureBinding.data`), taken from the cleaned form.
    `unit`: name of a declared datum of kind "unit" over which the lane's role is resolved; "" = the matter's own unit.
    `post`: name of a declared datum of kind "post" that is asked itself; while it is empty the lane's role is asked.
    `to_read`: the step only asks to read (circulation): its tasks stand under "to read" and reading ends them.
    `not_same_as`: steps whose doer may not do this one, under any hat.
    `opinion_needed`: outcomes that need a written opinion ("*" = all).
    `limit_key`: rulebook key of the step's time limit; "{urgency}" inside is replaced by the matter's, in lower case;
    "matter" = the matter's own last day; "" = none.
    `form`: may narrow the outcomes offered: a form with an attribute `offered` (codes) shows those buttons alone, in
    that order.
    `may_return_to`: steps one may return to from here; None = any step already done on the way here, () = none.

    A step done by many over an empty list is passed over.
    """

    outcomes: Mapping[str, Names]
    form: Callable[..., BaseForm] | None = None
    rule: StepRule | None = None
    after: After | None = None
    data: tuple[str, ...] = ()
    unit: str = ""
    post: str = ""
    to_read: bool = False
    not_same_as: tuple[str, ...] = ()
    opinion_needed: frozenset[str] = frozenset()
    limit_key: str = ""
    may_return_to: tuple[str, ...] | None = None
    help: Names = ("", "")
    form_template: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureBinding:
    """A procedure: its drawing, its steps, its data, its limits, and how its subject is shown.

    `data`: name → kind. "unit"/"post" hold one primary key, "units"/"posts" a list, over which steps run.
    `timers`: id of a timer event → what happens when it fires, `f(matter=, step=, by=SYSTEM, at=)`; a boundary timer
    without an entry urges the holder of its step.
    `limit_key`: rulebook key of the whole matter's limit ("{urgency}" as in Step); "" = no limit.
    `openers`: roles that may open such a matter over its unit; empty = any staff member of the unit or above.
    `panel_template`, `panel_context(matter, by)`: the subject panel on the matter page.
    `may_circulate`: asked before a matter is sent to posts for reading, or one more post is asked to sign.
    `may_hand_to`: asked before a step is handed over to a post.
    `went_back`: called when the matter was returned, recalled or reopened to a step, so that the function takes back
    what it did from there on; raising `Refused` stops it.
    `hindrances(matter=, by=, at=)`: what keeps the matter from being closed by hand (checked out, unanswered,
    undated), as `kernel.records.archive.terms.Hindrance`.
    `keeps_clock`: the function keeps the time limits itself: nobody pauses or lengthens them on the matter page.
    `files_itself`: its last step files what it leaves; other matters are filed from their page once they are closed.
    `after_close`: called when the procedure has run to its end, or was closed by hand (see `Matter.closed_how`):
    `f(matter=, by=, at=)`.
    """

    code: str
    bpmn: Path
    name_en: str
    name_zh: str
    steps: Mapping[str, Step]
    data: Mapping[str, DatumKind] = field(default_factory=dict)
    timers: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    limit_key: str = ""
    number_series: str = "matter"
    openers: tuple[str, ...] = ()
    panel_template: str = ""
    panel_context: Callable[[Matter, Actor], Mapping[str, Any]] | None = None
    after_close: Callable[..., None] | None = None
    may_circulate: MayCirculate | None = None
    may_hand_to: MayCirculate | None = None
    went_back: WentBack | None = None
    hindrances: Callable[..., Sequence[Hindrance]] | None = None
    files_itself: bool = False
    keeps_clock: bool = False
    basis: Names = ("", "")

    def __post_init__(self) -> None:
        if not self.code.isidentifier():
            raise ValueError(f"a procedure's code is a word, not {self.code!r}")


_bindings: dict[str, ProcedureBinding] = {}


def register(binding: ProcedureBinding) -> None:
    """Put a procedure on the board; called from `AppConfig.ready`."""
    _bindings[binding.code] = binding


def withdraw(code: str) -> None:
    """Take a procedure off the board (tests)."""
    _bindings.pop(code, None)


def binding(code: str) -> ProcedureBinding:
    """The binding of a procedure; KeyError when no installed function brings it."""
    return _bindings[code]


def all_bindings() -> list[ProcedureBinding]:
    """Every procedure, in registration order."""
    return list(_bindings.values())
