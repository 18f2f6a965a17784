"""What a list shows and how it narrows: columns, filters, acts on many rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chancery.foundations.web.templatetags import house
from chancery.foundations.words import words

if TYPE_CHECKING:
    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

Row = Mapping[str, Any]
Rows = QuerySet[Any, Any]
Choices = Iterable[tuple[str, "StrOrPromise"]]

STYLES = {"number": "num", "date": "tight", "datetime": "tight", "deadline": "tight", "badge": "tight"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column over `values()` rows.

    `kind`: text, words (reads `<key>_en/_zh`), number, date, datetime, deadline (reads also `<key>_lateness` when the
    row has it), badge, flag. `link` gives the cell's address. `codes` turns stored codes into words, `tones` into
    colours. `sort` is what to order by, "" when the column cannot sort. `value` overrides reading `row[key]`.
    """

    key: str
    title: StrOrPromise
    kind: str = "text"
    sort: str | Sequence[str] = ""
    link: Callable[[Row], str] | None = None
    codes: Mapping[Any, StrOrPromise] = field(default_factory=dict)
    tones: Mapping[Any, str] = field(default_factory=dict)
    value: Callable[[Row], Any] | None = None
    is_main: bool = False
    is_shown: bool = True
    style: str = ""

    @property
    def css(self) -> str:
        """The cell's classes."""
        own = self.style or STYLES.get(self.kind, "")
        return f"{own} is-main".strip() if self.is_main else own

    @property
    def attributes(self) -> SafeString:
        """Class and label (the label shows when rows stack on a phone)."""
        if self.css:
            return format_html(' class="{}" data-label="{}"', self.css, self.title)
        return format_html(' data-label="{}"', self.title)

    def cell(self, row: Row) -> object:
        """What stands inside the row's cell."""
        shown = self.print(row)
        address = self.link(row) if self.link is not None else ""
        return format_html('<a href="{}">{}</a>', address, "—" if shown == "" else shown) if address else shown

    def read(self, row: Row) -> Any:
        """The plain value, as exports write it."""
        if self.value is not None:
            return self.value(row)
        if self.kind == "words":
            return words(row, self.key)
        value = row.get(self.key)
        if self.codes:
            return self.codes.get(value, value)
        if self.kind == "flag":
            return _("yes") if value else ""
        if isinstance(value, dt.datetime):
            return timezone.localtime(value) if timezone.is_aware(value) else value
        return value

    def print(self, row: Row) -> object:
        """The value as the page shows it."""
        value = self.read(row)
        if self.kind == "deadline":
            return house.deadline(value, str(row.get(f"{self.key}_lateness") or ""))
        if value is None or value == "":
            return ""
        if self.kind == "badge":
            return house.badge(value, self.tones.get(row.get(self.key), "neutral"))
        if isinstance(value, dt.datetime):
            return f"{value:%Y-%m-%d %H:%M}"
        if isinstance(value, dt.date):
            return value.isoformat()
        return value


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: what stands inside it, and its attributes, which its column's cells share."""

    inside: object
    attributes: SafeString


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list.

    `kind`: choice, text, date_range (keys `<key>_from`, `<key>_to`), flag. `lookup` is the ORM lookup; `apply` replaces
    it where a lookup is not enough. `choices` may be a callable, asked only when the page is made.
    """

    key: str
    title: StrOrPromise
    kind: str = "choice"
    lookup: str = ""
    choices: Choices | Callable[[], Choices] = ()
    apply: Callable[[Rows, Any], Rows] | None = None

    def options(self) -> list[tuple[str, StrOrPromise]]:
        """The choices, as texts."""
        found = self.choices() if callable(self.choices) else self.choices
        return [(str(code), name) for code, name in found]

    def values(self, query: QueryDict) -> dict[str, str]:
        """What the query string says for this filter, whatever it is worth."""
        keys = (f"{self.key}_from", f"{self.key}_to") if self.kind == "date_range" else (self.key,)
        return {key: query.get(key, "").strip() for key in keys}

    def narrow(self, rows: Rows, query: QueryDict) -> Rows:
        """The rows that pass; nonsense in the query string narrows nothing."""
        said = self.values(query)
        lookup = self.lookup or self.key
        if self.kind == "date_range":
            low, high = (_date(said[f"{self.key}_{end}"]) for end in ("from", "to"))
            if self.apply is not None:
                return self.apply(rows, (low, high)) if low or high else rows
            rows = rows.filter(**{f"{lookup}__gte": low}) if low else rows
            return rows.filter(**{f"{lookup}__lte": high}) if high else rows
        value = said[self.key]
        if not value or (self.kind == "choice" and value not in {code for code, _name in self.options()}):
            return rows
        if self.apply is not None:
            return self.apply(rows, value)
        if self.kind == "text":
            return rows.filter(**{f"{lookup}__icontains": value})
        return rows.filter(**{lookup: True if self.kind == "flag" else value})


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act on the picked rows: a POST to `address` with `pick` once for each."""

    address: str
    title: StrOrPromise
    tone: str = ""
    confirm: StrOrPromise = ""


def _date(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
