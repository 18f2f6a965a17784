"""Whether a look is worth writing down. Pure: it costs an ordinary page nothing."""

from __future__ import annotations

from chancery.foundations.actor import Actor, Clearance


def may_be_logged(by: Actor, label: int) -> bool:
    """Only people leave readings, and never of what is public or internal; the rulebook names the level above that."""
    return by.is_person and label > Clearance.INTERNAL
