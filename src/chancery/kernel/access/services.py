"""The verbs of access that other instruments use, from its function folders."""

from __future__ import annotations

from chancery.kernel.access.guards.services import (
    add_reader,
    add_reader_to_guards,
    add_readers,
    bar_from_guard,
    end_reader,
    lift_bars,
    move_guard,
    open_guard,
    relabel,
)

__all__ = [
    "add_reader",
    "add_reader_to_guards",
    "add_readers",
    "bar_from_guard",
    "end_reader",
    "lift_bars",
    "move_guard",
    "open_guard",
    "relabel",
]
