"""The card of access: base roles and its lines in the menu."""

from __future__ import annotations

from chancery.foundations.card import Card, MenuItem
from chancery.kernel.access.terms import ACCESS_ADMIN, AUDITOR, BASE_ROLES

CARD = Card(
    label="access",
    place=90,
    name_en="Access",
    name_zh="权限",
    roles=BASE_ROLES,
    menu=(
        MenuItem("access:absences", "Absence and deputies", "外出与代理", icon="plane-departure"),
        MenuItem("access:roles", "Roles", "角色", icon="users-group", roles=(ACCESS_ADMIN, AUDITOR)),
        MenuItem("access:accounts", "Accounts", "账号", icon="user-cog", roles=(ACCESS_ADMIN,)),
    ),
)
