"""The card of the record: its lines in the menu."""

from __future__ import annotations

from chancery.foundations.card import Card, MenuItem
from chancery.kernel.records.seals.terms import ROLES as SEAL_ROLES

CARD = Card(
    label="records",
    place=35,
    name_en="Records",
    name_zh="档案与检索",
    menu=(
        MenuItem("records:search", "Search", "检索", icon="search"),
        MenuItem("records:numbers", "Numbers", "编号登记", icon="list-numbers"),
        MenuItem("records:paper_types", "Types of paper", "公文种类", icon="file-text"),
        MenuItem("records:seals", "Seals", "印章登记", icon="rubber-stamp"),
    ),
    roles=SEAL_ROLES,
)
