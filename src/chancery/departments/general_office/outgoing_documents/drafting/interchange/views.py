"""Word in, Word and OpenDocument out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.drafting.forms import ImportForm
from chancery.departments.general_office.outgoing_documents.drafting.interchange import queries, services
from chancery.departments.general_office.outgoing_documents.drafting.views import found
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.kernel.access.readings.terms import How
from chancery.kernel.access.readings.views import was_read


@door(staff, methods=("POST",))
def import_docx(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Let a Word file's text stand in the draft; what could not be carried over is said."""
    by = actor_of(request)
    document = found(document_id)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(_("Choose a Word file first."), field="file")
    upload = form.cleaned_data["file"]
    taken = services.import_docx(document_id=document.pk, name=upload.name, content=upload.file, by=by, at=clock.now())
    messages.success(request, _("The text of “%(name)s” stands in the draft now.") % {"name": upload.name})
    for warning in taken.warnings:
        messages.warning(request, warning)
    return redirect("general_office:outgoing_edit", document.pk)


@door(staff, methods=("GET",))
def export(request: HttpRequest, document_id: int, kind: str) -> HttpResponse:
    """The paper as a Word or OpenDocument file."""
    document = found(document_id)
    if kind not in queries.MEDIA:
        raise Http404
    subject = f"general_office.outgoingdocument:{document.pk}"
    was_read(request, guard_id=document.guard_id, label=document.guard.label, subject=subject, how=How.EXPORT)
    name = f"{document.title or document.pk}.{kind}"
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(
        queries.export(document, kind), content_type=queries.MEDIA[kind], headers={"Content-Disposition": disposition}
    )
