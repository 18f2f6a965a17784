"""Pages of interchange."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.interchange import forms, services
from chancery.departments.general_office.incoming_documents.interchange import queries as interchange
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff, undo


def _registered(document_id: int) -> IncomingDocument:
    document = queries.document(document_id)
    if document is None or not document.number:
        raise Http404
    return document


@door(staff, methods=("GET",))
def metadata_xml(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """GB/T 33480-2016 core metadata as XML."""
    return HttpResponse(interchange.as_xml(_registered(document_id)), content_type="application/xml; charset=utf-8")


@door(staff, methods=("GET",))
def metadata_json(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """GB/T 33480-2016 core metadata as JSON."""
    return JsonResponse(
        interchange.as_json(_registered(document_id)), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )


@door(queries.may_register)
def import_list(request: HttpRequest) -> HttpResponseBase:
    """Register a list from CSV: faults by row, or all of it."""
    if request.method != "POST":
        return _page(request, forms.ListForm(), [])
    form = forms.ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, [])
    sheet = forms.read(form.cleaned_data["sheet"].read())
    if sheet.faults or not sheet.rows:
        return _page(request, form, sheet.faults or [forms.Fault(1, "", _("The list has no rows."))])
    by = actor_of(request)
    try:
        done = services.register_list(rows=sheet.rows, by=by, at=clock.now())
    except services.RowRefused as refusal:
        undo(request)
        return _page(request, form, [forms.Fault(refusal.row, refusal.field or "", str(refusal))])
    n = len(done)
    messages.success(request, ngettext("%(n)d document registered.", "%(n)d documents registered.", n) % {"n": n})
    return redirect("general_office:incoming")


def _page(request: HttpRequest, form: forms.ListForm, faults: list[forms.Fault]) -> HttpResponse:
    context = {"form": form, "faults": faults, "heads": list(forms.HEADS.values())}
    status = 422 if faults or form.errors else 200
    return render(request, "general_office/incoming_documents/import.html", context, status=status)
