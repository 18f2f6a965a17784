"""Who keeps out, and who may have somebody kept out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.handling.rules import is_written
from chancery.departments.general_office.petitions.handling.terms import Aside
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import ENDED_STATES, State
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.models import Petition


def may_step_aside(by: Actor, petition: Petition, ground: str, reason: str) -> Verdict:
    """A person, for a ground named and told, while the petition is not over."""
    if by.person_id is None:
        return no(_("Only a person steps aside."))
    if petition.state in ENDED_STATES:
        return no(_("This petition is closed; nothing is done with it any more."), refusal=WrongState)
    if ground not in Aside.values:
        return no(_("Say why you keep out."), field="ground")
    return is_written(reason, "reason")


def may_reassign(petition: Petition, reason: str) -> Verdict:
    """While it is being handled, with the reason."""
    if petition.state != State.UNDER_WAY:
        return no(_("This petition is not being handled now."), refusal=WrongState)
    return is_written(reason, "reason")
