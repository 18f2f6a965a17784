"""Putting items into boxes, closing a box."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive import rules
from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox
from chancery.kernel.records.archive.terms import BOX_SERIES_PREFIX, LIVE, BoxState
from chancery.kernel.records.numbers.services import issue_numbers

_SHELF = ("fonds_id", "category", "year", "period", "unit_code")


@service
def box_up(*, item_ids: Collection[int], by: Actor, at: dt.datetime) -> list[ArchiveBox]:
    """Put items into boxes in the order of their codes: the open box of their shelf first, new ones when it is full.

    How many pages a box holds is the provision `archive.box.pages`; an item of unknown length counts as one page.
    """
    items = list(
        ArchivalItem.objects.select_for_update(of=("self",))
        .select_related("fonds")
        .filter(pk__in=item_ids)
        .order_by(*_SHELF, "item_number")
    )
    if not items or len(items) != len(set(item_ids)):
        raise Refused(_("There is no such item."))
    for item in items:
        rules.may_box(by, item.fonds.keeper_unit_id).demand()
        rules.goes_into_a_box(item.carrier, item.code).demand()
        if item.box_id is not None:
            raise Refused(_("%(code)s lies in a box already.") % {"code": item.code})
        if item.state not in LIVE:
            raise Refused(_("%(code)s is no longer here.") % {"code": item.code})
    touched = []
    for _shelf, some in groupby(items, key=lambda item: tuple(getattr(item, name) for name in _SHELF)):
        touched += _fill(list(some), by, at)
    return touched


@service
def close_box(*, box_id: int, by: Actor, at: dt.datetime) -> ArchiveBox:
    """Close a box: nothing more is put into it."""
    box = ArchiveBox.objects.select_for_update(of=("self",)).select_related("fonds").filter(pk=box_id).first()
    if box is None:
        raise Refused(_("There is no such box."))
    rules.may_box(by, box.fonds.keeper_unit_id).demand()
    if box.state == BoxState.OPEN:
        box.state = BoxState.CLOSED
        box.save(update_fields=["state"])
        journal.write(by=by, at=at, act="archive_box.closed", on=box, data={"code": box.code})
    return box


def _fill(items: list[ArchivalItem], by: Actor, at: dt.datetime) -> list[ArchiveBox]:
    """Items of one shelf, in order."""
    room = int(rulebook.number("archive.box.pages", on=clock.date_of(at)))
    first = items[0]
    box = (
        ArchiveBox.objects.select_for_update()
        .filter(state=BoxState.OPEN, **{name: getattr(first, name) for name in _SHELF})
        .order_by("-number")
        .first()
    )
    left = room - _pages_in(box) if box is not None else 0
    touched: list[ArchiveBox] = []
    laid: dict[int, list[ArchivalItem]] = {}
    for item in items:
        pages = item.page_count or 1
        if box is None or (pages > left and left < room):
            if box is not None:
                close_box(box_id=box.pk, by=by, at=at)
            box, left = _new_box(item, by, at), room
        if box not in touched:
            touched.append(box)
        laid.setdefault(box.pk, []).append(item)
        left -= pages
    codes = {one.pk: one.code for one in touched}
    for box_id, some in laid.items():
        ArchivalItem.objects.filter(pk__in=[item.pk for item in some]).update(box_id=box_id)
    journal.write_many(
        act="item.boxed",
        lines=[
            journal.Line(f"records.archivalitem:{item.pk}", {"box": codes[box_id]}, item.guard_id, item.label)
            for box_id, some in laid.items()
            for item in some
        ],
        by=by,
        at=at,
    )
    return touched


def _pages_in(box: ArchiveBox) -> int:
    return sum(count or 1 for count in ArchivalItem.objects.filter(box=box).values_list("page_count", flat=True))


def _new_box(item: ArchivalItem, by: Actor, at: dt.datetime) -> ArchiveBox:
    shelf = rules.Shelf(item.fonds_id, item.fonds.code, item.category, item.year, item.period, item.unit_code)
    pattern = rulebook.text("archive.box.code", on=clock.date_of(at))
    series, form = rules.series_of(pattern, shelf, BOX_SERIES_PREFIX)
    [(_number_id, value, code)] = issue_numbers(
        series=series, year=item.year, form=form, subjects=[""], guard_ids=[None], by=by, at=at
    )
    facts: dict[str, Any] = {name: getattr(item, name) for name in _SHELF}
    box = ArchiveBox.objects.create(**facts, number=value, code=code, made_at=at)
    journal.write(by=by, at=at, act="archive_box.made", on=box, data={"code": code})
    return box
