"""The words of the file: what may be written where, and how it must look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from chancery.kernel.directory.terms import ContactKind, HoldingKind, Rank, UnitKind

# name -> (type, required, codes or None)
FILE_KEYS: dict[str, tuple[type, bool]] = {
    "title": (str, False),
    "as_of": (dt.date, True),
    "decision": (str, False),
    "person": (list, False),
    "unit": (list, False),
}
PERSON_KEYS: dict[str, tuple[type, bool]] = {"code": (str, True), "name_en": (str, True), "name_zh": (str, False)}
UNIT_KEYS: dict[str, tuple[type, bool]] = {
    "code": (str, True),
    "name_en": (str, True),
    "name_zh": (str, False),
    "kind": (str, True),
    "parent": (str, False),
    "led_by": (str, False),
    "functions_en": (str, False),
    "functions_zh": (str, False),
    "confirmed_on": (dt.date, False),
    "post": (list, False),
    "contact": (list, False),
}
POST_KEYS: dict[str, tuple[type, bool]] = {
    "code": (str, True),
    "title_en": (str, True),
    "title_zh": (str, False),
    "heading_en": (str, False),
    "heading_zh": (str, False),
    "rank": (str, False),
    "is_leading": (bool, False),
    "seats": (int, False),
    "holders": (list, False),
}
CONTACT_KEYS: dict[str, tuple[type, bool]] = {"kind": (str, True), "value": (str, True), "value_zh": (str, False)}
HOLDER_KEYS: dict[str, tuple[type, bool]] = {"person": (str, True), "kind": (str, False)}

CODES: dict[str, tuple[str, ...]] = {
    "unit.kind": tuple(UnitKind.values),
    "post.rank": tuple(Rank.values),
    "contact.kind": tuple(ContactKind.values),
    "holder.kind": tuple(HoldingKind.values),
}


@dataclass(frozen=True, slots=True)
class HolderEntry:
    """A holder of a post; the seat is the place in the list."""

    line: int
    person: str
    kind: str
    seat: int


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post of a unit; the order is the place in the file."""

    line: int
    code: str
    facts: dict[str, Any]
    holders: tuple[HolderEntry, ...]


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """A public office contact of a unit."""

    line: int
    kind: str
    value: str
    value_zh: str


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit with what belongs to it. `facts` without parent and leader, which are codes until they are stored."""

    line: int
    code: str
    parent: str
    led_by: str
    facts: dict[str, Any]
    confirmed_on: dt.date | None
    posts: tuple[PostEntry, ...]
    contacts: tuple[ContactEntry, ...]


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person the file speaks of."""

    line: int
    code: str
    name_en: str
    name_zh: str


@dataclass(slots=True)
class Sheet:
    """A file, read and sound in itself."""

    title: str = ""
    as_of: dt.date = dt.date.min
    decision: str = ""
    people: list[PersonEntry] = field(default_factory=list)
    units: list[UnitEntry] = field(default_factory=list)
