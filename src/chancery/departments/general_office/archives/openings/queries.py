"""Questions: lists and candidates for staff under row security; what is open, for everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from chancery.departments.general_office.archives.openings.models import Opening, OpeningRow, OpenRecord
from chancery.departments.general_office.archives.openings.terms import SHOWN, SIDE_WORDS, SUBJECT, RowState
from chancery.foundations.actor import Actor, Clearance
from chancery.kernel.procedures import queries as matters
from chancery.kernel.records.archive.terms import ItemState
from chancery.kernel.records.models import ArchivalItem, Fonds


def lists(most: int = 200) -> list[dict[str, Any]]:
    """Every list one may see, newest first, with how far it is."""
    rows = (
        Opening.objects.annotate(
            items=Count("rows"),
            waiting=Count("rows", filter=Q(rows__state=RowState.PROPOSED)),
            opened=Count("rows", filter=Q(rows__state=RowState.OPENED)),
        )
        .order_by("-made_at", "-id")
        .values("id", "fonds__code", "fonds__name_en", "fonds__name_zh", "note", "made_at", "items", "waiting",
                "opened", "made_person__name_en", "made_person__name_zh")
    )  # fmt: skip
    return [{**row} for row in rows[:most]]


def opening(opening_id: int) -> Opening | None:
    """One list."""
    return Opening.objects.select_related("fonds", "made_person").filter(pk=opening_id).first()


def rows_of(opening_id: int) -> list[dict[str, Any]]:
    """Its items with both decisions, as far as one may know of them."""
    rows = (
        OpeningRow.objects.filter(opening_id=opening_id)
        .order_by("item__code")
        .values("id", "item_id", "state", "item__code", "item__title", "item__dated_on", "head_verdict", "head_reason",
                "officer_verdict", "officer_reason", "head_person_id", "officer_person_id")
    )  # fmt: skip
    return [{**row} for row in rows]


def waiting_for(opening_id: int, side: str) -> int:
    """How many items of a list still want the decision of "head" or "officer"."""
    rows = OpeningRow.objects.filter(opening_id=opening_id, state=RowState.PROPOSED)
    return rows.filter(**{f"{side}_verdict": ""}).count()


def opening_id_of(matter: Any) -> int:
    """The list a matter is about."""
    return int(str(matter.subject).rpartition(":")[2])


def matter_of_opening(opening_id: int) -> Any:
    """The matter of a list, if the actor may see it."""
    return matters.matter_of(SUBJECT.format(opening_id))


def panel(matter: Any, by: Actor) -> dict[str, Any]:
    """The list, on its matter's page: what is proposed, and how far both have come."""
    found = opening(opening_id_of(matter))
    if found is None:
        return {}
    rows = rows_of(found.pk)
    return {
        "opening": found,
        "items": len(rows),
        "first": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "sides": [(SIDE_WORDS[side], len(rows) - waiting_for(found.pk, side)) for side in SIDE_WORDS],
    }


def candidates(fonds_id: int, until: dt.date) -> QuerySet[ArchivalItem]:
    """What is old enough, in the archive, no more than internal, not open and not proposed."""
    taken = OpeningRow.objects.filter(item=OuterRef("pk"), state=RowState.PROPOSED)
    open_now = OpenRecord.objects.filter(item=OuterRef("pk"), is_open=True)
    kept = OpeningRow.objects.filter(item=OuterRef("pk"), state=RowState.KEPT)
    return ArchivalItem.objects.filter(
        ~Exists(taken), ~Exists(open_now), ~Exists(kept), fonds_id=fonds_id, state=ItemState.HELD,
        dated_on__lte=until, label__lte=Clearance.INTERNAL,
    ).order_by("dated_on", "pk")  # fmt: skip


def all_fonds() -> list[dict[str, Any]]:
    """Every fonds."""
    rows = Fonds.objects.order_by("code").values("id", "code", "name_en", "name_zh", "keeper_unit_id")
    return [{**row} for row in rows]


def open_records(words: str = "") -> QuerySet[OpenRecord]:
    """What is open, newest opened first; `words` must all stand in title, code, number or author."""
    found = OpenRecord.objects.filter(is_open=True)
    for word in words.split()[:8]:
        found = found.filter(
            Q(title__icontains=word) | Q(code__icontains=word) | Q(document_number__icontains=word)
            | Q(author__icontains=word)
        )  # fmt: skip
    return found.order_by("-opened_at", "-id")


def open_record(item_id: int) -> OpenRecord | None:
    """One open item."""
    return OpenRecord.objects.filter(item_id=item_id, is_open=True).first()


def closable(item_id: int) -> OpenRecord | None:
    """An open item with its fonds' keeper, for closing."""
    return OpenRecord.objects.select_related("item__fonds").filter(item_id=item_id, is_open=True).first()
