"""The register as rows, its series with their voids, chains of documents, a year's figures, the slip.

All of it under the reader's row security.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.issuing import queries as issuing
from chancery.departments.general_office.outgoing_documents.issuing.models import IssuingSeries
from chancery.departments.general_office.outgoing_documents.issuing.terms import SERIES_PREFIX
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument, Relation
from chancery.departments.general_office.outgoing_documents.terms import PROCEDURE, RelationKind, State
from chancery.foundations import clock
from chancery.foundations.postgres import statements
from chancery.foundations.web.figures import Line, by_month, lines
from chancery.foundations.words import words
from chancery.kernel.directory.models import Unit
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures.slip import queries as slips
from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.papertypes import queries as paper_types

SHOWN = (
    "id",
    "number",
    "title",
    "paper_type",
    "direction",
    "urgency",
    "label",
    "state",
    "dated_on",
    "numbered_at",
    "released_at",
    "pages",
    "end_reason",
    "issuer__name_en",
    "issuer__name_zh",
    "unit__name_en",
    "unit__name_zh",
    "signed_person__name_en",
    "signed_person__name_zh",
)
REPLACING = (RelationKind.SUPERSEDES, RelationKind.ABOLISHES)
LONGEST_CHAIN = 60
Row = dict[str, Any]


# --- The register -----------------------------------------------------------------------------------------------------
def register() -> QuerySet[OutgoingDocument, Any]:
    """Everything that was given a number, as rows: also what was cancelled afterwards."""
    found: QuerySet[OutgoingDocument, Any] = OutgoingDocument.objects.exclude(number="").values(*SHOWN)
    return found


def find(rows: Any, text: str) -> Any:
    """Rows in which every word occurs in title, number or keywords. Numbers match however their brackets are typed."""
    for word in text.split()[:6]:
        number = re.sub(r"[\[\]()（）【】［］]", lambda found: "〔" if found[0] in "[(（【［" else "〕", word)
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=number) | Q(keywords__icontains=word))
    return rows


def type_choices() -> list[tuple[str, str]]:
    """The types of today, for filters and columns."""
    return [(row.code, words(row)) for row in paper_types.holding(clock.today())]


def issuer_choices() -> list[tuple[str, str]]:
    """The bodies that have issued something the reader may see."""
    ids = OutgoingDocument.objects.exclude(number="").order_by().values_list("issuer_id", flat=True).distinct()
    rows = Unit.objects.filter(pk__in=ids).order_by("position", "id")
    return [(str(unit.pk), words(unit, "name")) for unit in rows]


def series_choices() -> list[tuple[str, str]]:
    """The series, by their code words."""
    rows = IssuingSeries.objects.order_by("code", "-valid_from").distinct("code")
    return [(f"{SERIES_PREFIX}{row.code}", row.word) for row in rows]


def under_way() -> list[Any]:
    """What the reader may see on its way to a number, latest first."""
    rows = OutgoingDocument.objects.filter(state__in=[State.UNDER_WAY, State.SIGNED], number="")
    return list(rows.order_by("-opened_at", "-id").values("id", "title", "state", "matter_id", "opened_at")[:50])


# --- Numbers of a series ----------------------------------------------------------------------------------------------
def numbers(code: str, year: int) -> QuerySet[IssuedNumber, Any]:
    """The numbers of a series and year; `before`: the one before, as far as the reader sees it."""
    rows = IssuedNumber.objects.filter(series=f"{SERIES_PREFIX}{code}", year=year)
    before = rows.filter(value__lt=OuterRef("value")).order_by("-value").values("value")[:1]
    document = OutgoingDocument.objects.filter(issued_number_id=OuterRef("pk"))
    found: QuerySet[IssuedNumber, Any] = rows.annotate(
        before=Subquery(before),
        title=Subquery(document.values("title")[:1]),
        document_id=Subquery(document.values("pk")[:1]),
    ).values("id", "value", "text", "state", "issued_at", "voided_at", "void_reason", "before", "title", "document_id")
    return found


def unseen_before(row: Mapping[str, Any]) -> str:
    """The numbers just before one that the reader may not see: no number is ever missing."""
    first, last = (row["before"] or 0) + 1, row["value"] - 1
    if first > last:
        return ""
    span = str(first) if first == last else f"{first}–{last}"
    return _("%(numbers)s: documents that you may not see") % {"numbers": span}


def counts(code: str, year: int) -> dict[str, Any]:
    """How many numbers of a series and year the reader sees, how many are void, and the last."""
    rows = IssuedNumber.objects.filter(series=f"{SERIES_PREFIX}{code}", year=year)
    return rows.aggregate(seen=Count("id"), void=Count("id", filter=Q(state="VOID")), last=Max("value"))


# --- Chains -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of a chain."""

    id: int | None
    number: str
    title: str
    dated_on: dt.date | None
    state: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Papers that replaced one another: columns from the oldest, and each relation in words."""

    columns: list[tuple[str, list[Paper]]]  # (what the column did to the one before it, its papers)
    relations: list[Row]


_CHAIN = """
with recursive linked (id, depth) as (
    select %(id)s::bigint, 0
    union
    select case when r.document_id = l.id then r.earlier_id else r.document_id end,
           case when r.document_id = l.id then l.depth - 1 else l.depth + 1 end
    from linked l join general_office_relation r on l.id in (r.document_id, r.earlier_id)
    where r.earlier_id is not null and r.kind = any (%(kinds)s) and abs(l.depth) < %(most)s
)
select id, min(depth) as depth from linked where id is not null group by id order by depth, id limit %(most)s
"""


def chain(document: OutgoingDocument) -> Chain | None:
    """What a paper replaced and what replaced it, as far as the reader sees them; None when there is nothing."""
    kinds = [kind.value for kind in RelationKind]
    found = statements.mappings(
        _CHAIN, {"id": document.pk, "kinds": [kind.value for kind in REPLACING], "most": LONGEST_CHAIN}
    )
    depth = {row["id"]: row["depth"] for row in found}
    found_relations = (
        Relation.objects.filter(Q(document_id__in=list(depth)) | Q(earlier_id__in=list(depth)), kind__in=kinds)
        .order_by("document__dated_on", "id")
        .values(
            "kind",
            "document_id",
            "earlier_id",
            "earlier_number",
            "earlier_title",
            later_number=F("document__number"),
            later_title=F("document__title"),
            later_on=F("document__dated_on"),
        )
    )
    relations: list[Row] = [dict(row) for row in found_relations]
    if not relations:
        return None
    outside: dict[str, tuple[int, Row]] = {}
    for row in relations:
        row["words"] = RelationKind(row["kind"]).label
        if row["earlier_id"] is None and row["kind"] in REPLACING and row["document_id"] in depth:
            outside[row["earlier_number"]] = (depth[row["document_id"]] - 1, row)
    seen = {
        row["id"]: row
        for row in OutgoingDocument.objects.filter(
            pk__in=[*depth, *(row["earlier_id"] for row in relations if row["earlier_id"])]
        ).values("id", "number", "title", "dated_on", "state")
    }
    for row in relations:
        row["earlier"] = seen.get(row["earlier_id"])
    columns: dict[int, list[Paper]] = {}
    for ident, place in depth.items():
        if ident in seen:
            paper = Paper(**seen[ident], is_here=ident == document.pk)
            columns.setdefault(place, []).append(paper)
    for number, (place, row) in outside.items():
        columns.setdefault(place, []).append(Paper(None, number, row["earlier_title"], None, "", False))
    told = {depth[row["document_id"]]: str(row["words"]) for row in relations if row["document_id"] in depth
            and row["kind"] in REPLACING}  # fmt: skip
    return Chain([(told.get(place, ""), columns[place]) for place in sorted(columns)], relations)


# --- Figures ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class StepTime:
    """How long a step took."""

    name: str
    count: int
    median: float
    longest: float


@dataclass(frozen=True, slots=True)
class Year:
    """What a year's issued documents add up to."""

    year: int
    issued: int
    cancelled: int
    withdrawn: int
    pages: int
    median_days: float | None
    longest_days: float | None
    by_type: list[Line]
    by_issuer: list[Line]
    by_unit: list[Line]
    by_month: list[int]
    steps: list[StepTime]


def years() -> list[int]:
    """Years in which something was issued, newest first."""
    found = OutgoingDocument.objects.filter(released_at__isnull=False).dates("dated_on", "year", order="DESC")
    return [day.year for day in found]


def year_figures(year: int) -> Year:
    """Counts by type, issuer, drafting unit and month of date; days from draft to issue; the steps' times."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    dated = OutgoingDocument.objects.filter(dated_on__gte=first, dated_on__lte=last)
    rows = dated.filter(released_at__isnull=False)
    sums = statements.mappings(
        """
        select count(*) as issued, count(*) filter (where state = 'WITHDRAWN') as withdrawn,
            coalesce(sum(pages), 0) as pages,
            percentile_cont(0.5) within group (order by took) as median, max(took) as longest
        from (select state, pages, extract(epoch from released_at - opened_at) / 86400 as took
              from general_office_outgoingdocument
              where released_at is not null and dated_on between %s and %s) released
        """,
        [first, last],
    )[0]
    return Year(
        year=year,
        issued=sums["issued"],
        cancelled=dated.filter(state=State.CANCELLED).exclude(number="").count(),
        withdrawn=sums["withdrawn"],
        pages=int(sums["pages"]),
        median_days=_days(sums["median"]),
        longest_days=_days(sums["longest"]),
        by_type=lines(rows, "paper_type", dict(type_choices())),
        by_issuer=lines(
            rows,
            ("issuer_id", "issuer__name_en", "issuer__name_zh"),
            lambda row: words(row, "issuer__name"),
        ),
        by_unit=lines(rows, ("unit_id", "unit__name_en", "unit__name_zh"), lambda row: words(row, "unit__name")),
        by_month=by_month(rows, "dated_on"),
        steps=_steps(year),
    )


def _days(value: Any) -> float | None:
    return None if value is None else round(float(value), 1)


def _steps(year: int) -> list[StepTime]:
    found = procedures.days_by_step(PROCEDURE, since=dt.date(year, 1, 1), until=dt.date(year + 1, 1, 1))
    names = procedures.step_names().get(PROCEDURE, {})
    return [
        StepTime(name, found[step]["n"], found[step]["median"], found[step]["longest"])
        for step, name in names.items()
        if step in found
    ]


# --- The slip ---------------------------------------------------------------------------------------------------------
def slip(document: OutgoingDocument, at: dt.datetime) -> dict[str, Any]:
    """发文稿纸: the facts of the paper, every opinion by unit, what came of it."""
    parts = documents.parts_of(document)
    of = paper_types.paper_type(parts["type"], on=clock.date_of(document.opened_at), profile=document.profile)
    named = {"MAIN": [], "COPY": []}  # type: dict[str, list[str]]
    for one in parts["addressees"]:
        named[one["part"]].append(one["name"])
    comma = _("; ")
    issuers = comma.join([parts["issuer"]["name"], *(one["name"] for one in parts["joint_issuers"])])
    countersigned = Unit.objects.filter(pk__in=issuing.asked_units(document)).order_by("position")
    signer = words(document.signed_person, "name") if document.signed_person else ""
    drafter = words(document.drafter_person, "name") if document.drafter_person else ""
    facts = [
        slips.fact(_("Number"), document.number),
        slips.fact(_("Date of the document"), slips.day(document.dated_on)),
        slips.fact(_("Type"), words(of) if of else parts["type"]),
        slips.fact(_("Urgency"), document.get_urgency_display()),
        slips.fact(_("House label"), document.get_label_display()),
        slips.fact(_("Number of pages"), document.pages),
        slips.fact(_("Title"), document.title, wide=True),
        slips.fact(_("Issuers"), issuers, wide=True),
        slips.fact(_("Main addressees"), comma.join(named["MAIN"]), wide=True),
        slips.fact(_("Copies to"), comma.join(named["COPY"]), wide=True),
        slips.fact(_("Annexes"), comma.join(one["name"] for one in parts["annexes"]), wide=True),
        slips.fact(_("Countersigned by"), comma.join(words(unit, "name") for unit in countersigned), wide=True),
        slips.fact(_("Drafted by"), f"{words(document.unit, 'name')} {drafter}".strip()),
        slips.fact(_("Signed by"), signer),
    ]
    result = [
        slips.fact(_("Numbered at"), slips.moment(document.numbered_at)),
        slips.fact(_("Sealed at"), slips.moment(document.sealed_at)),
        slips.fact(_("Released at"), slips.moment(document.released_at)),
        slips.fact(_("Cancelled or withdrawn because"), document.end_reason),
    ]
    return slips.slip(
        heading=_("Processing slip of an outgoing document"),
        number=document.number,
        facts=facts,
        matter_id=document.matter_id,
        at=at,
        result=result,
    )


def slip_pdf(document: OutgoingDocument, at: dt.datetime) -> bytes:
    """The slip as PDF."""
    return slips.slip_pdf(slip(document, at))
