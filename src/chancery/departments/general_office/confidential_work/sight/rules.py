"""Who may ask about others. Pure."""

from __future__ import annotations

from chancery.departments.general_office.confidential_work.sight.terms import ASKERS
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict
from chancery.kernel.access.rules import holds_role


def may_ask(by: Actor) -> Verdict:
    """Confidential officers, classification authorities, auditors."""
    for role in ASKERS:
        if holds_role(by, role):
            return holds_role(by, role)
    return holds_role(by, ASKERS[0])
