"""Who may keep accounts, and what signing in asks."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import terms
from chancery.kernel.access.roles.rules import holds_role

# A session that nobody touched for this long is over (ASVS 7.3.1); none lasts longer than SESSION_COOKIE_AGE (7.3.2).
IDLE = dt.timedelta(hours=2)


def may_keep_accounts(by: Actor) -> Verdict:
    """Access administrators invite, change and close accounts."""
    return holds_role(by, terms.ACCESS_ADMIN)


def not_own(by: Actor, account_id: int) -> Verdict:
    """Nobody closes, or clears, themselves."""
    return no(_("Another administrator must do that to your own account.")) if by.account_id == account_id else yes()


def may_give_clearance(by: Actor, clearance: int) -> Verdict:
    """Nobody gives a clearance above their own."""
    if clearance > by.clearance:
        return no(_("You cannot give a clearance above your own."), field="clearance")
    return yes()
