"""A list page: columns, filters, search, sort, pages, saved views, exports; one object, one template include.

    page = ListPage(
        request,
        name="general_office.register",                       # for saved views; also the export's file name
        rows=Document.objects.values("id", "number", "title", "state", "due_on"),
        columns=[
            Column("number", _("Number"), sort="number", style="tight"),
            Column("title", _("Title"), link=lambda row: reverse("…", args=[row["id"]]), is_main=True, style="cut"),
            Column("state", _("State"), kind="badge", codes=dict(State.choices), tones={"LATE": "red"}, sort="state"),
            Column("due_on", _("Due"), kind="deadline", sort="due_on"),
        ],
        filters=[Filter("state", _("State"), choices=State.choices), Filter("due_on", _("Due"), kind="date_range")],
        search=("title", "number"),                           # or a callable (rows, words) -> rows
        order="-id",
    )
    return page.respond("general_office/register.html", {"…": …})

The template prints it with `{% include "web/components/table.html" %}`; htmx swaps that part alone. Two queries,
however many rows: one page of rows, one count that stops at a thousand. What may be seen is row security's business.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from chancery.foundations.web import exports
from chancery.foundations.web.columns import Bulk, Cell, Column, Filter, Row, Rows
from chancery.foundations.web.turning import Turn, flip

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["Bulk", "Column", "Filter", "ListPage"]

DEEPEST_PAGE = 500  # beyond it one goes on from row to row (`turning.py`); the database need not skip a million rows
PER_PAGE_CHOICES = (20, 50, 100)
NOT_KEPT = {"col", "page", "export", "after", "before"}


class ListPage:
    """The state of one list, read from the query string."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        name: str,
        rows: Rows,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        search: Sequence[str] | Callable[[Rows, str], Rows] = (),
        order: str | Sequence[str] = "-id",
        key: str = "id",
        caption: StrOrPromise = "",
        bulk: Sequence[Bulk] = (),
        per_page: int = 20,
        count_to: int = 1000,
        rows_template: str = "web/components/rows.html",
        empty: Mapping[str, Any] | None = None,
        row_css: Callable[[Row], str] | None = None,
    ) -> None:
        self.request, self.name, self.source, self.all_columns = request, name, rows, list(columns)
        self.filters, self.search, self.order, self.key = list(filters), search, order, key
        self.caption, self.bulk, self.count_to, self.rows_template = caption, list(bulk), count_to, rows_template
        self.empty = dict(empty or {})
        self.row_css = row_css
        asked = _number(request.GET.get("per"), per_page)
        self.per_page = asked if asked in (*PER_PAGE_CHOICES, per_page) else per_page
        self.page = max(1, min(_number(request.GET.get("page"), 1), DEEPEST_PAGE))
        self.turn = Turn.asked(request.GET)
        self.id = "list-" + "".join(c if c.isalnum() else "-" for c in name)

    # --- What the query string says -------------------------------------------------------------------------------
    @cached_property
    def words(self) -> str:
        """The search words."""
        return self.request.GET.get("q", "").strip()[:200]

    @property
    def has_search(self) -> bool:
        """True when the list can be searched (a template would call `search` itself)."""
        return bool(self.search)

    @cached_property
    def sort(self) -> str:
        """The sorted column's key, "-" before it when descending; "" for the list's own order."""
        asked = self.request.GET.get("sort", "")
        return asked if any(c.key == asked.removeprefix("-") and c.sort for c in self.all_columns) else ""

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown, in the list's order."""
        asked = set(self.request.GET.getlist("col"))
        chosen = [c for c in self.all_columns if c.key in asked or c.is_main] if asked else []
        return chosen or [c for c in self.all_columns if c.is_shown]

    @cached_property
    def column_choices(self) -> list[tuple[Column, bool]]:
        """Every column, and whether it is shown."""
        shown = {c.key for c in self.columns}
        return [(c, c.key in shown) for c in self.all_columns]

    @cached_property
    def carried_query(self) -> list[tuple[str, str]]:
        """What the filter form takes along although it has no field for it: order, columns, page length."""
        return [(name, v) for name in ("sort", "col", "per") for v in self.request.GET.getlist(name) if v]

    @cached_property
    def kept_query(self) -> list[tuple[str, str]]:
        """The query string but for columns and page: what the choice of columns takes along."""
        return [(n, v) for n, all_ in self.request.GET.lists() if n not in NOT_KEPT for v in all_ if v]

    @cached_property
    def is_narrowed(self) -> bool:
        """True when a search or filter is on."""
        return bool(self.words) or any(any(f.values(self.request.GET).values()) for f in self.filters)

    @cached_property
    def bar(self) -> list[dict[str, Any]]:
        """The filters, ready to print."""
        return [
            {
                "filter": one,
                "options": one.options() if one.kind == "choice" else [],
                "values": said,
                "value": next(iter(said.values())),
                "low": said.get(f"{one.key}_from", ""),
                "high": said.get(f"{one.key}_to", ""),
            }
            for one in self.filters
            for said in [one.values(self.request.GET)]
        ]

    @cached_property
    def heads(self) -> list[dict[str, Any]]:
        """The head row: title, how it is sorted, and the query string that sorts it."""
        heads = []
        for c in self.columns:
            now = {c.key: "ascending", f"-{c.key}": "descending"}.get(self.sort, "")
            heads.append({"column": c, "sorted": now, "next": f"-{c.key}" if now == "ascending" else c.key})
        return heads

    # --- Rows -----------------------------------------------------------------------------------------------------
    @cached_property
    def narrowed(self) -> Rows:
        """The rows that pass search and filters, in order; pages and exports both read this."""
        rows = self.source
        for one in self.filters:
            rows = one.narrow(rows, self.request.GET)
        if self.words:
            if callable(self.search):
                rows = self.search(rows, self.words)
            elif self.search:
                for word in self.words.split():
                    rows = rows.filter(_any_of(self.search, word))
        return rows.order_by(*self._order())

    def _order(self) -> list[str]:
        own = [self.order] if isinstance(self.order, str) else list(self.order)
        if not self.sort:
            chosen = own
        else:
            sort = next(c.sort for c in self.all_columns if c.key == self.sort.removeprefix("-"))
            names = [sort] if isinstance(sort, str) else list(sort)
            chosen = [flip(n) for n in names] if self.sort.startswith("-") else names
        # A total order, or rows would wander between pages.
        return chosen if any(n.lstrip("-") == self.key for n in chosen) else [*chosen, self.key]

    @cached_property
    def _fetched(self) -> list[Row]:
        if self.turn is not None:
            return self.turn.fetch(self.narrowed, self.source, self._order(), self.key, self.per_page + 1)
        start = (self.page - 1) * self.per_page
        return list(self.narrowed[start : start + self.per_page + 1])

    @property
    def rows(self) -> list[Row]:
        """This page's rows."""
        found = self._fetched[: self.per_page]
        return found[::-1] if self.turn is not None and self.turn.is_back else found

    @cached_property
    def body(self) -> list[dict[str, Any]]:
        """This page's rows as cells; `rows_template` may read `rows` instead and print its own."""
        columns = [(c.cell, c.attributes) for c in self.columns]
        return [
            {
                "key": row.get(self.key),
                "row": row,
                "css": self.row_css(row) if self.row_css else "",
                "cells": [Cell(inside(row), attributes) for inside, attributes in columns],
            }
            for row in self.rows
        ]

    # --- Pages ----------------------------------------------------------------------------------------------------
    @cached_property
    def count(self) -> int:
        """How many rows there are, counted no further than `count_to` + 1."""
        return self.narrowed.order_by()[: self.count_to + 1].count() if self.count_to else 0

    @property
    def is_more_than_counted(self) -> bool:
        """True when the count stopped."""
        return self.count > self.count_to

    @property
    def has_next(self) -> bool:
        """True when a further page may be turned to by its number."""
        return self.turn is None and len(self._fetched) > self.per_page and self.page < DEEPEST_PAGE

    @property
    def is_deepest(self) -> bool:
        """True on the last numbered page although rows follow."""
        return self.turn is None and len(self._fetched) > self.per_page and self.page >= DEEPEST_PAGE

    @property
    def is_beyond(self) -> bool:
        """True where pages have no numbers any more."""
        return self.turn is not None

    @property
    def goes_on_after(self) -> Any:
        """The row after which the list goes on beyond the numbered pages; None where it does not."""
        if not self.rows or not (self.is_deepest or self.is_beyond):
            return None
        came_from_there = self.turn is not None and self.turn.is_back
        return self.rows[-1].get(self.key) if came_from_there or len(self._fetched) > self.per_page else None

    @property
    def goes_back_before(self) -> Any:
        """The row before which there are others, beyond the numbered pages."""
        if not self.rows or self.turn is None:
            return None
        return self.rows[0].get(self.key) if not self.turn.is_back or len(self._fetched) > self.per_page else None

    @property
    def first(self) -> int:
        """The number of the first row on this page."""
        return (self.page - 1) * self.per_page + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row on this page."""
        return (self.page - 1) * self.per_page + len(self.rows)

    @cached_property
    def pages(self) -> list[int]:
        """Page numbers round the present one."""
        known = min(self.count, self.count_to)
        end = min(DEEPEST_PAGE, max(math.ceil(known / self.per_page), self.page + (1 if self.has_next else 0)))
        return list(range(max(1, self.page - 2), min(end, self.page + 2) + 1))

    # --- Answers --------------------------------------------------------------------------------------------------
    def respond(self, template: str, context: Mapping[str, Any] | None = None, **more: Any) -> HttpResponseBase:
        """The page; its list alone for htmx; or the export that `?export=csv|xlsx` asks for."""
        kind = self.request.GET.get("export")
        if kind in exports.KINDS:
            return exports.respond(self.request, self.name, self.columns, self.narrowed, kind)
        part = getattr(self.request, "htmx", False) and self.request.headers.get("HX-Target") == self.id
        data = {**(context or {}), **more, "list": self}
        response = render(self.request, "web/components/table_part.html" if part else template, data)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response


def _any_of(lookups: Sequence[str], word: str) -> Q:
    found = Q()
    for lookup in lookups:
        found |= Q(**{f"{lookup}__icontains": word})
    return found


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default
