"""The cast, for the demo's side door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.hats.queries import Hat, wardrobe


@dataclass(frozen=True, slots=True)
class Sample:
    """Somebody one can enter as."""

    account_id: int
    name: str
    does: str
    hats: tuple[Hat, ...]


_tellers: list[Callable[[str], str]] = []


def describe_with(tell: Callable[[str], str]) -> None:
    """Register what each of the cast does, by e-mail (chancery.demo does)."""
    _tellers[:] = [tell]


def cast() -> list[Sample]:
    """Sample people with an open account, and the hats they can enter in."""
    found = []
    for account_id, email in (
        Account.objects.filter(person__is_sample=True, is_active=True).order_by("id").values_list("id", "email")
    ):
        held = wardrobe(account_id)
        if held is not None and held.hats:
            found.append(Sample(account_id, held.name, _tellers[0](email) if _tellers else "", held.hats))
    return found
