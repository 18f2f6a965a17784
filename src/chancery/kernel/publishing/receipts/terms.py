"""The shape of codes, and who is told when somebody guesses."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from chancery.kernel.publishing.verification.terms import ALPHABET

__all__ = ["ACTS", "ALPHABET", "GROUP", "RANDOM", "TOTAL", "WINDOW_SECONDS", "watch", "watchers"]

#: 19 digits of 5 bits: 95 random bits; one more to check them; five groups of four.
RANDOM, LENGTH, GROUP = 19, 20, 4
#: Wrong codes are counted over an hour.
WINDOW_SECONDS = 3600
#: The place under which the wrong codes of all places are counted.
TOTAL = "total"

ACTS = {
    "receipt.issued": _("Receipt code issued"),
    "receipt.guessed": _("Receipt codes are being guessed"),
}

# (role, units over which it is held) of those who are told when codes are guessed; put here by who issues receipts.
_watchers: list[tuple[str, Callable[[], list[int]]]] = []


def watch(role: str, units: Callable[[], list[int]]) -> None:
    """Have the holders of a role told by mail when codes are guessed; called from `AppConfig.ready`."""
    if (role, units) not in _watchers:
        _watchers.append((role, units))


def watchers() -> list[tuple[str, Callable[[], list[int]]]]:
    """Who is told."""
    return list(_watchers)
