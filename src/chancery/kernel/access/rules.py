"""The rules of access, from its function folders. Each returns a reasoned verdict."""

from __future__ import annotations

from chancery.kernel.access.recusal.rules import IsRecused, OwnAct, not_own_act, not_recused
from chancery.kernel.access.roles.rules import holds_role
from chancery.kernel.access.tokens.rules import within_scope

__all__ = ["IsRecused", "OwnAct", "holds_role", "not_own_act", "not_recused", "within_scope"]
