"""Nothing is destroyed alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.destruction.models import CarrierDestruction
from chancery.departments.general_office.confidential_work.carriers.terms import DestructionState
from chancery.departments.general_office.confidential_work.rules import is_authority, is_officer
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes
from chancery.kernel.access.rules import not_own_act


class Alone(Refused):
    """Two different people destroy, after a third decision."""


def may_draw(by: Actor) -> Verdict:
    """The confidential officer."""
    return is_officer(by)


def may_approve(by: Actor, destruction: CarrierDestruction) -> Verdict:
    """The classification authority, not who drew it up."""
    if destruction.state != DestructionState.DRAWN:
        return no(_("This list was decided already."))
    return first_refusal(is_authority(by), not_own_act(by, destruction.drawn_person_id))


def are_two(first_id: int | None, second_id: int | None) -> Verdict:
    """Two people, by person."""
    if first_id is None:
        return no(_("Nobody holds that post today."), field="first")
    if second_id is None:
        return no(_("Nobody holds that post today."), field="second")
    if first_id == second_id:
        return no(_("Two different people destroy: nobody does it alone."), field="second", refusal=Alone)
    return yes()


def may_sign(by: Actor, destruction: CarrierDestruction) -> Verdict:
    """Each of the two, in their own session, once, after approval."""
    if destruction.state != DestructionState.APPROVED:
        return no(_("Only an approved list is carried out."))
    if by.person_id is None or by.person_id not in (destruction.first_id, destruction.second_id):
        return no(_("Only the two people named on the list sign for it."))
    signed = destruction.first_signed_at if by.person_id == destruction.first_id else destruction.second_signed_at
    return no(_("You have signed; the other person signs too.")) if signed is not None else yes()
