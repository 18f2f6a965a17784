"""The card of the calendar: its lines in the menu."""

from __future__ import annotations

from chancery.foundations.card import Card, MenuItem

CARD = Card(
    label="calendar",
    place=40,
    name_en="Calendar",
    name_zh="日历",
    menu=(MenuItem("calendar:this_year", "Working days", "工作日", icon="calendar"),),
)
