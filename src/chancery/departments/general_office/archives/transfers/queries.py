"""What is due, the lists and their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from chancery.departments.general_office.archives.transfers import rules
from chancery.departments.general_office.archives.transfers.models import TransferList, TransferRow
from chancery.departments.general_office.archives.transfers.terms import SUBJECT, TONES, ListState
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.procedures import queries as matters
from chancery.kernel.records.models import ArchivalItem, Fonds


def last_year_due(on: dt.date) -> int:
    """Items of this year and before were kept for as long as the rulebook wants: full years count."""
    return on.year - int(rulebook.number("archives.transfer.after", on=on)) - 1


def due(on: dt.date) -> QuerySet[ArchivalItem]:
    """What is due for transfer and on no list: in the archive, kept for good, or of a class that ends so."""
    through = last_year_due(on)
    is_listed = Exists(TransferRow.objects.filter(item=OuterRef("pk"), taken_off_at=None))
    is_due = Q(retain_until=None, year__lte=through) | Q(retain_until__lt=on, plan_class__at_end="TRANSFER")
    return ArchivalItem.objects.filter(is_due, ~is_listed, state="HELD")


def due_rows(on: dt.date) -> QuerySet[ArchivalItem, Any]:
    """`due` as rows of a list page."""
    return due(on).values(
        "id", "code", "title", "year", "period", "dated_on", "document_number", "fonds__code", "unit__name_en",
        "unit__name_zh",
    )  # fmt: skip


def fonds_kept(unit_ids: Collection[int] | None = None) -> list[Fonds]:
    """The fonds one may draw a list from."""
    rows = Fonds.objects.order_by("code")
    return list(rows if unit_ids is None else rows.filter(keeper_unit_id__in=unit_ids))


def held(item_ids: Collection[int]) -> set[int]:
    """Those that a hold covers today, also one that the actor may not read."""
    if not item_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("select records_held(%s)", [list(item_ids)])
        return {int(row[0]) for row in cursor.fetchall()}


def lists() -> QuerySet[Any, Any]:
    """The lists as rows."""
    counted = Count("rows", filter=Q(rows__taken_off_at=None))
    return TransferList.objects.annotate(items=counted).values(
        "id", "number", "state", "authority", "fonds__code", "items", "drawn_at", "approved_at", "receipt_number",
        "receipt_on", "copies_until", "released_at",
    )  # fmt: skip


def list_of(list_id: int) -> TransferList | None:
    """A list, None when it does not exist for the actor."""
    related = ("fonds", "drawn_person", "approved_person", "completed_person")
    return TransferList.objects.select_related(*related).filter(pk=list_id).first()


def rows_of(list_id: int) -> QuerySet[TransferRow, Any]:
    """What stands on a list now, as rows."""
    return TransferRow.objects.filter(list_id=list_id, taken_off_at=None).values(
        "id", "item_id", "item__code", "item__title", "item__year", "item__period", "item__state", "item__page_count"
    )


def row_of_item(item_id: int) -> TransferRow | None:
    """The row by which an item goes, or went, to the authority."""
    return TransferRow.objects.select_related("list").filter(item_id=item_id, taken_off_at=None).first()


def section(item: ArchivalItem, by: Actor) -> dict[str, Any] | None:
    """The block on the page of an archival item, once it is on a list."""
    row = row_of_item(item.pk)
    if row is None:
        return None
    return {"one": row.list, "stub": row.stub, "may_open": bool(rules.may_enter(by))}


def list_id_of(matter: Any) -> int:
    """The list a matter is about."""
    return int(str(matter.subject).rpartition(":")[2])


def matter_of_list(list_id: int) -> Any:
    """The matter of a list, if the actor may see it."""
    return matters.matter_of(SUBJECT.format(list_id))


def panel(matter: Any, by: Actor) -> dict[str, Any]:
    """The list, on its matter's page: what those who decide look at first."""
    one = list_of(list_id_of(matter))
    if one is None:
        return {}
    rows = TransferRow.objects.filter(list=one, taken_off_at=None)
    totals = rows.values("item__year", "item__period").annotate(many=Count("pk"), pages=Sum("item__page_count"))
    found = rows.aggregate(items=Count("pk"), first=Min("item__code"), last=Max("item__code"))
    return {
        "one": one,
        "tone": TONES[ListState(one.state)],
        "totals": list(totals.order_by("item__year", "item__period")),
        **found,
    }
