"""Who may keep accounts, and what signing in asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, first_refusal, no, yes
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


# What functions above ask: how far a person may be let see (person, clearance, at); what follows when an account is
# closed (person_id=, by=, at=).
ClearanceCheck = Callable[[int, int, dt.datetime], Verdict]
ClosingCheck = Callable[..., Verdict]
_clearance_checks: list[ClearanceCheck] = []
_closing_checks: list[ClosingCheck] = []


def register_clearance_check(check: ClearanceCheck) -> None:
    """Have something above asked before a person is let see further."""
    if check not in _clearance_checks:
        _clearance_checks.append(check)


def register_closing_check(check: ClosingCheck) -> None:
    """Have something above asked, and told, when a person's account is closed."""
    if check not in _closing_checks:
        _closing_checks.append(check)


def is_cleared_for(by: Actor, person_id: int | None, clearance: int, at: dt.datetime) -> Verdict:
    """Whether nothing above keeps the person from that clearance. Loaders are ahead of what will be granted."""
    if by.is_system or person_id is None:
        return yes()
    return first_refusal(*(check(person_id, clearance, at) for check in _clearance_checks))


def may_be_closed(by: Actor, person_id: int | None, at: dt.datetime) -> Verdict:
    """Whether nothing above keeps the account open."""
    if person_id is None:
        return yes()
    return first_refusal(*(check(person_id=person_id, by=by, at=at) for check in _closing_checks))
