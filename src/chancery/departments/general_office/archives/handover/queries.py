"""Questions about duties and lists. Row security hides the lists of others."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractYear

from chancery.departments.general_office.archives.handover import rules
from chancery.departments.general_office.archives.handover.models import (
    HandoverCheck,
    HandoverDuty,
    HandoverList,
    HandoverRow,
)
from chancery.departments.general_office.archives.handover.terms import (
    DELEGATES,
    ELEMENTS,
    FINDINGS,
    PART_WORDS,
    TAKERS,
    ListState,
    RowState,
)
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.terms import State as Incoming
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import ISSUED
from chancery.foundations.actor import Actor
from chancery.foundations.papers import MEDIA_TYPES
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.web.columns import Rows
from chancery.kernel.access import queries as access
from chancery.kernel.access.roles.queries import my_duties
from chancery.kernel.directory.models import UnitClosure
from chancery.kernel.procedures.matters.models import Matter, Task
from chancery.kernel.procedures.matters.terms import OPEN_TASKS, ClosedHow, MatterState
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import ItemState

#: Procedures whose papers are filed, and the step at which one waits for it.
FILED_FROM = ("incoming_document", "inside_document", "outgoing_document")
FILING_STEP = "file"
YearCounts = dict[tuple[int, int], int]  # (unit, year) → how many


# --- Who --------------------------------------------------------------------------------------------------------------
def units_of(by: Actor) -> list[int]:
    """The units for which the hat may make lists, themselves and those below."""
    own = {unit_id for role, unit_id, _post, _scope in my_duties(by) if role in DELEGATES}
    return sorted(own)


def is_keeper(by: Actor) -> bool:
    """Whether the hat takes over for some fonds."""
    return bool(set(access.roles_of(by)) & set(TAKERS))


def within(unit_ids: Collection[int]) -> Any:
    """The units at or below those given, as a subquery."""
    return UnitClosure.objects.filter(ancestor_id__in=unit_ids).values("descendant_id")


# --- What is owed -----------------------------------------------------------------------------------------------------
def unhanded() -> YearCounts:
    """Filed and not handed over, by unit and year."""
    rows = (
        ArchivalItem.objects.filter(state=ItemState.FILED)
        .values("unit_id", "year")
        .annotate(n=Count("id"))
        .order_by("unit_id", "year")
    )
    return {(row["unit_id"], row["year"]): row["n"] for row in rows}


def unfiled_matters() -> QuerySet[Matter]:
    """Matters over but for the filing: at the step of filing, or ended and not filed."""
    filed = ArchivalItem.objects.exclude(subject="").values("subject")
    ended = Q(state=MatterState.CLOSED, closed_how=ClosedHow.RUN)
    at_filing = Q(
        pk__in=Task.objects.filter(step=FILING_STEP, state__in=OPEN_TASKS, key__isnull=False).values("matter_id")
    )
    not_sent = OutgoingDocument.objects.exclude(state__in=ISSUED).exclude(matter=None).values("matter_id")
    not_ours = IncomingDocument.objects.filter(
        state__in=[Incoming.RETURNED, Incoming.RECALLED, Incoming.DECLINED]
    ).exclude(matter=None)
    return (
        Matter.objects.filter(ended | at_filing, procedure__in=FILED_FROM)
        .exclude(subject="")
        .exclude(subject__in=filed)
        .exclude(pk__in=not_sent)
        .exclude(pk__in=not_ours.values("matter_id"))
    )


def unfiled() -> YearCounts:
    """Closed and not filed, by unit and the year of closing (of opening, while the filing is the step at hand)."""
    rows = unfiled_matters().annotate(closed_year=ExtractYear("closed_at"), opened_year=ExtractYear("opened_at"))
    counted = Counter(
        (row["unit_id"], row["closed_year"] or row["opened_year"])
        for row in rows.values("unit_id", "closed_year", "opened_year").iterator()
    )
    return dict(counted)


def due_day(year: int, on: dt.date) -> dt.date:
    """When the papers of a year are due, as the rulebook has it today."""
    return rules.due_on(year, rulebook.text("archives.due", on=on))


def remind_days(on: dt.date) -> int:
    """How long before that day departments are reminded."""
    return rulebook.days("archives.due.remind", on=on)


DUTY = (
    "id", "unit_id", "unit__name_en", "unit__name_zh", "year", "due_on", "unfiled", "unhanded", "settled_at",
    "matter_id", "reminded_at", "reminded_count", "counted_at",
)  # fmt: skip


def duties() -> Rows:
    """The duties that the actor sees: those of the own department, or all for the archive."""
    rows: Rows = HandoverDuty.objects.values(*DUTY)
    return rows


def with_lateness(rows: Iterable[dict[str, Any]], today: dt.date) -> list[dict[str, Any]]:
    """The rows, each with the colour of its day."""
    window = remind_days(today)
    return [
        {
            **row,
            "due_on_lateness": rules.lateness(row["due_on"], today, window, settled=row["settled_at"] is not None),
        }
        for row in rows
    ]


# --- Lists ------------------------------------------------------------------------------------------------------------
LINE = (
    "id", "number", "state", "unit_id", "unit__name_en", "unit__name_zh", "fonds__code", "made_at", "offered_at",
    "ended_at", "items", "returned", "note",
)  # fmt: skip


def lists() -> Rows:
    """The lists that the actor sees, with how many of their items the actor may know of."""
    rows: Rows = HandoverList.objects.annotate(
        items=Count("rows"), returned=Count("rows", filter=Q(rows__state=RowState.RETURNED))
    ).values(*LINE)
    return rows


def list_of(list_id: int) -> HandoverList | None:
    """The list, or None when it does not exist for the actor."""
    return (
        HandoverList.objects.select_related(
            "unit", "fonds", "made_person", "offered_person", "offered_post", "ended_person", "ended_post", "matter"
        )
        .filter(pk=list_id)
        .first()
    )


ROW = (
    "id", "position", "state", "round", "worst", "reason", "decided_at", "item_id", "item__code", "item__title",
    "item__author", "item__document_number", "item__dated_on", "item__page_count", "item__period", "item__class_code",
    "item__carrier", "item__label", "item__state", "item__note",
)  # fmt: skip


def rows_of(list_id: int) -> Rows:
    """The items of a list, in its order, as far as the actor may know of them."""
    rows: Rows = HandoverRow.objects.filter(list_id=list_id).order_by("position").values(*ROW)
    return rows


def summary(list_id: int) -> Mapping[str, int]:
    """How many items are in which state, and with which result of the checks."""
    counted: Counter[str] = Counter()
    for row in HandoverRow.objects.filter(list_id=list_id).values("state", "worst").annotate(n=Count("id")):
        counted[row["state"]] += row["n"]
        counted[f"worst_{row['worst'] or 'NONE'}"] += row["n"]
        counted["all"] += row["n"]
    return counted


def offerable(by: Actor, one: HandoverList | None = None) -> QuerySet[ArchivalItem, dict[str, Any]]:
    """Items that the actor may put on a list (or on this one): filed, of the own units, on no list."""
    on_list = HandoverRow.objects.filter(state__in=[RowState.WAITING, RowState.ACCEPTED]).values("item_id")
    units = units_of(by) if one is None else [one.unit_id]
    rows = archive.catalogue().filter(state=ItemState.FILED, unit_id__in=within(units)).exclude(pk__in=on_list)
    return rows if one is None else rows.filter(fonds_id=one.fonds_id)


def offerable_years(by: Actor) -> list[tuple[str, str]]:
    """The years of what may be handed over."""
    years = offerable(by).order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in years]


def unit_for(by: Actor, item_ids: Collection[int]) -> int:
    """The department whose list the items go on: the lowest of the own units that all of them belong to."""
    units = set(ArchivalItem.objects.filter(pk__in=item_ids).values_list("unit_id", flat=True))
    above = UnitClosure.objects.filter(ancestor_id__in=units_of(by), descendant_id__in=units)
    covered = Counter(above.values_list("ancestor_id", flat=True))
    fitting = [unit_id for unit_id, n in covered.items() if n == len(units)]
    depths = dict(
        UnitClosure.objects.filter(descendant_id__in=fitting)
        .values_list("descendant_id")
        .annotate(n=Count("ancestor_id"))
    )
    return max(fitting, key=lambda unit_id: depths.get(unit_id, 0), default=by.body_id or 0)


# --- Checks -----------------------------------------------------------------------------------------------------------
def findings(row_id: int) -> list[dict[str, Any]]:
    """Every finding on an item of a list, the latest round first, in the reader's words."""
    rows = (
        HandoverCheck.objects.filter(row_id=row_id)
        .order_by("-round", "position")
        .values(
            "round", "position", "name", "result", "code", "data", "at", "part_id", "part__role", "part__file__name"
        )
    )
    return [{**row, "text": told(row["code"], row["data"])} for row in rows]


def latest_findings(list_id: int) -> dict[int, list[dict[str, Any]]]:
    """Of each item of a list what its last round found but for what passed, in one query; the same finding once."""
    rows = (
        HandoverCheck.objects.filter(row__list_id=list_id, round=F("row__round"))
        .exclude(result="PASS")
        .order_by("row_id", "position")
        .values("row_id", "name", "result", "code", "data", "part__role")
    )
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for row in rows:
        text = told(row["code"], row["data"])
        of_item = found.setdefault(row["row_id"], {})
        of_item.setdefault(text, {**row, "text": text, "times": 0})["times"] += 1
    return {row_id: list(of_item.values()) for row_id, of_item in found.items()}


def told(code: str, data: Mapping[str, Any]) -> str:
    """A finding in words."""
    said = dict(data)
    if "media_type" in said:
        known = MEDIA_TYPES.get(said["media_type"])
        said["format"] = known.endings[0].upper() if known else said["media_type"]
    names = [*(ELEMENTS.get(one, one) for one in said.get("elements", ()))]
    names += [PART_WORDS.get(one, one) for one in said.get("parts", ())]
    if names:
        said["names"] = ", ".join(str(name) for name in names)
    words = FINDINGS.get(code)
    return str(words) % said if words is not None else code


def section(item: ArchivalItem, by: Actor) -> dict[str, Any] | None:
    """What the item's page shows of handing over: the lists that one sees, with the decision."""
    rows = item_lists(item.pk)
    words, tones = dict(RowState.choices), {"ACCEPTED": "green", "RETURNED": "red", "WAITING": "amber"}
    told = [{**row, "words": words[row["state"]], "tone": tones.get(row["state"], "neutral")} for row in rows]
    return {"rows": told} if told else None


# --- The whole, for the hub -------------------------------------------------------------------------------------------
def waiting_lists() -> int:
    """Lists that wait at the archive."""
    return HandoverList.objects.filter(state=ListState.OFFERED).count()


def item_lists(item_id: int) -> Sequence[dict[str, Any]]:
    """The lists an item stood on, latest first."""
    rows: Rows = (
        HandoverRow.objects.filter(item_id=item_id)
        .exclude(list__state=ListState.DRAFT)
        .order_by("-list__made_at", "-id")
        .values(
            "id", "state", "reason", "worst", "decided_at", "list_id", "list__number", "list__state", "list__ended_at"
        )
    )
    return list(rows)
