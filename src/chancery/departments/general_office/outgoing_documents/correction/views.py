"""Pages of correction."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.correction import services
from chancery.departments.general_office.outgoing_documents.correction.forms import DecideForm, WithdrawForm
from chancery.departments.general_office.outgoing_documents.dispatch.views import found
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door


def _back(document_id: int) -> HttpResponseBase:
    return redirect(reverse("general_office:outgoing_document", args=[document_id]) + "#correction")


@door(methods=("POST",))
def correct(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Begin the draft of a correcting document."""
    document = found(document_id)
    draft = services.begin_correction(document_id=document.pk, by=actor_of(request), at=clock.now())
    messages.success(request, _("A draft that corrects %(number)s is begun.") % {"number": document.number})
    return redirect("general_office:outgoing_edit", draft.pk)


@door(methods=("POST",))
def ask(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Ask for the withdrawal."""
    document = found(document_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say why it is withdrawn: its recipients are told."), field="reason")
    services.ask_withdrawal(
        document_id=document.pk, reason=form.cleaned_data["reason"], by=actor_of(request), at=clock.now()
    )
    messages.success(request, _("Asked for. Somebody else at the signer's level confirms the withdrawal."))
    return _back(document.pk)


@door(methods=("POST",))
def decide(request: HttpRequest, document_id: int, withdrawal_id: int) -> HttpResponseBase:
    """Confirm or refuse it."""
    document = found(document_id)
    form = DecideForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    by, at = actor_of(request), clock.now()
    if request.POST.get("decision") == "confirm":
        services.confirm_withdrawal(withdrawal_id=withdrawal_id, note=note, by=by, at=at)
        messages.success(request, _("Withdrawn. Its recipients have been told."))
    else:
        services.refuse_withdrawal(withdrawal_id=withdrawal_id, note=note, by=by, at=at)
        messages.success(request, _("It stays in force."))
    return _back(document.pk)
