"""Turning the pages of a list from row to row, where page numbers end: `?after=<key>` and `?before=<key>`.

The rows that follow a known row in the list's own order are found through the index of that order, wherever in the
list it stands: the millionth row costs what the first does. The address carries only the row's key; its place is read
anew, so a row that has moved meanwhile is followed to where it stands now.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q

if TYPE_CHECKING:
    from chancery.foundations.web.columns import Row, Rows


LONGEST_KEY = 40


def flip(name: str) -> str:
    """The same order the other way round."""
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


@dataclass(frozen=True, slots=True)
class Turn:
    """From which row, and whether back towards the beginning."""

    key: str
    is_back: bool = False

    @classmethod
    def asked(cls, query: Mapping[str, Any]) -> Turn | None:
        """What the address asks for."""
        for name, is_back in (("after", False), ("before", True)):
            if text := str(query.get(name) or "")[:LONGEST_KEY]:
                return cls(text, is_back)
        return None

    def fetch(self, rows: Rows, everything: Rows, order: Sequence[str], key: str, most: int) -> list[Row]:
        """The rows beyond this one, nearest first. From a row that is gone: the first (or the last) of all.

        `everything`: the list before it was narrowed; the row may have dropped out of the search since.
        """
        way = [flip(name) for name in order] if self.is_back else list(order)
        names = [name.removeprefix("-") for name in way]
        place = None
        with contextlib.suppress(ValueError, ValidationError):  # no key at all
            place = everything.order_by().filter(**{key: self.key}).values_list(*names).first()
        beyond = rows.order_by(*way)
        if place is not None:
            beyond = beyond.filter(_beyond(way, place, _nullable(rows, names)))
        return list(beyond[:most])


def _nullable(rows: Rows, names: Sequence[str]) -> list[bool]:
    """Which of the columns may be empty; one we do not know may."""
    found = []
    for name in names:
        try:
            found.append(bool(getattr(rows.model._meta.get_field(name), "null", True)))
        except FieldDoesNotExist:
            found.append(name != "pk")
    return found


def _beyond(way: Sequence[str], place: Sequence[Any], nullable: Sequence[bool]) -> Q:
    """The rows that come after `place`. PostgreSQL sorts empty values last, and first when descending."""
    found, same = Q(pk__in=[]), Q()
    for name, value, may_be_empty in zip(way, place, nullable, strict=True):
        column, is_falling = name.removeprefix("-"), name.startswith("-")
        if value is None:
            further = Q(**{f"{column}__isnull": False}) if is_falling else Q(pk__in=[])
            equal = Q(**{f"{column}__isnull": True})
        else:
            further = Q(**{f"{column}__{'lt' if is_falling else 'gt'}": value})
            if may_be_empty and not is_falling:
                further |= Q(**{f"{column}__isnull": True})
            equal = Q(**{column: value})
        found |= same & further
        same &= equal
    # The first column once more, alone: that is what the index can begin at.
    first, value = way[0], place[0]
    if value is not None and first.startswith("-"):
        return Q(**{f"{first[1:]}__lte": value}) & found
    if value is not None and not nullable[0]:
        return Q(**{f"{first}__gte": value}) & found
    return found
