"""REST door of incoming documents: the same services, the same row security, token scopes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.intake import services
from chancery.departments.general_office.incoming_documents.interchange import queries as interchange
from chancery.departments.general_office.incoming_documents.register_book import queries as book
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.departments.general_office.incoming_documents.terms import Carrier, Kind, Label, Urgency
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access.readings.terms import How
from chancery.kernel.access.readings.views import was_read

router = Router(tags=["incoming documents"])

MOST = 200


class Line(Schema):
    """A document as a line of the register."""

    id: int
    number: str
    title: str
    sender: str
    sender_number: str
    dated_on: dt.date | None
    received_on: dt.date | None
    kind: Kind
    urgency: Urgency
    state: str
    limit_on: dt.date | None
    is_important: bool
    matter_id: int | None


class Lines(Schema):
    """A page of the register. `next_offset` is null on the last page."""

    items: list[Line]
    next_offset: int | None


class FileOut(Schema):
    """A file of a document; `id` is asked for at `/records/`."""

    id: int = Field(alias="stored_id")
    name: str
    part: str
    media_type: str
    size: int
    pages: int | None


class Whole(Line):
    """A document with its particulars and files."""

    addressees: str
    copy_no: str
    pages: int | None
    summary: str
    label: int
    result: str
    reply_text: str
    file_class: str
    retention: str
    files: list[FileOut]
    metadata: dict[str, Any]


class Facts(Schema):
    """What registration asks for. `chaser` is the post that urges an important document."""

    title: str = Field(min_length=1, max_length=300)
    sender: str = Field(min_length=1, max_length=200)
    sender_number: str = Field("", max_length=80)
    dated_on: dt.date | None = None
    received_on: dt.date
    carrier: Carrier = Carrier.EXCHANGE
    kind: Kind = Kind.LETTER
    urgency: Urgency = Urgency.ROUTINE
    limit_on: dt.date | None = None
    label: Label = Label.INTERNAL
    copy_no: str = Field("", max_length=20)
    pages: int | None = Field(None, ge=1, le=32767)
    addressees: str = Field("", max_length=300)
    summary: str = Field("", max_length=2000)
    is_important: bool = False
    chaser: int | None = None


class Wanted(Schema):
    """How the register is narrowed."""

    q: str = Field("", max_length=200)
    state: str = Field("", max_length=12)
    urgency: Urgency | None = None
    received_from: dt.date | None = None
    received_until: dt.date | None = None
    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=100_000)


def actor_for(request: HttpRequest, scope: str) -> Actor:
    """The token's actor, when its scopes cover what is asked."""
    by = actor_of(request)
    access_rules.within_scope(by, scope).demand()
    return by


@router.get("", response=Lines, summary="Search the register")
def search(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """Documents of the register that the token's post may see, newest first."""
    actor_for(request, "records:read")
    rows = book.register(clock.today())
    if wanted.q:
        rows = book.find(rows, wanted.q.replace("\x00", ""))
    given = {
        "state": wanted.state.replace("\x00", ""),
        "urgency": wanted.urgency,
        "received_on__gte": wanted.received_from,
        "received_on__lte": wanted.received_until,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value}).order_by("-received_on", "-id")
    items = list(rows[wanted.offset : wanted.offset + wanted.limit + 1])
    more = len(items) > wanted.limit
    return {"items": items[: wanted.limit], "next_offset": wanted.offset + wanted.limit if more else None}


@router.get("/{int:document_id}", response=Whole, summary="A document")
def detail(request: HttpRequest, document_id: int) -> dict[str, Any]:
    """One registered document with its files and GB/T 33480-2016 metadata."""
    actor_for(request, "records:read")
    document = queries.document(document_id)
    if document is not None:
        subject = f"general_office.incomingdocument:{document.pk}"
        was_read(request, guard_id=document.guard_id, label=document.guard.label, subject=subject, how=How.API)
    return _whole(document_id)


@router.post("", response={201: Whole}, summary="Register a document")
def register(request: HttpRequest, facts: Form[Facts], files: File[list[UploadedFile]] = []) -> Any:  # noqa: B006 - ninja reads the default, nothing changes it
    """Register a document with its files, in one transaction: it gets its number and goes to the first check."""
    by = actor_for(request, "records:write")
    at = clock.now()
    draft = services.open_draft(by=by, at=at)
    for upload in files:
        services.add_file(document_id=draft.pk, name=upload.name or "file", content=upload.file, by=by, at=at)  # type: ignore[arg-type]  # an uploaded file has an open stream
    given = facts.dict()
    given["chaser"] = _chaser(facts.chaser)
    done = registration.register_document(document_id=draft.pk, facts=given, by=by, at=at)
    return 201, _whole(done.pk)


def _chaser(post_id: int | None) -> int | None:
    if post_id is not None and not queries.chasers_named([post_id]):
        raise Refused("No such chaser.", field="chaser")
    return post_id


def _whole(document_id: int) -> dict[str, Any]:
    document = queries.document(document_id)
    if document is None or not document.number:
        raise Http404
    names = {**Line.model_fields, **Whole.model_fields}.keys() - {"files", "metadata"}
    row = {name: getattr(document, name) for name in names}
    return {**row, "files": queries.files(document.pk), "metadata": interchange.as_json(document)}
