"""The frame round every page: menu, counts, and places that instruments fill from above.

This storey knows no instrument. An instrument that has something to show in the frame registers it
in its `AppConfig.ready`:

    frame.fill("hat", "access/hat_menu.html", provider=hats_of)      # a template in a named slot
    frame.count("inbox", open_tasks_of)                              # a number beside a menu line
    frame.roles(roles_of)                                            # which menu lines a person is shown
    frame.place("inbox", "procedures:inbox")                         # where `g i` goes
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import cached_property

from chancery.foundations import card
from chancery.foundations.actor import PUBLIC, Actor
from chancery.foundations.words import words

Provider = Callable[[HttpRequest], Mapping[str, Any]]
MENU_COOKIE = "chancery_menu"
#: What the public finds at the top of every page, where an instrument or department has claimed it.
PUBLIC_PLACES = ("petitions", "public_notices", "open_archives", "verify", "status")


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in a slot."""

    template: str
    provider: Provider | None = None


_fillings: dict[str, Filling] = {}
_counts: dict[str, Callable[[Actor], int]] = {}
_places: dict[str, str] = {}
_roles: list[Callable[[Actor], frozenset[str]]] = []


def fill(slot: str, template: str, provider: Provider | None = None) -> None:
    """Put a template into a slot of the frame: "hat", "account", "address", "organisation", "notices"."""
    _fillings[slot] = Filling(template, provider)


def filling(slot: str) -> Filling | None:
    """What stands in the slot, if anything."""
    return _fillings.get(slot)


def count(name: str, of: Callable[[Actor], int]) -> None:
    """A number shown beside the place `name`; asked once a page, so keep it one indexed query."""
    _counts[name] = of


def place(name: str, url_name: str) -> None:
    """Name an address: "inbox", "directory", "search", "suggest", "sign_out", "account", or a public one."""
    _places[name] = url_name
    address_of.cache_clear()


def roles(of: Callable[[Actor], frozenset[str]]) -> None:
    """Who holds which roles, for hiding menu lines. Hiding is courtesy; doors decide."""
    _roles.append(of)


@functools.cache
def address_of(name: str) -> str:
    """The address of a named place, or "" while nothing has claimed it."""
    try:
        return reverse(_places[name])
    except (KeyError, NoReverseMatch):
        path = f"/{name}/"
    try:
        resolve(path)
    except Resolver404:
        return ""
    return path


@dataclass(frozen=True, slots=True)
class Line:
    """A menu line, ready to print."""

    address: str
    title: str
    icon: str
    is_here: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A department's or instrument's lines."""

    title: str
    lines: tuple[Line, ...]


class Frame:
    """What the frame of one page asks; every answer is worked out once, and only when the template wants it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor: Actor = getattr(request, "actor", PUBLIC)

    @cached_property
    def is_narrow(self) -> bool:
        """The person folded the side menu down to its icons."""
        return self.request.COOKIES.get(MENU_COOKIE) == "narrow"

    @cached_property
    def held_roles(self) -> frozenset[str]:
        """The roles the actor holds under this hat."""
        if not self.actor.is_person:
            return frozenset()
        return frozenset().union(*(of(self.actor) for of in _roles))

    @cached_property
    def menu(self) -> list[Section]:
        """The side menu: every card's lines that this actor is shown."""
        here = self.request.path
        wanted = [(one, item, _address(item.url_name)) for one in card.all_cards() for item in one.menu]
        shown = [(one, item, address) for one, item, address in wanted if address and self._is_shown(item)]
        # The deepest address that begins the present one is where we are: /documents/in/ beats /documents/.
        best = max((a for _, _, a in shown if (here.startswith(a) and a != "/") or here == a), key=len, default="")
        sections: dict[str, list[Line]] = {}
        titles = {one.label: words(one) for one, _, _ in shown}
        for one, item, address in shown:
            sections.setdefault(one.label, []).append(
                Line(address, words(item), item.icon or "point", address == best, self._count_at(address))
            )
        return [Section(titles[label], tuple(lines)) for label, lines in sections.items()]

    def _is_shown(self, item: card.MenuItem) -> bool:
        if not self.actor.is_person:
            return item.public
        return not item.roles or bool(self.held_roles.intersection(item.roles))

    def _count_at(self, address: str) -> int | None:
        name = next((name for name in _counts if address_of(name) == address), None)
        return self.counts[name] if name else None

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Numbers by place, for a signed-in person."""
        if not self.actor.is_person or not self.actor.post_id:
            return dict.fromkeys(_counts, 0)
        return {name: of(self.actor) for name, of in _counts.items()}

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Addresses by name: inbox, directory, search, suggest, account, sign_out, and the public ones."""
        names = ("inbox", "directory", "search", "suggest", "account", "sign_out", *PUBLIC_PLACES)
        return {name: address_of(name) for name in names}


@functools.cache
def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        # A card may name a page that this site has not installed; tests hold that the shipped cards all resolve.
        return ""
