"""The REST door, OpenAPI 3.1 at `/api/openapi.json`: bearer tokens, and the services and row security of the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Query, Router, Schema
from ninja.security import HttpBearer

from chancery.departments.general_office.archives.reading.api import router as archives_reading
from chancery.departments.general_office.incoming_documents.api import actor_for
from chancery.departments.general_office.incoming_documents.api import router as incoming_documents
from chancery.departments.general_office.outgoing_documents.api import router as outgoing_documents
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Stale, Unavailable
from chancery.foundations.web.door import Door, actor_of, staff
from chancery.kernel.directory.models import Holding, Unit
from chancery.kernel.procedures.models import Matter, Task

MOST = 200


class Token(HttpBearer):
    """An access token. ActorMiddleware has read it already; only tokens are taken here, never a session cookie."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token."""
        by = actor_of(request)
        return by if by.is_person and by.scopes is not None else None


api = NinjaAPI(
    title="Chancery",
    version="1",
    description="Tokens are made under “My account → Access tokens”. What a token's post may not see is not there.",
    auth=Token(),
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A rule said no: why, and which field. Nothing of the request is kept."""
    request._rollback = True  # type: ignore[attr-defined]  # the sign to ActorMiddleware
    status = 409 if isinstance(refusal, Stale) else 503 if isinstance(refusal, Unavailable) else 422
    return api.create_response(
        request, {"detail": str(refusal), "field": refusal.field, "basis": refusal.basis}, status=status
    )


@api.exception_handler(Http404)
def not_found(request: HttpRequest, absent: Http404) -> HttpResponse:
    """Absent and invisible look alike."""
    return api.create_response(request, {"detail": _("Not found.")}, status=404)


# --- Directory -------------------------------------------------------------------------------------------------------
directory = Router(tags=["directory"])


class UnitOut(Schema):
    """A unit as of a day."""

    code: str
    name_en: str
    name_zh: str
    kind: str
    parent: str | None


class HolderOut(Schema):
    """Who holds which post of a unit; null names stand for a vacant post."""

    post_en: str
    post_zh: str
    person_en: str | None
    person_zh: str | None
    kind: str | None


class UnitWhole(UnitOut):
    """A unit with its posts."""

    functions_en: str
    functions_zh: str
    posts: list[HolderOut]


@directory.get("/units", response=list[UnitOut], summary="Units today")
def units(request: HttpRequest) -> Any:
    """Every unit that stands today, in order."""
    actor_for(request, "directory:read")
    rows = Unit.objects.filter(during__contains=clock.today(), is_void=False).order_by("position", "id")
    return [_unit(row) for row in rows.values("code", "name_en", "name_zh", "kind", "parent__code")[:2000]]


@directory.get("/units/{code}", response=UnitWhole, summary="A unit with its posts")
def unit(request: HttpRequest, code: str) -> Any:
    """One unit, its work, its posts and who holds them today."""
    actor_for(request, "directory:read")
    columns = ("id", "code", "name_en", "name_zh", "kind", "parent__code", "functions_en", "functions_zh")
    row = Unit.objects.filter(code=code.replace("\x00", ""), during__contains=clock.today()).values(*columns).first()
    if row is None:
        raise Http404
    return {**row, **_unit(row), "posts": _posts(row["id"])}


def _unit(row: Any) -> dict[str, Any]:
    return {**row, "parent": row["parent__code"]}


def _posts(unit_id: int) -> list[dict[str, Any]]:
    today = clock.today()
    found = Unit.objects.get(pk=unit_id).posts.filter(during__contains=today).order_by("position", "id")
    posts = {row["id"]: row for row in found.values("id", "title_en", "title_zh")}
    held = Holding.objects.filter(post_id__in=posts, during__contains=today).order_by("seat")
    people: dict[int, list[Any]] = {}
    for row in held.values("post_id", "kind", "person__name_en", "person__name_zh"):
        people.setdefault(row["post_id"], []).append(row)
    nobody = {"person__name_en": None, "person__name_zh": None, "kind": None}
    return [
        {
            "post_en": post["title_en"],
            "post_zh": post["title_zh"],
            "person_en": row["person__name_en"],
            "person_zh": row["person__name_zh"],
            "kind": row["kind"],
        }
        for post in posts.values()
        for row in people.get(post["id"], [nobody])
    ]


# --- Matters ---------------------------------------------------------------------------------------------------------
matters = Router(tags=["matters"])


class MatterOut(Schema):
    """A matter."""

    id: int
    number: str
    title: str
    procedure: str
    state: str
    urgency: str
    due_on: dt.date | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    subject: str


class Matters(Schema):
    """A page of matters. `next_offset` is null on the last page."""

    items: list[MatterOut]
    next_offset: int | None


class StepOut(Schema):
    """A step that was or is asked for."""

    step: str
    state: str
    outcome: str
    asked_at: dt.datetime
    done_at: dt.datetime | None
    due_on: dt.date | None


class MatterWhole(MatterOut):
    """A matter with its steps, oldest first."""

    steps: list[StepOut]


class MattersWanted(Schema):
    """How matters are narrowed."""

    state: str = Field("", max_length=10)
    procedure: str = Field("", max_length=60)
    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=100_000)


_MATTER = ("id", "number", "title", "procedure", "state", "urgency", "due_on", "opened_at", "closed_at", "subject")


@matters.get("", response=Matters, summary="Matters")
def matter_list(request: HttpRequest, wanted: Query[MattersWanted]) -> Any:
    """Matters that the token's post may see, newest first."""
    actor_for(request, "matters:read")
    given = {"state": wanted.state.replace("\x00", ""), "procedure": wanted.procedure.replace("\x00", "")}
    rows = (
        Matter.objects.filter(**{name: value for name, value in given.items() if value})
        .order_by("-id")
        .values(*_MATTER)
    )
    items = list(rows[wanted.offset : wanted.offset + wanted.limit + 1])
    more = len(items) > wanted.limit
    return {"items": items[: wanted.limit], "next_offset": wanted.offset + wanted.limit if more else None}


@matters.get("/{int:matter_id}", response=MatterWhole, summary="A matter with its steps")
def matter(request: HttpRequest, matter_id: int) -> Any:
    """One matter and every step that was asked for."""
    actor_for(request, "matters:read")
    row = Matter.objects.filter(pk=matter_id).values(*_MATTER).first()
    if row is None:
        raise Http404
    steps = Task.objects.filter(matter_id=matter_id).order_by("asked_at", "id")
    return {**row, "steps": list(steps.values("step", "state", "outcome", "asked_at", "done_at", "due_on"))}


api.add_router("/directory", directory)
api.add_router("/matters", matters)
api.add_router("/incoming-documents", incoming_documents)
api.add_router("/outgoing-documents", outgoing_documents)
api.add_router("/archives", archives_reading)

urls = api.urls
for _pattern in urls[0]:
    # Every address has a door; here it is the token and its scopes, which each operation asks itself.
    if _pattern.callback is not None:
        _pattern.callback.door = Door("staff", staff, ("GET", "POST"))  # type: ignore[attr-defined]  # the mark of a door
