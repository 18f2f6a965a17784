"""How a sample person is described: posts held, roles, part in the story."""

from __future__ import annotations

from dataclasses import dataclass

from chancery.foundations.actor import Clearance

DOMAIN = "example.org"


@dataclass(frozen=True, slots=True)
class Seat:
    """A post somebody of the cast holds. `roles` are (role, unit code)."""

    unit: str
    code: str
    title_en: str
    title_zh: str
    roles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast: what they are called, which posts they hold, what they do in the story."""

    key: str
    name_en: str
    name_zh: str
    part_en: str
    part_zh: str
    seats: tuple[Seat, ...]
    clearance: int = Clearance.RESTRICTED
    second_factor: bool = False

    @property
    def email(self) -> str:
        """The address the member signs in with."""
        return f"{self.name_en.lower().replace(' ', '.')}@{DOMAIN}"
