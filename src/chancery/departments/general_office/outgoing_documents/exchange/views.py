"""Pages of exchange."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries as incoming
from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch.views import found
from chancery.departments.general_office.outgoing_documents.exchange import services
from chancery.departments.general_office.outgoing_documents.exchange.forms import PackageForm
from chancery.foundations import clock
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo


@door(dispatch.may_dispatch, methods=("POST",))
def package(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The document as a package for another system."""
    document = found(document_id)
    name, content = services.make_package(document_id=document.pk, by=actor_of(request), at=clock.now())
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@door(incoming.may_register, rate="30/m")
def take_in(request: HttpRequest) -> HttpResponseBase:
    """Take a package in as an incoming document."""
    form = PackageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["package"]
        try:
            draft = services.take_in(source=upload.file, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            form.add_error("package", str(refusal))
        else:
            messages.success(request, _("Taken in: look through the facts and files, then register it."))
            if not draft.package.signed_by:
                messages.warning(request, _("A paper of this kind bears no seal: nobody vouches for what it says."))
            elif not draft.package.is_trusted:
                messages.warning(
                    request,
                    _("The seal holds, but this house does not know who vouches for it: %(name)s.")
                    % {"name": draft.package.signed_by},
                )
            return redirect("general_office:incoming_edit", draft.pk)
    context = {
        "form": form,
        "most_mb": int(rulebook.number("outgoing.package.max_mb", on=clock.today())),
        "trail": [(reverse("general_office:incoming"), _("Incoming documents")), ("", _("Take in a package"))],
    }
    status = 422 if form.errors else 200
    return render(request, "general_office/outgoing_documents/exchange/take_in.html", context, status=status)
