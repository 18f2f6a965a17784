"""The card of publishing: its line in the public menu."""

from __future__ import annotations

from chancery.foundations.card import Card, MenuItem

CARD = Card(
    label="publishing",
    place=85,
    name_en="Publishing",
    name_zh="对外发布",
    menu=(MenuItem("publishing:verify", "Verify a document", "公文核验", icon="shield-check", public=True),),
)
