"""What a deputy may be limited to, in words."""

from __future__ import annotations

from collections.abc import Callable

_names: list[Callable[[str], str]] = []


def name_scopes_with(name: Callable[[str], str]) -> None:
    """Register how a procedure's code is put into words (kernel.procedures does)."""
    _names[:] = [name]


def scope_name(code: str) -> str:
    """A procedure in words, or its code while nobody has told."""
    return (_names[0](code) if _names else "") or code
