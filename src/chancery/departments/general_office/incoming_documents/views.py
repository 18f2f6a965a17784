"""Pages of a registered document: the way to its matter, slip, letter, circulation list."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries, services
from chancery.departments.general_office.incoming_documents.forms import ReaderForm
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.printing import queries as printing
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff


def _found(document_id: int) -> IncomingDocument:
    document = queries.document(document_id)
    if document is None:
        raise Http404
    return document


@door(staff, methods=("GET",))
def incoming_document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The document's page is its matter's page; a draft's is the registration form."""
    document = _found(document_id)
    if document.matter_id is None:
        return redirect("general_office:incoming_edit", document.pk)
    return redirect("procedures:matter", document.matter_id)


@door(staff, methods=("GET",))
def slip(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The processing slip 文件处理单 as PDF, in the reader's language."""
    document = _found(document_id)
    if not document.number:
        raise Http404
    return _pdf(
        printing.slip_pdf(document, clock.now()), _("Processing slip %(number)s.pdf") % {"number": document.number}
    )


@door(staff, methods=("GET",))
def letter(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The letter that goes with returned papers, as PDF."""
    document = _found(document_id)
    if not document.return_reason:
        raise Http404
    return _pdf(
        printing.return_letter_pdf(document, clock.now()),
        _("Return letter %(number)s.pdf") % {"number": document.number},
    )


def _pdf(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(False, name) or "inline"
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


@door(staff, methods=("POST",))
def add_reader(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Put a post on the circulation list and send it the document."""
    by = actor_of(request)
    document = _found(document_id)
    form = ReaderForm(request.POST)
    if not form.is_valid():
        raise Refused("; ".join(f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items()))
    post = form.cleaned_data["post"]
    services.add_to_list(
        document_id=document.pk, post_id=post, reason=form.cleaned_data["reason"], by=by, at=clock.now()
    )
    messages.success(request, _("Added to the list and sent."))
    return redirect("general_office:incoming_document", document.pk)
