"""REST door of requests to read: the same service, the same row security."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from chancery.departments.general_office.archives.reading import queries, services
from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.departments.general_office.archives.reading.rules import NoSuchItem
from chancery.departments.general_office.incoming_documents.api import actor_for
from chancery.foundations import clock

router = Router(tags=["archives"])


class Asked(Schema):
    """What one asks."""

    purpose: str
    wanted_until: dt.date
    wants_copy: bool = False


class Request(Schema):
    """A request to read."""

    id: int
    item_id: int
    state: str
    wanted_until: dt.date
    ends_on: dt.date | None
    decision_note: str
    matter_id: int | None


@router.post("/items/{item_id}/readings", response={201: Request}, summary="Ask to read an archival item")
def ask(request: HttpRequest, item_id: int, told: Asked) -> tuple[int, ReadingRequest]:
    """An item that the token's post may not know of answers 404."""
    by: Any = actor_for(request, "records:write")
    try:
        return 201, services.ask_to_read(item_id=item_id, **told.dict(), by=by, at=clock.now())
    except NoSuchItem:
        raise Http404 from None


@router.get("/readings/{request_id}", response=Request, summary="A request to read")
def reading(request: HttpRequest, request_id: int) -> ReadingRequest:
    """Its state and, once granted, its last day."""
    actor_for(request, "records:read")
    found = queries.request_of(request_id)
    if found is None:
        raise Http404
    return found
