"""Questions about places, boxes on them and stocktakes. Row security leaves the keepers' rows to the keepers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.storage import rules
from chancery.departments.general_office.archives.storage.models import (
    BoxPlacing,
    Stocktake,
    StocktakeCount,
    StocktakeExpected,
    StoragePlace,
)
from chancery.departments.general_office.archives.storage.terms import (
    KEEPERS,
    Finding,
    Heard,
    PlaceKind,
    StocktakeState,
)
from chancery.foundations.actor import Actor
from chancery.foundations.web.columns import Rows
from chancery.kernel.access.roles.queries import my_duties
from chancery.kernel.directory.models import Unit
from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox

PLACE = (
    "id", "code", "name", "kind", "parent_id", "path", "width_mm", "note", "closed_at", "keeper_unit_id",
)  # fmt: skip


def keeper_units(by: Actor) -> list[Unit]:
    """The units over which the hat keeps an archive."""
    own = {unit_id for role, unit_id, _post, _scope in my_duties(by) if role in KEEPERS}
    return list(Unit.objects.filter(pk__in=own).order_by("position", "pk"))


def place_of(code: str) -> StoragePlace | None:
    """A place by its code, for who keeps it."""
    return StoragePlace.objects.select_related("parent", "keeper_unit").filter(code=code.strip().upper()).first()


def rooms() -> Rows:
    """Rooms, each with how many shelves and boxes are in it."""
    inside = StoragePlace.objects.filter(path__startswith=OuterRef("path"), closed_at=None)
    shelves = inside.filter(kind=PlaceKind.SHELF).order_by().values("keeper_unit").annotate(n=Count("id")).values("n")
    boxes = (
        BoxPlacing.objects.filter(until=None, place__path__startswith=OuterRef("path"))
        .order_by()
        .values("until")
        .annotate(n=Count("id"))
        .values("n")
    )
    rows: Rows = (
        StoragePlace.objects.filter(kind=PlaceKind.ROOM)
        .annotate(shelves=Coalesce(Subquery(shelves[:1]), 0), boxes=Coalesce(Subquery(boxes[:1]), 0))
        .values(*PLACE, "shelves", "boxes")
    )
    return rows


def inside(place: StoragePlace) -> list[dict[str, Any]]:
    """Everything below a place, in order, with the boxes and millimetres on each shelf; one query."""
    now = BoxPlacing.objects.filter(place=OuterRef("pk"), until=None).order_by().values("place")
    rows: Rows = (
        StoragePlace.objects.filter(path__startswith=place.path)
        .exclude(pk=place.pk)
        .annotate(
            boxes=Coalesce(Subquery(now.annotate(n=Count("id")).values("n")), 0),
            used_mm=Coalesce(Subquery(now.annotate(n=Sum("box__spine_mm")).values("n")), 0),
        )
        .order_by("path")
        .values(*PLACE, "boxes", "used_mm")
    )
    return list(rows)


def used_mm(place_id: int) -> int:
    """The millimetres taken on a shelf."""
    return BoxPlacing.objects.filter(place_id=place_id, until=None).aggregate(n=Sum("box__spine_mm"))["n"] or 0


STANDING = (
    "id", "box_id", "box__code", "box__year", "box__period", "box__unit_code", "box__spine_mm", "box__state",
    "place_id", "place__code", "since", "items",
)  # fmt: skip


def boxes_at(place: StoragePlace) -> Rows:
    """The boxes on a place and below it."""
    rows: Rows = (
        BoxPlacing.objects.filter(until=None, place__path__startswith=place.path)
        .annotate(items=Count("box__items"))
        .order_by("place__path", "box__code")
        .values(*STANDING)
    )
    return rows


def unplaced() -> QuerySet[ArchiveBox]:
    """Boxes that stand nowhere."""
    return ArchiveBox.objects.exclude(pk__in=BoxPlacing.objects.filter(until=None).values("box_id"))


def log_of(box_id: int) -> list[dict[str, Any]]:
    """Where a box stood, the latest first."""
    rows: Rows = (
        BoxPlacing.objects.filter(box_id=box_id)
        .order_by("-since", "-id")
        .values(
            "id",
            "place__code",
            "place__name",
            "since",
            "until",
            "reason",
            "stocktake_id",
            "person__name_en",
            "person__name_zh",
        )
    )
    return list(rows)


def standing(box_id: int) -> dict[str, Any] | None:
    """Where a box stands."""
    rows: Rows = BoxPlacing.objects.filter(box_id=box_id, until=None).values("place__code", "place__name", "since")
    return rows.first()


def box_page(box_id: int, by: Actor) -> tuple[str, str] | None:
    """Where a box stands, as a link for its own page; None for whoever does not enter the storage."""
    if not rules.may_enter(by):
        return None
    now = standing(box_id)
    said = _("Stands at %(code)s") % {"code": now["place__code"]} if now else _("Stands nowhere yet")
    return said, reverse("general_office:storage_box", args=[box_id])


def section(item: ArchivalItem, by: Actor) -> dict[str, Any] | None:
    """What the item's page shows its keepers: the box and where that stands; nothing to others."""
    if item.box_id is None or not rules.may_enter(by):
        return None
    return {"box": item.box, "standing": standing(item.box_id)}


# --- Stocktakes -------------------------------------------------------------------------------------------------------
TAKE = (
    "id", "place__code", "place__name", "place__kind", "state", "opened_at", "counted_at", "signed_at",
    "opened_person__name_en", "opened_person__name_zh", "signed_person__name_en", "signed_person__name_zh", "should",
    "read",
)  # fmt: skip


def stocktakes() -> Rows:
    """Stocktakes with how many boxes should be there and how many were read."""
    should = (
        StocktakeExpected.objects.filter(stocktake=OuterRef("pk"))
        .order_by()
        .values("stocktake")
        .annotate(n=Count("id"))
        .values("n")
    )
    read = (
        StocktakeCount.objects.filter(stocktake=OuterRef("pk"), heard=Heard.BOX, is_again=False)
        .order_by()
        .values("stocktake")
        .annotate(n=Count("id"))
        .values("n")
    )
    rows: Rows = Stocktake.objects.annotate(
        should=Coalesce(Subquery(should), 0), read=Coalesce(Subquery(read), 0)
    ).values(*TAKE)
    return rows


def stocktake(stocktake_id: int) -> Stocktake | None:
    """One, or None when it does not exist for the actor."""
    return (
        Stocktake.objects.select_related("place", "opened_person", "counted_person", "signed_person", "signed_post")
        .filter(pk=stocktake_id)
        .first()
    )


def latest_counts(stocktake_id: int, limit: int = 20) -> list[dict[str, Any]]:
    """What was read last, by whomever."""
    rows: Rows = (
        StocktakeCount.objects.filter(stocktake_id=stocktake_id)
        .order_by("-id")
        .values(
            "id",
            "text",
            "heard",
            "is_again",
            "source",
            "at",
            "box__code",
            "item__code",
            "place__code",
            "person_id",
            "person__name_en",
            "person__name_zh",
        )[:limit]
    )
    return list(rows)


def progress(stocktake_id: int) -> dict[str, int]:
    """Boxes expected and read, codes read twice, codes that nobody knows."""
    counts = StocktakeCount.objects.filter(stocktake_id=stocktake_id).aggregate(
        read=Count("id", filter=Q(heard=Heard.BOX, is_again=False)),
        again=Count("id", filter=Q(heard=Heard.BOX, is_again=True)),
        unknown=Count("id", filter=Q(heard=Heard.UNKNOWN)),
        items=Count("id", filter=Q(heard=Heard.ITEM)),
    )
    should = StocktakeExpected.objects.filter(stocktake_id=stocktake_id).count()
    return {**counts, "should": should}


def result(one: Stocktake) -> dict[str, list[dict[str, Any]]]:
    """The lists of a stocktake by finding: each box with where it should stand and where it was read."""
    expected = {
        row["box_id"]: row
        for row in StocktakeExpected.objects.filter(stocktake=one).values(
            "box_id", "box__code", "place_id", "place__code"
        )
    }
    seen = {
        row["box_id"]: row
        for row in StocktakeCount.objects.filter(stocktake=one, heard=Heard.BOX, is_again=False).values(
            "box_id", "box__code", "place_id", "place__code", "at", "person__name_en", "person__name_zh"
        )
    }
    now = dict(
        BoxPlacing.objects.filter(box_id__in={*expected, *seen}, until=None).values_list("box_id", "place__code")
    )
    lists: dict[str, list[dict[str, Any]]] = {str(kind): [] for kind in Finding}
    verdicts = rules.found(
        {box: row["place_id"] for box, row in expected.items()}, {box: row["place_id"] for box, row in seen.items()}
    )
    for box_id, finding in verdicts.items():
        should, read = expected.get(box_id), seen.get(box_id)
        lists[finding].append(
            {
                "box_id": box_id,
                "finding": finding,
                "code": should["box__code"] if should else read["box__code"] if read else "",
                "should": should["place__code"] if should else "",
                "seen": (read["place__code"] or "") if read else "",
                "at": read["at"] if read else None,
                "now": now.get(box_id, ""),
            }
        )
    for rows in lists.values():
        rows.sort(key=lambda row: (row["should"] or row["seen"], row["code"]))
    return lists


def unknown_codes(stocktake_id: int) -> list[dict[str, Any]]:
    """Codes that belong to nothing here, and items read without their box."""
    rows: Rows = (
        StocktakeCount.objects.filter(stocktake_id=stocktake_id, heard__in=[Heard.UNKNOWN, Heard.ITEM])
        .order_by("id")
        .annotate(box_code=F("item__box__code"))
        .values(
            "id", "text", "heard", "at", "item__code", "box_code", "place__code", "person__name_en", "person__name_zh"
        )
    )
    return list(rows)


def differences(lists: dict[str, list[dict[str, Any]]]) -> int:
    """How many boxes are not where they should be."""
    return sum(len(rows) for kind, rows in lists.items() if kind != Finding.RIGHT)


def running() -> int:
    """Stocktakes that count."""
    return Stocktake.objects.filter(state=StocktakeState.OPEN).count()


def by_codes(codes: Collection[str]) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """What codes are: boxes, places, items; each maps the code to its row."""
    boxes = dict(ArchiveBox.objects.filter(code__in=codes).values_list("code", "id"))
    places = dict(StoragePlace.objects.filter(code__in=codes).values_list("code", "id"))
    items = dict(ArchivalItem.objects.filter(code__in=codes).values_list("code", "id"))
    return boxes, places, items


def label_rows(place: StoragePlace) -> Sequence[StoragePlace]:
    """The places whose labels are printed with one: itself and what stands below it, those in use."""
    return list(StoragePlace.objects.filter(path__startswith=place.path, closed_at=None).order_by("path"))
