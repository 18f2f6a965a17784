"""What the editor's page says while it is open, and the pages of versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.drafting import queries
from chancery.departments.general_office.outgoing_documents.drafting.editing import services
from chancery.departments.general_office.outgoing_documents.drafting.forms import DraftForm
from chancery.departments.general_office.outgoing_documents.drafting.views import found
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.kernel.records.papertypes import queries as paper_types


def _told(standing: services.Standing) -> JsonResponse:
    since = timezone.localtime(standing.since).strftime("%H:%M") if standing.since else ""
    words = {
        services.Hold.YOURS: "",
        services.Hold.HELD: _("%(name)s is editing this document since %(time)s."),
        services.Hold.TAKEN: _("%(name)s took this document over at %(time)s. What you typed is kept as unsaved work."),
        services.Hold.CLOSED: _("This document may not be edited any more. What you typed is kept as unsaved work."),
    }
    return JsonResponse(
        {
            "hold": standing.hold.value,
            "version": standing.version,
            "words": words[standing.hold] % {"name": standing.name, "time": since},
        }
    )


@door(staff, methods=("POST",))
def beat(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The page is open."""
    by = actor_of(request)
    found(document_id)
    return _told(services.beat(document_id=document_id, by=by, at=clock.now()))


@door(staff, methods=("POST",))
def take_over(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Take the editor from whoever has it."""
    by = actor_of(request)
    found(document_id)
    services.take_over(document_id=document_id, by=by, at=clock.now())
    return redirect("general_office:outgoing_edit", document_id)


@door(staff, methods=("POST",))
def let_go(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The page was left."""
    by = actor_of(request)
    found(document_id)
    services.let_go(document_id=document_id, by=by, at=clock.now())
    return JsonResponse({})


@door(staff, methods=("POST",))
def autosave(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Keep what is typed. Answers with the time, or why nothing was kept."""
    by = actor_of(request)
    document = found(document_id)
    fields = {name: values for name, values in request.POST.lists() if name not in DraftForm.NOT_KEPT}
    seen = request.POST.get("seen_version", "")
    try:
        work = services.autosave(
            document_id=document_id,
            base_version=int(seen) if seen.isdecimal() else document.version,
            fields=fields,
            by=by,
            at=clock.now(),
        )
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal), "field": refusal.field or ""}, status=422)
    return JsonResponse({"at": timezone.localtime(work.at).strftime("%H:%M:%S"), "version": document.version})


@door(staff, methods=("POST",))
def drop_unsaved(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Throw one's unsaved work away."""
    by = actor_of(request)
    found(document_id)
    services.drop_unsaved(document_id=document_id, by=by, at=clock.now())
    messages.success(request, _("The unsaved work was discarded."))
    return redirect("general_office:outgoing_edit", document_id)


@door(staff, methods=("GET",))
def versions(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Every version: who, when, why; two of them to compare."""
    by = actor_of(request)
    document = found(document_id)
    rows = queries.versions(document.pk)
    context = {
        "document": document,
        "versions": rows,
        "latest": rows[0]["number"] if rows else 0,
        "before": rows[1]["number"] if len(rows) > 1 else 0,
        "work": queries.unsaved(document.pk) if queries.may_edit(document, by) else [],
        "trail": _trail(document, (None, _("Versions"))),
    }
    return render(request, "general_office/outgoing_documents/drafting/versions.html", context)


@door(staff, methods=("GET",))
def version(request: HttpRequest, document_id: int, number: int) -> HttpResponseBase:
    """What one version said."""
    by = actor_of(request)
    document = found(document_id)
    kept = queries.version(document.pk, number)
    if kept is None:
        raise Http404
    of = paper_types.paper_type(kept.parts["type"], on=clock.date_of(kept.at), profile=document.profile)
    context = {
        "document": document,
        "version": kept,
        "parts": kept.parts,
        "type": of,
        "may_restore": bool(queries.may_edit(document, by)) and number != document.version,
        "trail": _trail(
            document,
            (reverse("general_office:outgoing_versions", args=[document.pk]), _("Versions")),
            (None, _("Version %(number)d") % {"number": number}),
        ),
    }
    return render(request, "general_office/outgoing_documents/drafting/version.html", context)


@door(staff, methods=("POST",))
def restore(request: HttpRequest, document_id: int, number: int) -> HttpResponseBase:
    """Let an earlier version stand again, as a new one."""
    by = actor_of(request)
    found(document_id)
    saved = services.restore_version(document_id=document_id, number=number, by=by, at=clock.now())
    messages.success(
        request,
        _("Version %(old)d stands again, as version %(number)d.") % {"old": number, "number": saved.version},
    )
    return redirect("general_office:outgoing_document", document_id)


def _trail(document: Any, *more: tuple[str | None, str]) -> list[tuple[str | None, str]]:
    return [(reverse("general_office:outgoing_document", args=[document.pk]), name_of(document)), *more]


def name_of(document: Any) -> str:
    """What a page calls a document."""
    return str(document.title or _("Untitled draft"))
