"""A department's card: what it is called, what it does, its menu, the roles and procedures it brings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A duty that posts hold over a unit's subtree, e.g. `registrar`.

    `code` is stored and named by BPMN lanes; words are shown.
    """

    code: str
    name_en: str
    name_zh: str
    note_en: str = ""
    note_zh: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line in the menu. `url_name` is a namespaced URL name; `roles` limits who is shown it (empty = any staff)."""

    url_name: str
    name_en: str
    name_zh: str
    icon: str = ""
    roles: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A department or kernel instrument, as the menu, role pages and `docs/rooms.md` see it."""

    label: str
    name_en: str
    name_zh: str
    functions: tuple[tuple[int, str, str], ...] = ()  # (number in DOMAIN.md, English, Chinese)
    menu: tuple[MenuItem, ...] = ()
    roles: tuple[Role, ...] = ()
    procedures: tuple[str, ...] = ()
    place: int = 50  # where its section stands in the menu: 10 the day's work, 50 departments, 80 reference, 90 upkeep


_cards: dict[str, Card] = {}


def register(card: Card) -> None:
    """Put a card on the board; called from `AppConfig.ready`."""
    _cards[card.label] = card


def all_cards() -> list[Card]:
    """Every registered card, by place in the menu, then in registration (INSTALLED_APPS) order."""
    return sorted(_cards.values(), key=lambda card: card.place)


def all_roles() -> dict[str, Role]:
    """Every declared role by code."""
    return {role.code: role for card in _cards.values() for role in card.roles}
