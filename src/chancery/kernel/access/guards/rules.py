"""Who may open and relabel."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor, ActorKind, Clearance
from chancery.foundations.verdict import Verdict, no, yes


def may_open(by: Actor, label: int) -> Verdict:
    """Anyone signed in, up to their own clearance: nobody hides a thing from themselves."""
    if by.kind is ActorKind.PUBLIC:
        return no(_("Sign in first."))
    if label not in {c.value for c in Clearance}:
        return no(_("There is no such label."), field="label")
    if label > by.clearance:
        return no(_("The label is above your own clearance."), field="label")
    return yes()
