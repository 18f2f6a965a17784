"""Questions about holds. Row security shows a hold to its keepers; that an item is held, staff may ask by number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from chancery.kernel.directory.models import UnitClosure
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.fileplan.models import Fonds, PlanClass
from chancery.kernel.records.holds.models import Hold, HoldCover


def held(item_ids: Collection[int]) -> set[int]:
    """Those of the items that are held today, by whatever hold, seen or unseen."""
    if not item_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("select records_held(%s)", [list(item_ids)])
        return {row[0] for row in cursor.fetchall()}


def holds() -> QuerySet[Any, Any]:
    """The holds the actor may see."""
    return Hold.objects.annotate(
        placed_en=F("placed_person__name_en"), placed_zh=F("placed_person__name_zh"), cover_count=Count("covers")
    ).values(
        "id", "kind", "title", "placed_at", "placed_en", "placed_zh", "review_on", "lifted_at", "cover_count"
    )  # fmt: skip


def hold(hold_id: int) -> Hold | None:
    """One hold."""
    return Hold.objects.select_related("placed_person", "lifted_person").filter(pk=hold_id).first()


def covers(hold_id: int) -> Sequence[HoldCover]:
    """What a hold covers by rule: classes, units, years; its single items are `covered_items`."""
    return list(HoldCover.objects.select_related("fonds", "unit").filter(hold_id=hold_id, item=None).order_by("id"))


def single_items(hold_id: int) -> int:
    """How many items it names one by one, of those the actor may know of."""
    return HoldCover.objects.filter(hold_id=hold_id, item__in=ArchivalItem.objects.values("pk")).count()


def covered(hold_id: int) -> QuerySet[ArchivalItem]:
    """The items that a hold covers today, as far as the actor may know of them."""
    named = HoldCover.objects.filter(hold_id=hold_id, item__isnull=False)
    found = Q(pk__in=named.values("item_id"))
    for one in covers(hold_id):
        found |= _by_rule(one)
    return ArchivalItem.objects.filter(found)


def holds_of(item_id: int) -> list[Any]:
    """The standing holds on an item that the actor may see. Ask `held` for those that they may not."""
    item = ArchivalItem.objects.filter(pk=item_id).first()
    if item is None:
        return []
    above = UnitClosure.objects.filter(descendant_id=item.unit_id).values("ancestor_id")
    by_rule = (
        Q(item=None, fonds_id=item.fonds_id)
        & (Q(class_code="") | Q(class_code__in=_class_and_above(item.class_code)))
        & (Q(unit=None) | Q(unit__in=above))
        & (Q(from_year=None) | Q(from_year__lte=item.year))
        & (Q(to_year=None) | Q(to_year__gte=item.year))
    )
    on_it = HoldCover.objects.filter(Q(item_id=item_id) | by_rule, hold_id=OuterRef("pk"))
    rows = Hold.objects.filter(Exists(on_it), lifted_at=None)
    return list(rows.order_by("id").values("id", "kind", "title", "reason", "basis", "placed_at", "review_on"))


def due_for_review(today: dt.date) -> QuerySet[Hold]:
    """Standing holds that somebody should have looked at by today."""
    return Hold.objects.filter(lifted_at=None, review_on__lte=today)


def items_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Code → item, of those the actor may know of."""
    return dict(ArchivalItem.objects.filter(code__in=list(codes)).values_list("code", "id"))


def fonds_choices() -> list[tuple[int, str, str, str]]:
    """The fonds: id, code and names."""
    return list(Fonds.objects.order_by("code").values_list("id", "code", "name_en", "name_zh"))


def is_class_of(fonds_id: int, class_code: str) -> bool:
    """Whether any version of the fonds' plan, or an item of it, has the class."""
    return (
        PlanClass.objects.filter(plan__fonds_id=fonds_id, code=class_code).exists()
        or ArchivalItem.objects.filter(fonds_id=fonds_id, class_code=class_code).exists()
    )


def _class_and_above(code: str) -> list[str]:
    """JX.2-1 → JX.2-1, JX.2, JX."""
    found = [code]
    for place in range(len(code) - 1, 0, -1):
        if code[place] in ".-":
            found.append(code[:place])
    return found


def _by_rule(cover: HoldCover) -> Q:
    found = Q(fonds_id=cover.fonds_id)
    if cover.class_code:
        below = (Q(class_code__startswith=f"{cover.class_code}{mark}") for mark in ".-")
        found &= Q(class_code=cover.class_code) | next(below) | next(below)
    if cover.unit_id:
        found &= Q(unit__in=UnitClosure.objects.filter(ancestor_id=cover.unit_id).values("descendant_id"))
    if cover.from_year:
        found &= Q(year__gte=cover.from_year)
    if cover.to_year:
        found &= Q(year__lte=cover.to_year)
    return found
