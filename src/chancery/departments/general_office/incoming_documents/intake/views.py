"""Pages of intake: a new document, its draft, its files."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries, rules
from chancery.departments.general_office.incoming_documents.intake import services
from chancery.departments.general_office.incoming_documents.intake.forms import RegistrationForm
from chancery.departments.general_office.incoming_documents.intake.queries import Proposal, merged
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.departments.general_office.incoming_documents.terms import FilePart, State, Urgency
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.once import FIELD

OPEN = (State.DRAFT, State.SIGNED, State.REGISTERED)


@door(queries.may_register)
def new(request: HttpRequest) -> HttpResponseBase:
    """An empty registration form. Nothing is kept until something is typed or dropped."""
    if request.method == "POST":
        by = actor_of(request)
        draft = services.open_draft(act_token=_token(request), by=by, at=clock.now())
        return _take(request, draft)
    form = RegistrationForm(initial={"received_on": clock.today()})
    return _page(request, form, None)


@door(queries.may_register)
def edit(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """A draft, a document signed for, or a registration returned for correction."""
    document = queries.document(document_id)
    if document is None:
        raise Http404
    if document.state not in OPEN or not services.is_editable(document):
        if request.method == "POST":
            messages.info(
                request, _("This document is registered already as %(number)s.") % {"number": document.number}
            )
        return redirect("general_office:incoming_document", document.pk)
    if request.method == "POST":
        return _take(request, document)
    return _page(request, RegistrationForm(instance=document, initial={"seen_version": document.version}), document)


def _token(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _take(request: HttpRequest, document: IncomingDocument) -> HttpResponseBase:
    """Keep what came with the form, then do what the pressed button says."""
    by = actor_of(request)
    at = clock.now()
    form = RegistrationForm(request.POST, request.FILES, instance=document)
    form.is_valid()
    act = request.POST.get("act", "save")
    proposal = _keep_files(request, form, document, by)
    try:
        kept = services.save_draft(
            document_id=document.pk,
            facts=form.facts(),
            seen_version=form.cleaned_data.get("seen_version"),
            by=by,
            at=at,
        )
    except Stale as stale:
        return _page(request, form, document, stale=stale, differences=_differences(form, document.pk), status=409)
    except Refused as refusal:
        refuse(form, refusal)
        return _page(request, form, document, proposal=proposal, status=422)
    if form.errors:
        return _page(request, _rebound(form, kept), kept, proposal=proposal, status=422)
    if act == "propose":
        return _page(request, _rebound(form, kept, proposal), kept, proposal=proposal)
    if act in {"sign", "register"}:
        return _act(request, form, kept, act)
    messages.success(request, _("Kept. It is not registered yet."))
    return redirect("general_office:incoming_edit", kept.pk)


def _differences(form: RegistrationForm, document_id: int) -> list[tuple[Any, Any, Any]]:
    """Field, what was typed, what stands now; where they differ."""
    stands = queries.document(document_id)
    typed = form.facts()
    rows = [(form.fields[name].label, typed[name], getattr(stands, name)) for name in typed]
    return [row for row in rows if (row[1] or "") != (row[2] or "")]


def _act(request: HttpRequest, form: RegistrationForm, document: IncomingDocument, act: str) -> HttpResponseBase:
    by = actor_of(request)
    at = clock.now()
    duplicate = None
    try:
        if act == "sign":
            registration.sign_for_document(document_id=document.pk, by=by, at=at)
            messages.success(request, _("Signed for. Registration is the next step."))
            return redirect("general_office:incoming_edit", document.pk)
        done = registration.register_document(document_id=document.pk, by=by, at=at)
    except rules.Duplicate as refusal:
        duplicate = refusal
        form.add_error("sender_number", str(refusal))
    except Refused as refusal:
        refuse(form, refusal)
    else:
        messages.success(request, _("Registered as %(number)s.") % {"number": done.number})
        return redirect("general_office:incoming_document", done.pk)
    # The draft was kept before the refusal: text and files stay, whatever the person does next.
    fresh = queries.document(document.pk) or document
    return _page(request, _rebound(form, fresh), fresh, duplicate=duplicate, status=422)


def _keep_files(request: HttpRequest, form: RegistrationForm, document: IncomingDocument, by: Actor) -> Proposal:
    """Store each uploaded file; a refused one is named and the others stay."""
    proposal = Proposal()
    for upload in form.cleaned_data.get("uploads") or []:
        try:
            found = services.add_file(
                document_id=document.pk,
                name=upload.name,
                content=upload.file,
                part=FilePart.MAIN,
                by=by,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error("uploads", f"{upload.name}: {refusal}")
        else:
            proposal = merged(proposal, found)
    return proposal


def _rebound(form: RegistrationForm, document: IncomingDocument, proposal: Proposal | None = None) -> RegistrationForm:
    """The same typed data with the draft's present version; empty fields take what the files propose."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict: the form is bound
    data["seen_version"] = str(document.version)
    for name, text in (proposal.as_fields() if proposal else {}).items():
        plain = name == "kind" or (name == "urgency" and data.get("urgency") == Urgency.ROUTINE)
        if not data.get(name) or plain:
            data[name] = text
    again = RegistrationForm(data, instance=document)
    again.is_valid()
    if proposal is None:
        again._errors = form._errors  # type: ignore[attr-defined]  # the same findings, on the fresh version
    return again


def _page(request: HttpRequest, form: RegistrationForm, document: IncomingDocument | None, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    for name in ("title", "sender", "received_on"):
        form.fields[
            name
        ].required = True  # a draft may lack them, a registration may not: the page does not call them optional
    context = {
        "form": form,
        "document": document,
        "files": queries.files(document.pk) if document else [],
        "address": reverse("general_office:incoming_edit", args=[document.pk])
        if document
        else reverse("general_office:incoming_new"),
        **more,
    }
    return render(request, "general_office/incoming_documents/registration.html", context, status=status)


@door(queries.may_register, methods=("POST",))
def remove_file(request: HttpRequest, document_id: int, file_id: int) -> HttpResponseBase:
    """Take a file off a draft."""
    by = actor_of(request)
    services.remove_file(document_id=document_id, file_id=file_id, by=by, at=clock.now())
    return redirect("general_office:incoming_edit", document_id)


@door(queries.may_register, methods=("POST",))
def discard(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Throw a draft away."""
    by = actor_of(request)
    services.discard_draft(document_id=document_id, by=by, at=clock.now())
    messages.success(request, _("The draft was discarded."))
    return redirect("general_office:incoming")


@door(queries.may_register, methods=("GET",))
def limit(request: HttpRequest) -> HttpResponseBase:
    """The last day that the rulebook allows for a grade, for the registration form's script."""
    received = parse_date(request.GET.get("received_on", "")) if request.GET.get("received_on") else clock.today()
    urgency = request.GET.get("urgency", "")
    if received is None or urgency not in Urgency.values:
        return JsonResponse({"limit_on": ""})
    return JsonResponse({"limit_on": queries.limit_for(urgency, received).isoformat()})
