"""A year's figures: what pages of statistics have in common.

rows = Document.objects.filter(...)
lines(rows, "kind", dict(Kind.choices))          # one grouped query → [Line(name, count, share)]
chart_of(lines(...))                              # what `{% chart %}` takes
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MONTHS = (
    gettext_lazy("Jan"),
    gettext_lazy("Feb"),
    gettext_lazy("Mar"),
    gettext_lazy("Apr"),
    gettext_lazy("May"),
    gettext_lazy("Jun"),
    gettext_lazy("Jul"),
    gettext_lazy("Aug"),
    gettext_lazy("Sep"),
    gettext_lazy("Oct"),
    gettext_lazy("Nov"),
    gettext_lazy("Dec"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of figures."""

    name: str
    count: int
    share: int  # per cent of all


def lines(rows: Any, columns: str | Sequence[str], name: Mapping[str, Any] | Callable[[Any], str]) -> list[Line]:
    """Rows counted by a column (its codes named by a mapping) or by columns (named by a callable), most first."""
    names = [columns] if isinstance(columns, str) else list(columns)
    counted = list(rows.order_by().values(*names).annotate(n=Count("pk")).order_by("-n", *names))
    total = sum(row["n"] for row in counted)
    told = name if callable(name) else lambda row: str(name.get(row[names[0]], row[names[0]]))
    return [Line(told(row), row["n"], round(100 * row["n"] / total)) for row in counted]


def by_month(rows: Any, column: str) -> list[int]:
    """How many rows each month of the year has, by a date column."""
    found = dict(rows.order_by().annotate(month=ExtractMonth(column)).values_list("month").annotate(n=Count("pk")))
    return [found.get(month, 0) for month in range(1, 13)]


def chart(
    kind: str, labels: Iterable[Any], values: Sequence[float | int | None], *, name: str = "", unit: str = ""
) -> dict[str, Any]:
    """A chart of one series, as `{% chart %}` takes it."""
    series = [{"name": name or _("Documents"), "values": list(values)}]
    return {"kind": kind, "labels": [str(label) for label in labels], "unit": unit, "series": series}


def chart_of(found: Sequence[Line]) -> dict[str, Any]:
    """Lines as bars."""
    return chart("hbar", [line.name for line in found], [line.count for line in found])


def chosen_year(asked: str, years: Sequence[int]) -> int:
    """The year a page was asked for, if it has one; else the latest."""
    return int(asked) if asked.isdecimal() and int(asked) in years else years[0]
