"""Who may open, close, reopen, pause and circulate a matter."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Stale, Verdict, first_refusal, no, yes
from chancery.kernel.access.roles.rules import holds_role
from chancery.kernel.procedures.bindings import ProcedureBinding
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.terms import MatterState, Urgency


def may_open(by: Actor, of: ProcedureBinding, *, title: str, unit_id: int, label: int, urgency: str) -> Verdict:
    """Whoever the procedure names as openers, or any member of staff."""
    if not title.strip():
        return no(_("Give the matter a title."), field="title")
    if len(title) > 300:
        return no(_("The title is too long."), field="title")
    if urgency not in Urgency.values:
        return no(_("There is no such urgency."), field="urgency")
    if label > by.clearance:
        return no(_("The label is above your own clearance."), field="label")
    if by.is_system:
        return yes()
    if not (by.is_person and by.post_id):
        return no(_("Choose the post you act in first."))
    if of.openers and not any(holds_role(by, role, unit_id) for role in of.openers):
        return holds_role(by, of.openers[0], unit_id)
    return yes()


def oversees(by: Actor, matter: Matter) -> bool:
    """Head or registrar over the matter's unit."""
    if by.is_system:
        return True
    with connection.cursor() as cursor:
        cursor.execute("select %s::bigint <@ (select access_sight_units())", [matter.unit_id])
        return bool(cursor.fetchone()[0])


def may_steer(by: Actor, matter: Matter, *, is_holder: bool = False) -> Verdict:
    """The opener, whoever holds a step of it, and the head or registrar of its unit steer a matter."""
    if by.is_system or is_holder or (by.is_person and by.person_id == matter.opened_person_id):
        return yes()
    if oversees(by, matter):
        return yes()
    return no(_("This is for whoever opened the matter, holds one of its steps, or heads or registers for its unit."))


def is_open(matter: Matter) -> Verdict:
    """Not closed."""
    if matter.state == MatterState.CLOSED:
        return no(_("The matter has been closed."), refusal=Stale)
    return yes()


def is_closed(matter: Matter) -> Verdict:
    """Closed."""
    return yes() if matter.state == MatterState.CLOSED else no(_("The matter is still open."), refusal=Stale)


def may_end(by: Actor, matter: Matter) -> Verdict:
    """Closing by hand and reopening is for the opener and for those who oversee the unit."""
    return first_refusal(may_steer(by, matter))
