"""Pages of dispatch: a further addressee, again after a failure, the bundle of a copy on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.dispatch import queries, services
from chancery.departments.general_office.outgoing_documents.dispatch.bundles import queries as bundles
from chancery.departments.general_office.outgoing_documents.dispatch.forms import AgainForm, AlsoForm
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse


def found(document_id: int) -> OutgoingDocument:
    """The document, or 404."""
    document = documents.document(document_id)
    if document is None:
        raise Http404
    return document


def copy_found(delivery_id: int) -> Delivery:
    """The copy, or 404."""
    delivery = queries.delivery(delivery_id)
    if delivery is None:
        raise Http404
    return delivery


def back_to(document_id: int) -> HttpResponseBase:
    """To the document's page, where its dispatch stands."""
    return redirect(reverse("general_office:outgoing_document", args=[document_id]) + "#dispatch")


@door(queries.may_dispatch)
def also(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Send it also to somebody the paper does not name."""
    document = found(document_id)
    form = AlsoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.send_also(
                document_id=document.pk,
                channel=given["channel"],
                reason=given["reason"],
                unit_id=given["unit"],
                name=given["name"],
                email=given["email"],
                postal=given["postal"],
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Sent also to %(name)s.") % {"name": made.name})
            return back_to(document.pk)
    return _form(request, "also.html", document, form)


@door(queries.may_dispatch)
def again(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """Send a copy that failed once more, the same way or another."""
    delivery = copy_found(delivery_id)
    first = {"channel": delivery.channel, "email": delivery.email, "postal": delivery.postal}
    form = AgainForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.send_again(delivery_id=delivery.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Sent again to %(name)s.") % {"name": delivery.name})
            return back_to(delivery.document_id)
    return _form(request, "again.html", delivery.document, form, delivery=delivery)


def _form(
    request: HttpRequest, template: str, document: OutgoingDocument, form: object, **more: object
) -> HttpResponse:
    context = {"document": document, "form": form, "trail": trail(document), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, f"general_office/outgoing_documents/dispatch/{template}", context, status=status)


def trail(document: OutgoingDocument) -> list[tuple[str, str]]:
    """The way to a document's page."""
    return [
        (reverse("general_office:outgoing"), _("Outgoing documents")),
        (reverse("general_office:outgoing_document", args=[document.pk]), document.number or document.title),
    ]


@door(queries.may_dispatch, methods=("POST",))
def left(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """The bundle has left the house."""
    delivery = copy_found(delivery_id)
    services.mark_left(delivery_ids=[delivery.pk], by=actor_of(request), at=clock.now())
    messages.success(request, _("Noted: the copy for %(name)s has left the house.") % {"name": delivery.name})
    return back_to(delivery.document_id)


@door(queries.may_dispatch, methods=("GET",))
def bundle(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """The sealed paper, its annexes and the slip for the receipt, as a zip to print from."""
    delivery = copy_found(delivery_id)
    name, content = bundles.bundle(delivery, clock.now())
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/zip", headers=headers)
