"""Questions about items. Row security hides what one may not know of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from chancery.foundations import clock
from chancery.foundations.words import words
from chancery.kernel.access.guards.models import Guard
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.archive.rules import never_voided
from chancery.kernel.records.archive.terms import BOX_SERIES_PREFIX
from chancery.kernel.records.fileplan.models import Fonds, PlanClass, RetentionPeriod
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.numbers.terms import Series

LINE = (
    "id", "code", "title", "author", "document_number", "dated_on", "class_code", "category", "year", "period",
    "unit_id", "unit__name_en", "unit__name_zh", "unit_code", "item_number", "page_count", "label", "state",
    "carrier", "note",
    "kind", "box_id", "box__code", "fonds_id", "fonds__code", "filed_at", "retain_until", "opens_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Class:
    """What filing asks of a class: its fonds, and the years of each period of its plan."""

    id: int
    code: str
    category: str
    is_leaf: bool
    is_open: bool
    plan_state: str
    fonds_id: int
    fonds_code: str
    keeper_unit_id: int
    period: str
    years: dict[str, int | None]


def item(item_id: int) -> ArchivalItem | None:
    """The item, or None when it does not exist for the actor."""
    return (
        ArchivalItem.objects.select_related("fonds", "unit", "plan_class", "box", "filed_person", "filed_post")
        .filter(pk=item_id)
        .first()
    )


def item_of(subject: str) -> ArchivalItem | None:
    """The item that a subject ("label.model:pk") was filed as."""
    return ArchivalItem.objects.filter(subject=subject).exclude(subject="").first()


def parts(item_id: int) -> Sequence[dict[str, Any]]:
    """The files of an item in their order, for who may read them; `is_readable` says whether the file itself shows."""
    rows: Any = (
        ItemPart.objects.filter(item_id=item_id)
        .order_by("position")
        .annotate(is_readable=Exists(StoredFile.objects.filter(pk=OuterRef("file_id"))))
        .values(
            "id",
            "file_id",
            "role",
            "title",
            "position",
            "page_count",
            "is_readable",
            "file__name",
            "file__media_type",
            "file__size",
            "file__sha256",
            "file__pages",
        )
    )
    return list(rows)


def may_read(item: ArchivalItem) -> bool:
    """Whether the actor reads the item's files, not only its line."""
    return Guard.objects.filter(pk=item.content_guard_id).exists()


def catalogue() -> QuerySet[ArchivalItem, dict[str, Any]]:
    """The lines of the catalogue."""
    rows: QuerySet[ArchivalItem, dict[str, Any]] = ArchivalItem.objects.values(*LINE)
    return rows


def in_order(item_ids: Collection[int]) -> Sequence[dict[str, Any]]:
    """Lines by their numbers, in the order of the codes."""
    return list(
        catalogue()
        .filter(pk__in=item_ids)
        .order_by("fonds__code", "category", "year", "period", "unit_code", "item_number")
    )


def classes(class_ids: Iterable[int]) -> dict[int, Class]:
    """What filing must know of classes, in two queries."""
    below = PlanClass.objects.filter(parent=OuterRef("pk"))
    rows = (
        PlanClass.objects.filter(pk__in=set(class_ids))
        .annotate(is_node=Exists(below))
        .values_list(
            "id",
            "code",
            "category",
            "is_node",
            "is_open",
            "plan_id",
            "plan__state",
            "plan__fonds_id",
            "plan__fonds__code",
            "plan__fonds__keeper_unit_id",
            "period",
        )
    )
    found = list(rows)
    years: dict[int, dict[str, int | None]] = {}
    for plan_id, code, many in RetentionPeriod.objects.filter(plan_id__in={row[5] for row in found}).values_list(
        "plan_id", "code", "years"
    ):
        years.setdefault(plan_id, {})[code] = many
    return {
        row[0]: Class(
            id=row[0],
            code=row[1],
            category=row[2],
            is_leaf=not row[3],
            is_open=row[4],
            plan_state=row[6],
            fonds_id=row[7],
            fonds_code=row[8],
            keeper_unit_id=row[9],
            period=row[10],
            years=years.get(row[5], {}),
        )
        for row in found
    }


def labels_of_guards(guard_ids: Collection[int]) -> dict[int, int]:
    """The labels of those guards that the actor sees."""
    return dict(Guard.objects.filter(pk__in=set(guard_ids)).values_list("id", "label"))


def filed_already(subjects: Collection[str]) -> dict[str, str]:
    """The codes of subjects that are filed already, as far as the actor may know."""
    asked = {subject for subject in subjects if subject}
    return dict(ArchivalItem.objects.filter(subject__in=asked).values_list("subject", "code"))


def catalogue_guard(fonds_id: int, label: int) -> int:
    """The guard that lines of the fonds share; the database makes it when it is first wanted."""
    with connection.cursor() as cursor:
        cursor.execute("select records_catalogue_guard(%s, %s)", [fonds_id, label])
        row = cursor.fetchone()
    return int(row[0])


def keeper_of(fonds_id: int) -> int:
    """The unit whose archivists keep the fonds."""
    return Fonds.objects.values_list("keeper_unit_id", flat=True).get(pk=fonds_id)


def series_named(codes: Collection[str]) -> dict[str, Series]:
    """The number series behind archival codes, for the register of numbers."""
    fonds = dict(Fonds.objects.values_list("id", "code"))
    found = {}
    for code in codes:
        head, *places = code.split(".")
        if not places or not places[0].isdigit():
            continue
        shown = " ".join([fonds.get(int(places[0]), places[0]), *(p for p in places[1:] if p != "-")])
        en, zh = ("Boxes", "档案盒") if head + "." == BOX_SERIES_PREFIX else ("Archival codes", "档号")
        found[code] = Series(code, f"{en} {shown}", f"{zh} {shown}", may_void=never_voided)
    return found


def fonds_to_choose() -> list[tuple[str, str]]:
    """The fonds, for a filter."""
    rows = Fonds.objects.order_by("code").values("id", "code", "name_en", "name_zh")
    return [(str(row["id"]), f"{row['code']} {words(row)}") for row in rows]


def years_to_choose() -> list[tuple[str, str]]:
    """This year and the sixty before it, for a filter."""
    this = clock.today().year
    return [(str(year), str(year)) for year in range(this, this - 61, -1)]


def periods_to_choose() -> list[tuple[str, str]]:
    """The periods of all plans, the longest first, for a filter."""
    found: dict[str, str] = {}
    for row in RetentionPeriod.objects.order_by(F("years").desc(nulls_first=True)).values("code", "name_en", "name_zh"):
        found.setdefault(row["code"], f"{row['code']} {words(row)}")
    return list(found.items())
