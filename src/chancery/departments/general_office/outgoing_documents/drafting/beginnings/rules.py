"""Who keeps templates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import rules as access

HEAD = "head"


def may_keep(by: Actor, unit_id: int | None, office_id: int) -> Verdict:
    """A unit's own: whoever acts in that unit. The house's: the head of the General Office."""
    if by.is_system:
        return yes()
    if unit_id is None:
        return access.holds_role(by, HEAD, office_id)
    if by.is_person and by.body_id == unit_id:
        return yes()
    return no(_("A unit keeps its own templates and groups; these belong to another."), field="unit")
