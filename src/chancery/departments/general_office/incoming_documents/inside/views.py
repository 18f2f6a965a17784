"""Pages of documents from inside the house."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.inside import services
from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff


@door(staff, methods=("POST",))
def open_copy(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Open what arrived: its files are handed over, and its sender sees that it was opened."""
    by = actor_of(request)
    if queries.document(document_id) is None:
        raise Http404
    document = services.open_copy(document_id=document_id, by=by, at=clock.now())
    messages.success(request, _("Opened. Its files are below; sign for it to send the receipt."))
    return redirect("procedures:matter", document.matter_id)
