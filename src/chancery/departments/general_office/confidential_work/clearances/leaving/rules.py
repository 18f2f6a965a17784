"""Who opens and clears."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.clearances.leaving.models import Leaving
from chancery.departments.general_office.confidential_work.clearances.terms import LeavingState
from chancery.departments.general_office.confidential_work.rules import is_officer
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes
from chancery.kernel.access.rules import not_own_act

BASIS = "《中华人民共和国保守国家秘密法》(2024) 第四十六条"


class CarriersOut(Refused):
    """A leaver with carriers out cannot be cleared."""


def may_open(by: Actor) -> Verdict:
    """The confidential officer."""
    return is_officer(by)


def may_keep(by: Actor, leaving: Leaving) -> Verdict:
    """The confidential officer, about others, while it is open."""
    if leaving.state != LeavingState.OPEN:
        return no(_("This clearing list is closed."))
    return first_refusal(is_officer(by), not_own_act(by, leaving.person_id))


def has_nothing_out(carriers: Sequence[str], loans: Sequence[str], *, is_handed_on: bool = True) -> Verdict:
    """Named, so that one knows what to fetch."""
    if carriers:
        return no(
            _("Cannot be cleared with carriers out: %(carriers)s. Have them handed back first.")
            % {"carriers": "; ".join(carriers)},
            basis=BASIS,
            refusal=CarriersOut,
        )
    if loans:
        return no(
            _("Cannot be cleared with loans out: %(loans)s. Have them returned first.") % {"loans": "; ".join(loans)},
            basis=BASIS,
        )
    if not is_handed_on:
        return no(_("Say first to whom the person's matters were handed on."), field="handed_to")
    return yes()


def may_lose_last_post(carriers: Sequence[str]) -> Verdict:
    """The directory does not end the last post of somebody who still holds carriers."""
    if not carriers:
        return yes()
    return no(
        _(
            "This is the person's last post, and they still hold carriers: %(carriers)s. The confidential officer "
            "takes them back first."
        )
        % {"carriers": "; ".join(carriers)},
        basis=BASIS,
        refusal=CarriersOut,
    )
