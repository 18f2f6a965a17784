"""The nouns of access, from its function folders."""

from __future__ import annotations

from chancery.kernel.access.absence.models import Absence
from chancery.kernel.access.accounts.models import Account, Invitation
from chancery.kernel.access.guards.models import Guard, GuardBar, GuardReader
from chancery.kernel.access.readings.models import Reading
from chancery.kernel.access.recusal.models import Recusal
from chancery.kernel.access.roles.models import RoleGrant
from chancery.kernel.access.tokens.models import ApiToken

__all__ = [
    "Absence",
    "Account",
    "ApiToken",
    "Guard",
    "GuardBar",
    "GuardReader",
    "Invitation",
    "Reading",
    "Recusal",
    "RoleGrant",
]
