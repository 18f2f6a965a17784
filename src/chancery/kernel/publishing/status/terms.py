"""What functions publish on the status page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LONGEST_WORDS = 300
ACTS = {
    "interruption.announced": _("Interruption announced"),
    "interruption.called_off": _("Interruption called off"),
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure the public may know: what it limits, and the figure in words."""

    what: str
    figure: str


@dataclass(frozen=True, slots=True)
class Group:
    """The thresholds of one public door."""

    title: str
    lines: tuple[Threshold, ...]
    counted: str = ""  # what is counted for it, and how long that is kept


_groups: list[Callable[[dt.date], Group]] = []


def publish_thresholds(of: Callable[[dt.date], Group]) -> None:
    """Have the figures of a door shown on the status page, as they hold that day; called from `AppConfig.ready`."""
    if of not in _groups:
        _groups.append(of)


def groups(on: dt.date) -> list[Group]:
    """The published figures of a day."""
    return [of(on) for of in _groups]
