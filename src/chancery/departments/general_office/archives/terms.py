"""What stands on the archive's desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the desk: what it is, how many, where it leads. `tone` colours the figure when it is not zero."""

    title: StrOrPromise
    n: int
    address: str
    tone: str = "neutral"
    hint: StrOrPromise = ""

    @property
    def shown_tone(self) -> str:
        """The tone of the figure as it is."""
        return self.tone if self.n else "neutral"


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    title: StrOrPromise
    lines: tuple[Line, ...]
