"""The questions of access that other instruments ask, from its function folders."""

from __future__ import annotations

from chancery.foundations.web.door import actor_of
from chancery.kernel.access.guards.queries import few_guards, is_visible
from chancery.kernel.access.hats.queries import Hat, Wardrobe, actor_for, count_work_with, roles_of, wardrobe

__all__ = [
    "Hat",
    "Wardrobe",
    "actor_for",
    "actor_of",
    "count_work_with",
    "few_guards",
    "is_visible",
    "roles_of",
    "wardrobe",
]
