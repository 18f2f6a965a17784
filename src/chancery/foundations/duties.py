"""Which roles the actor holds: a slot that kernel.access fills.

Pages of the foundations ask "may this person edit the rulebook?", but roles belong to the kernel above them. The kernel
hands its answer down once, at start.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no

HoldsRole = Callable[[Actor, str, int | None], Verdict]


def _nobody(by: Actor, role: str, unit_id: int | None) -> Verdict:
    return no(_("Nobody has been given this duty yet."))


_answer: HoldsRole = _nobody


def answer_with(holds_role: HoldsRole) -> None:
    """Fill the slot; called from the AppConfig.ready of the instrument that keeps roles."""
    global _answer
    _answer = holds_role


def holds(by: Actor, role: str, unit_id: int | None = None) -> Verdict:
    """Whether the actor holds a role over a unit, or (without unit) over any."""
    return _answer(by, role, unit_id)


def rule(role: str) -> Callable[[Actor], Verdict]:
    """A door's rule: may enter whoever holds the role somewhere."""

    def holds_it(by: Actor) -> Verdict:
        return holds(by, role)

    return holds_it
