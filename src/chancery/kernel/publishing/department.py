"""The card of publishing: its lines in the menu, its roles."""

from __future__ import annotations

from chancery.foundations.card import Card, MenuItem
from chancery.kernel.publishing.notices.terms import EDITOR, REVIEWER, ROLES

CARD = Card(
    label="publishing",
    place=85,
    name_en="Publishing",
    name_zh="对外发布",
    menu=(
        MenuItem("publishing:notices", "Public notices", "对外公告", icon="world", roles=(EDITOR, REVIEWER)),
        MenuItem("publishing:status", "Status", "运行状态", icon="chart-bar"),
        MenuItem("publishing:verify", "Verify a document", "公文核验", icon="shield-check", public=True),
    ),
    roles=ROLES,
    procedures=("public_notice",),
)
