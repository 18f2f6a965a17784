"""The set page: live beside the editor, whole on a page of its own, and as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.drafting.forms import DraftForm
from chancery.departments.general_office.outgoing_documents.drafting.preview import queries
from chancery.departments.general_office.outgoing_documents.drafting.views import found, told
from chancery.foundations import clock
from chancery.foundations.web.door import door, staff
from chancery.kernel.access.readings.terms import How
from chancery.kernel.access.readings.views import was_read
from chancery.kernel.records.setting import set_paper

MOST_PAGES = 40


@door(staff)
def preview(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """POST: the part beside the editor, of what is typed. GET: a page with the paper as it stands."""
    document = found(document_id)
    facts, annexes = documents.facts_of(document), documents.annexes_of(document.pk)
    if request.method == "POST":
        form = DraftForm(request.POST, document=document, on=clock.today())
        form.is_valid()
        shown = queries.preview_of(document, {**facts, **form.facts()}, annexes=annexes)
        faults = [(fault.field or "", told(fault)) for fault in shown.faults]
        context = {"document": document, "preview": shown, "faults": faults}
        return render(request, "general_office/outgoing_documents/drafting/preview_part.html", context)
    shown = queries.preview_of(document, facts, annexes=annexes, most_pages=MOST_PAGES)
    context = {
        "document": document,
        "preview": shown,
        "faults": [(fault.field or "", told(fault)) for fault in shown.faults] if not document.number else [],
        "trail": [
            (reverse("general_office:outgoing_document", args=[document.pk]), document.title or _("Untitled draft")),
            (None, _("Preview")),
        ],
    }
    return render(request, "general_office/outgoing_documents/drafting/preview.html", context)


@door(staff, methods=("GET",))
def preview_pdf(request: HttpRequest, document_id: int) -> HttpResponse:
    """The paper as it stands, as PDF, marked as a draft until it is numbered."""
    document = found(document_id)
    subject = f"general_office.outgoingdocument:{document.pk}"
    was_read(request, guard_id=document.guard_id, label=document.guard.label, subject=subject, how=How.PREVIEW)
    made = set_paper(queries.paper_of(document))
    name = _("Draft %(title)s.pdf") % {"title": document.title or document.pk}
    disposition = content_disposition_header(False, name) or "inline"
    return HttpResponse(made.pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})
