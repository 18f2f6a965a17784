"""Annexes, put with a paper and taken off; on the editor's page without leaving it."""

from __future__ import annotations

from typing import IO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.annexes import services
from chancery.departments.general_office.outgoing_documents.drafting.views import found, told
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff


def _answer(request: HttpRequest, document_id: int, refused: list[str]) -> HttpResponseBase:
    """The card alone for htmx; otherwise back to the editor."""
    document = found(document_id)
    if getattr(request, "htmx", False):
        context = {
            "document": document,
            "annexes": documents.annexes_of(document_id),
            "refused": refused,
            "is_swapped": True,
        }
        return render(request, "general_office/outgoing_documents/annexes/card.html", context)
    for reason in refused:
        messages.error(request, reason)
    return redirect("general_office:outgoing_edit", document_id)


@door(staff, methods=("POST",))
def add(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Every file that was chosen; a refused one is named and the others stay."""
    by = actor_of(request)
    found(document_id)
    refused: list[str] = []
    uploads = [one for one in request.FILES.getlist("annexes") if isinstance(one, UploadedFile) and one.file]
    if not uploads:
        refused.append(_("Choose a file first."))
    for upload in uploads:
        try:
            services.add_annex(
                document_id=document_id,
                name=upload.name or "",
                content=cast(IO[bytes], upload.file),
                by=by,
                at=clock.now(),
            )
        except Refused as refusal:
            refused.append(f"{upload.name}: {told(refusal)}")
    return _answer(request, document_id, refused)


@door(staff, methods=("POST",))
def remove(request: HttpRequest, document_id: int, annex_id: int) -> HttpResponseBase:
    """Take one off."""
    by = actor_of(request)
    found(document_id)
    services.remove_annex(document_id=document_id, annex_id=annex_id, by=by, at=clock.now())
    return _answer(request, document_id, [])


@door(staff, methods=("POST",))
def move(request: HttpRequest, document_id: int, annex_id: int) -> HttpResponseBase:
    """One place up or down."""
    by = actor_of(request)
    found(document_id)
    order = [row["id"] for row in documents.annexes_of(document_id)]
    step = -1 if request.POST.get("way") == "up" else 1
    if annex_id in order:
        place = order.index(annex_id)
        other = min(max(place + step, 0), len(order) - 1)
        order[place], order[other] = order[other], order[place]
        services.order_annexes(document_id=document_id, annex_ids=order, by=by, at=clock.now())
    return _answer(request, document_id, [])
