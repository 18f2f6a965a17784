"""Vocabulary of archival items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.foundations.actor import Clearance

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from chancery.foundations.actor import Actor


class ItemState(models.TextChoices):
    """Where an archival item stands.

    FILED: with the department that made it. OFFERED: on a hand-over list. HELD: accepted by the archive.
    TRANSFERRED and DESTROYED are ends: the row stays as a stub.
    """

    FILED = "FILED", pgettext_lazy("archival item", "Filed")
    OFFERED = "OFFERED", pgettext_lazy("archival item", "Handed over")
    HELD = "HELD", pgettext_lazy("archival item", "In the archive")
    TRANSFERRED = "TRANSFERRED", pgettext_lazy("archival item", "Transferred")
    DESTROYED = "DESTROYED", pgettext_lazy("archival item", "Destroyed")


LIVE = (ItemState.FILED, ItemState.OFFERED, ItemState.HELD)


class PartRole(models.TextChoices):
    """What a file is to its item, in the order in which an item is put together: paper before draft, slip with them."""

    MAIN = "MAIN", pgettext_lazy("part of an archival item", "Text")
    ANNEX = "ANNEX", pgettext_lazy("part of an archival item", "Annex")
    DRAFT = "DRAFT", pgettext_lazy("part of an archival item", "Final draft")
    SLIP = "SLIP", pgettext_lazy("part of an archival item", "Processing slip")
    OPINIONS = "OPINIONS", pgettext_lazy("part of an archival item", "Opinions")
    REPLY = "REPLY", pgettext_lazy("part of an archival item", "Reply")
    SOURCE = "SOURCE", pgettext_lazy("part of an archival item", "Source")
    METADATA = "METADATA", pgettext_lazy("part of an archival item", "Metadata")


class Carrier(models.TextChoices):
    """What the item is on."""

    DIGITAL = "DIGITAL", pgettext_lazy("carrier of an archival item", "Electronic")
    PAPER = "PAPER", pgettext_lazy("carrier of an archival item", "Paper")
    BOTH = "BOTH", pgettext_lazy("carrier of an archival item", "Paper and electronic")


class BoxState(models.TextChoices):
    """Whether a box still takes items."""

    OPEN = "OPEN", pgettext_lazy("box of the archive", "Open")
    CLOSED = "CLOSED", pgettext_lazy("box of the archive", "Closed")


#: What the labels are called on the pages of the archive.
LABEL_WORDS: dict[int, StrOrPromise] = {
    Clearance.PUBLIC.value: _("Public"),
    Clearance.INTERNAL.value: _("Internal"),
    Clearance.RESTRICTED.value: _("Restricted"),
    Clearance.CONFIDENTIAL.value: _("Confidential (house)"),
}

#: The series of archival codes begin with this; what follows names the places between which numbers run.
SERIES_PREFIX = "archive."
BOX_SERIES_PREFIX = "archivebox."
#: The kind of an item in the search index.
SEARCH_KIND = "archive"
#: How an archivist comes to read what was filed, as written beside the reader.
KEEPS = "archive"

ACTS = {
    "item.filed": _("Filed in the archive"),
    "item.corrected": _("Description corrected"),
    "item.relabelled": _("Label changed"),
    "item.state_changed": _("State changed"),
    "item.boxed": _("Put into a box"),
    "archive_box.made": _("Box made"),
    "archive_box.closed": _("Box closed"),
}


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something that keeps a matter from being filed or closed: what it is, where to see to it."""

    text: StrOrPromise
    url: str = ""
    field: str | None = None


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A stored file and what it is to the item."""

    file_id: int
    role: str
    title: str = ""
    page_count: int | None = None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What becomes an item. Parts come in the order in which they shall lie.

    `period` "" means that of the class; `year` None that of `dated_on`; `title` and the like as in the catalogue.
    """

    kind: str
    subject: str
    content_guard_id: int
    unit_id: int
    title: str
    dated_on: dt.date | None
    plan_class_id: int
    author: str = ""
    document_number: str = ""
    label: int = Clearance.INTERNAL
    period: str | None = None
    page_count: int | None = None
    matter_number: str = ""
    note: str = ""
    carrier: str = Carrier.DIGITAL
    parts: Sequence[PartFacts] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of filing many: how many, the first code and the last."""

    count: int = 0
    first_code: str = ""
    last_code: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where items of a kind come from: how one is gathered, what hinders it, how its content is blanked at destruction.

    `gather(subject=, by=, at=)` returns the facts (None: there is nothing under that subject for the actor).
    `purge(item_id, subject)` blanks what the function keeps outside the item's files; the database lets it only for an
    item that was destroyed.
    `url` is the page of what was filed, "" when there is none for the actor.
    `types` are the words of its own types, where they are no types of paper.
    """

    kind: str
    name_en: str
    name_zh: str
    gather: Callable[..., ItemFacts | None] | None = None
    hindrances: Callable[[str, Actor], list[Hindrance]] | None = None
    purge: Callable[[int, str], None] | None = None
    url: Callable[[str], str] | None = None
    types: Callable[[], Mapping[str, StrOrPromise]] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A block on the item page, from a function above: its template gets `section` = what `context` returns."""

    name: str
    template: str
    context: Callable[[Any, Actor], Mapping[str, Any] | None]
    place: int = 100


_sources: dict[str, Source] = {}
_box_pages: list[Callable[[int, Actor], tuple[str, str] | None]] = []
_sections: dict[str, Section] = {}


def register_source(source: Source) -> None:
    """Declare where items of a kind come from; called from `AppConfig.ready`."""
    _sources[source.kind] = source


def source(kind: str) -> Source | None:
    """The source of a kind."""
    return _sources.get(kind)


def sources() -> dict[str, Source]:
    """Every declared source by kind."""
    return dict(_sources)


def register_box_page(page: Callable[[int, Actor], tuple[str, str] | None]) -> None:
    """Declare a page about a box, of a function above: (words, address) for who may open it, None for others."""
    _box_pages.append(page)


def box_pages(box_id: int, by: Actor) -> list[tuple[str, str]]:
    """The pages about a box that the actor may open."""
    return [found for page in _box_pages if (found := page(box_id, by)) is not None]


def register_section(section: Section) -> None:
    """Declare a block of the item page; called from `AppConfig.ready`."""
    _sections[section.name] = section


def sections() -> list[Section]:
    """The blocks of the item page, in their order."""
    return sorted(_sections.values(), key=lambda one: (one.place, one.name))
