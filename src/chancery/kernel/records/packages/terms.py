"""Vocabulary of packages: what a package holds, how its parts are named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

PROFILE = "urn:chancery:archive:1"
AID, PRESERVATION = "data/metadata/ead3.xml", "data/metadata/premis.xml"
ITEMS = "data/items/"
PERMANENT = "permanent"

ACTS = {
    "package.made": _("Package made"),
    "package.taken_in": _("Package taken in"),
    "item.packed": _("Packed for another archive"),
    "item.taken_in": _("Taken in from another archive"),
}


@dataclass(frozen=True, slots=True)
class PartFact:
    """A file of an item. `path` is its place in the package."""

    path: str
    role: str
    title: str
    name: str
    media_type: str
    size: int
    sha256: str
    sound_at: dt.datetime | None = None
    page_count: int | None = None
    stored_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemFact:
    """An item as its catalogue line has it; `label` is the code of a clearance (INTERNAL), `period` of the schedule."""

    code: str
    number: int
    title: str
    dated_on: dt.date
    year: int
    category: str
    class_code: str
    period: str
    unit_code: str
    label: str
    author: str = ""
    document_number: str = ""
    page_count: int | None = None
    matter_number: str = ""
    note: str = ""
    kind: str = ""
    carrier: str = "DIGITAL"
    opens_on: dt.date | None = None
    retain_until: dt.date | None = None
    parts: Sequence[PartFact] = ()


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A class of the plan, with its period when items lie in it."""

    code: str
    name: str
    parent: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class FondsFact:
    """The body whose record it is, and who keeps it."""

    code: str
    name_en: str
    name_zh: str
    begun_on: dt.date
    keeper: str = ""
    history: str = ""


@dataclass(frozen=True, slots=True)
class EventFact:
    """Something that happened to an item, or to one of its files (`about`: a code, or a path)."""

    kind: str
    at: dt.datetime
    about: str
    detail: str = ""
    agent: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a package says."""

    fonds: FondsFact
    periods: dict[str, int | None]
    classes: Sequence[ClassFact]
    items: Sequence[ItemFact]
    events: Sequence[EventFact] = field(default_factory=list)
    organization: str = ""
    reference: str = ""
    purpose: str = ""
    made_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """A package that was made."""

    name: str
    sha256: str
    size: int
    items: int
    files: int
