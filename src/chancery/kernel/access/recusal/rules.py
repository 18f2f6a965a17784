"""Keeping out, and keeping doer and approver apart."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access.recusal.models import Recusal


class OwnAct(Refused):
    """The same person stands on both sides of an act."""


class IsRecused(Refused):
    """The person keeps out of this subject."""


def not_own_act(by: Actor, doer_person_id: int | None) -> Verdict:
    """Nobody approves, checks or closes what they did themselves, whichever hat they wear (DOMAIN 43)."""
    if by.person_id is not None and by.person_id == doer_person_id:
        return no(_("You did this yourself: another person must decide, whichever post you act in."), refusal=OwnAct)
    return yes()


def not_recused(by: Actor, subject: str) -> Verdict:
    """The actor has not stepped aside from `subject` ("label.model:pk")."""
    if by.person_id is None:
        return yes()
    found = Recusal.objects.filter(person_id=by.person_id, subject=subject, lifted_at=None).values("reason").first()
    if found is None:
        return yes()
    return no(
        _("You keep out of this (%(reason)s). It goes on to whoever answers next.") % {"reason": found["reason"]},
        refusal=IsRecused,
    )


def may_recuse(by: Actor, person_id: int, is_admin: Verdict) -> Verdict:
    """One's own recusal, or an access administrator's for another."""
    if by.is_system or (by.is_person and by.person_id == person_id) or is_admin:
        return yes()
    return no(_("You can declare only your own recusal."))


def gives_reason(reason: str) -> Verdict:
    """Why one keeps out is always said."""
    return yes() if reason.strip() else no(_("Say why."), field="reason")
