"""REST door of outgoing documents: the register, a document, a year's figures; the pages' questions, token scopes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from chancery.departments.general_office.incoming_documents.api import actor_for
from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.register_book import queries as book
from chancery.foundations import clock
from chancery.kernel.access.readings.terms import How
from chancery.kernel.access.readings.views import was_read

router = Router(tags=["outgoing documents"])

MOST = 200


class Line(Schema):
    """A document as a line of the register."""

    id: int
    number: str
    title: str
    paper_type: str
    direction: str
    urgency: str
    state: str
    dated_on: dt.date | None
    released_at: dt.datetime | None
    pages: int | None
    issuer_en: str
    issuer_zh: str


class Lines(Schema):
    """A page of the register. `next_offset` is null on the last page."""

    items: list[Line]
    next_offset: int | None


class AnnexOut(Schema):
    """An annex; `id` is asked for at `/records/`."""

    id: int = Field(alias="stored_id")
    name: str
    media_type: str
    size: int
    sha256: str


class Whole(Line):
    """A document with what its addressee reads, its files and what became of it."""

    unit_en: str
    unit_zh: str
    series: str
    label: int
    signed_at: dt.datetime | None
    numbered_at: dt.datetime | None
    sealed_at: dt.datetime | None
    end_reason: str
    sealed_file_id: int | None
    verify_code: str
    parts: dict[str, Any]
    annexes: list[AnnexOut]


class Count(Schema):
    """One line of a table of figures."""

    name: str
    count: int
    share: int


class StepOut(Schema):
    """How many days a step took."""

    name: str
    count: int
    median: float
    longest: float


class Figures(Schema):
    """What a year's issued documents add up to."""

    year: int
    issued: int
    cancelled: int
    withdrawn: int
    pages: int
    median_days: float | None
    longest_days: float | None
    by_type: list[Count]
    by_issuer: list[Count]
    by_unit: list[Count]
    by_month: list[int]
    steps: list[StepOut]


class Wanted(Schema):
    """How the register is narrowed."""

    q: str = Field("", max_length=200)
    state: str = Field("", max_length=12)
    paper_type: str = Field("", max_length=24)
    series: str = Field("", max_length=60)
    dated_from: dt.date | None = None
    dated_until: dt.date | None = None
    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=100_000)


@router.get("", response=Lines, summary="Search the register")
def search(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """Documents with a number that the token's post may see, latest first; cancelled ones among them."""
    actor_for(request, "records:read")
    rows = book.register()
    if wanted.q:
        rows = book.find(rows, wanted.q.replace("\x00", ""))
    given = {
        "state": wanted.state.replace("\x00", ""),
        "paper_type": wanted.paper_type.replace("\x00", ""),
        "series": wanted.series.replace("\x00", ""),
        "dated_on__gte": wanted.dated_from,
        "dated_on__lte": wanted.dated_until,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value}).order_by("-numbered_at", "-id")
    items = [_line(row) for row in rows[wanted.offset : wanted.offset + wanted.limit + 1]]
    more = len(items) > wanted.limit
    return {"items": items[: wanted.limit], "next_offset": wanted.offset + wanted.limit if more else None}


@router.get("/figures/{int:year}", response=Figures, summary="A year's figures")
def figures(request: HttpRequest, year: int) -> Any:
    """Counts by type, issuer, unit and month, days from draft to issue, the time of each step."""
    actor_for(request, "records:read")
    if not 1949 <= year <= clock.today().year:
        raise Http404
    return book.year_figures(year)


@router.get("/{int:document_id}", response=Whole, summary="A document")
def detail(request: HttpRequest, document_id: int) -> dict[str, Any]:
    """One document with a number: what its addressee reads, its files, its state."""
    actor_for(request, "records:read")
    document = queries.document(document_id)
    if document is None or not document.number:
        raise Http404
    subject = f"general_office.outgoingdocument:{document.pk}"
    was_read(request, guard_id=document.guard_id, label=document.guard.label, subject=subject, how=How.API)
    return _whole(document)


def _line(row: Any) -> dict[str, Any]:
    return {**row, "issuer_en": row["issuer__name_en"], "issuer_zh": row["issuer__name_zh"] or ""}


def _whole(document: OutgoingDocument) -> dict[str, Any]:
    told = {"issuer_en", "issuer_zh", "unit_en", "unit_zh", "parts", "annexes"}
    names = {**Line.model_fields, **Whole.model_fields}.keys() - told
    return {
        **{name: getattr(document, name) for name in names},
        "issuer_en": document.issuer.name_en,
        "issuer_zh": document.issuer.name_zh or "",
        "unit_en": document.unit.name_en,
        "unit_zh": document.unit.name_zh or "",
        "parts": queries.parts_of(document),
        "annexes": queries.annexes_of(document.pk),
    }
