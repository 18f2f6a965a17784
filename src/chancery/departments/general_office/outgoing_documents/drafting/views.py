"""Pages of drafting: begin, write, hand on, discard."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.address_book import queries as address_book
from chancery.departments.general_office.outgoing_documents.comments import queries as comments
from chancery.departments.general_office.outgoing_documents.comparing import queries as comparing
from chancery.departments.general_office.outgoing_documents.drafting import queries, services
from chancery.departments.general_office.outgoing_documents.drafting.forms import (
    AlongForm,
    DraftForm,
    GroupChoiceForm,
    ImportForm,
)
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import AddresseePart, State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook.terms import Profile
from chancery.foundations.verdict import Refused, Stale, Verdict
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.once import FIELD
from chancery.foundations.words import words
from chancery.kernel.records.papertypes import queries as paper_types
from chancery.kernel.records.papertypes.models import PaperType

ELSEWHERE = {"relations": "numbered"}  # findings that the page shows at another control


def found(document_id: int) -> OutgoingDocument:
    """The document, or 404 when it does not exist for the actor."""
    document = documents.document(document_id)
    if document is None:
        raise Http404
    return document


@door(queries.may_draft)
def new(request: HttpRequest) -> HttpResponseBase:
    """Choose a type, then a template or an empty page."""
    by = actor_of(request)
    profile = request.GET.get("profile") or request.POST.get("profile") or settings.PROFILE
    if profile not in Profile.values:
        raise Http404
    if request.method == "POST":
        template = request.POST.get("template", "")
        draft = services.open_draft(
            paper_type=request.POST.get("paper_type", ""),
            profile=profile,
            template_id=int(template) if template.isdecimal() else None,
            act_token=_token(request),
            by=by,
            at=clock.now(),
        )
        return redirect("general_office:outgoing_edit", draft.pk)
    held = list(paper_types.holding(clock.today(), profile=profile))
    templates: dict[str, list[Any]] = {}
    for one in queries.templates(by, profile=profile).select_related("unit"):
        templates.setdefault(one.paper_type, []).append(one)
    tabs = [
        {"title": one.label, "address": f"?profile={one.value}", "is_here": one.value == profile} for one in Profile
    ]
    return render(
        request,
        "general_office/outgoing_documents/drafting/new.html",
        {
            "types": [_offer(one, templates.get(one.code, [])) for one in held if one.says("issuers") != []],
            "profile": profile,
            "tabs": tabs,
            "trail": _trail((None, _("New paper"))),
        },
    )


def _offer(one: PaperType, templates: Sequence[Any]) -> dict[str, Any]:
    return {"type": one, "name": words(one), "use": words(one, "use"), "templates": templates}


def _token(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _trail(*more: tuple[str | None, str]) -> list[tuple[str | None, str]]:
    return [(reverse("general_office:outgoing_drafts"), _("My drafts")), *more]


# --- The editor -------------------------------------------------------------------------------------------------------
@door(staff)
def edit(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The editor. Whoever may not edit now, or finds somebody else at it, is shown the document instead."""
    by = actor_of(request)
    document = found(document_id)
    verdict = queries.may_edit(document, by)
    if not verdict and request.method == "GET":
        messages.info(request, str(verdict.reason))
        return redirect("general_office:outgoing_document", document.pk)
    verdict.demand()
    if request.method == "POST":
        return _take(request, document, by)
    if queries.lock_in_the_way(document.pk, by, clock.now()):
        return redirect("general_office:outgoing_document", document.pk)
    whose = request.GET.get("unsaved", "")
    work = next((one for one in queries.unsaved(document.pk) if str(one.person_id) == whose), None)
    if work is not None:
        data = QueryDict(mutable=True)
        for name, values in work.fields.items():
            data.setlist(name, values)
        form = DraftForm(data, document=document, on=clock.today())
        return page(request, form, document, restored=work)
    return page(request, fresh_form(document), document)


def fresh_form(document: OutgoingDocument) -> DraftForm:
    """The form as the document stands."""
    initial = DraftForm.initial_of(document, documents.facts_of(document))
    return DraftForm(initial=initial, document=document, on=clock.today())


def _take(request: HttpRequest, document: OutgoingDocument, by: Actor) -> HttpResponseBase:
    """Do what the pressed button says; whatever is refused, the typed text stays on the page."""
    form = DraftForm(request.POST, document=document, on=clock.today())
    act = request.POST.get("act", "save")
    if act == "group":
        return _with_group(request, document, by)
    if not form.is_valid():
        return page(request, form, document, status=422)
    at = clock.now()
    seen = form.cleaned_data.get("seen_version")
    try:
        kept = services.save_draft(
            document_id=document.pk,
            facts=form.facts(),
            seen_version=seen,
            note=form.cleaned_data["version_note"],
            by=by,
            at=at,
        )
    except Stale as stale:
        return _stale(request, form, document, stale)
    except services.BeingEdited as refusal:
        return page(request, form, document, held=str(refusal), status=409)
    except Refused as refusal:
        put_errors(form, [refusal])
        return page(request, form, document, status=422)
    if act == "submit":
        return _submit(request, form, kept, by)
    if kept.version == seen:
        messages.info(request, _("Nothing had changed."))
    else:
        messages.success(request, _("Saved as version %(number)d.") % {"number": kept.version})
    return redirect("general_office:outgoing_document" if act == "close" else "general_office:outgoing_edit", kept.pk)


def _submit(request: HttpRequest, form: DraftForm, document: OutgoingDocument, by: Actor) -> HttpResponseBase:
    try:
        done = services.submit_draft(document_id=document.pk, by=by, at=clock.now())
    except services.Incomplete as refusal:
        put_errors(form, refusal.faults)
    except Refused as refusal:
        put_errors(form, [refusal])
    else:
        messages.success(request, _("Submitted. It goes its way now."))
        return redirect("general_office:outgoing_document", done.pk)
    # What was typed is kept as a version, whatever is still missing.
    return page(request, rebound(form, document), document, status=422)


def _with_group(request: HttpRequest, document: OutgoingDocument, by: Actor) -> HttpResponseBase:
    """Take an address group over into the fields."""
    data = request.POST.copy()
    group_id, part = data.get("add_group", ""), data.get("add_group_as", "")
    if group_id.isdecimal() and address_book.group(int(group_id), by):
        field = "main" if part == AddresseePart.MAIN else "copy_to"
        taken = {*data.getlist("main"), *data.getlist("copy_to")}
        for member in address_book.members(int(group_id)):
            if member["unit_id"] and str(member["unit_id"]) not in taken:
                data.appendlist(field, str(member["unit_id"]))
            elif not member["unit_id"] and member["name"] not in data.getlist("outside-name"):
                row = {"part": part, **{name: member[name] for name in ("name", "email", "postal")}}
                for name, value in row.items():
                    data.appendlist(f"outside-{name}", value)
    return page(request, DraftForm(data, document=document, on=clock.today()), document)


def put_errors(form: DraftForm, refusals: Sequence[Refused | Verdict]) -> None:
    """Each refusal at its field, with what it rests on."""
    for refusal in refusals:
        field = ELSEWHERE.get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, told(refusal))


def told(refusal: Refused | Verdict) -> str:
    """Reason and basis."""
    if not refusal.basis:
        return str(refusal.reason)
    return _("%(reason)s Basis: %(basis)s.") % {"reason": refusal.reason, "basis": refusal.basis}


def rebound(form: DraftForm, document: OutgoingDocument) -> DraftForm:
    """The same typed data on the document's present version."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict: the form is bound
    data["seen_version"] = str(document.version)
    again = DraftForm(data, document=document, on=clock.today())
    again.is_valid()
    again._errors = form._errors  # type: ignore[attr-defined]  # the same findings, on the fresh version
    return again


def _stale(request: HttpRequest, form: DraftForm, document: OutgoingDocument, stale: Stale) -> HttpResponse:
    """Side by side what stands now and what was typed; saving again puts the typed text on top."""
    stands = documents.facts_of(document)
    annexes = documents.annexes_of(document.pk)
    today = clock.today()
    now, typed = (documents.parts_from(facts, annexes, on=today) for facts in (stands, {**stands, **form.facts()}))
    sides = (comparing.Side(_("Stands now")), comparing.Side(_("You typed")))
    comparison = comparing.compare(now, typed, sides=sides)
    return page(request, rebound(form, document), document, stale=str(stale), comparison=comparison, status=409)


def page(
    request: HttpRequest, form: DraftForm, document: OutgoingDocument, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The editor's page."""
    by = actor_of(request)
    work = [one for one in queries.unsaved(document.pk) if one != more.get("restored")]
    groups = GroupChoiceForm(by=by)
    for name in ("title", "body", "issuer"):
        # A draft may lack them, a submitted paper may not: the page does not call them optional.
        form.fields[name].required = True
    context: Mapping[str, Any] = {
        "form": form,
        "document": document,
        "is_draft": document.state == State.DRAFT,
        "annexes": documents.annexes_of(document.pk),
        "threads": comments.threads(document.pk, document.body),
        "versions": queries.versions(document.pk)[:12],
        "own_work": next((one for one in work if one.person_id == by.person_id), None),
        "others_work": [one for one in work if one.person_id != by.person_id],
        "along": queries.asked_along(document),
        "along_form": AlongForm(),
        "import_form": ImportForm(),
        "groups": groups.fields["group"].choices,  # type: ignore[attr-defined]  # a ChoiceField
        "parts": AddresseePart.choices,
        "is_signed": bool(document.signed_hash),
        "trail": _trail((None, document.title or _("Untitled draft"))),
        "may_comment": True,
        **more,
    }
    return render(request, "general_office/outgoing_documents/drafting/edit.html", context, status=status)


# --- Other acts on a draft --------------------------------------------------------------------------------------------
@door(staff, methods=("POST",))
def submit(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Hand on what is saved, from the document's page."""
    by = actor_of(request)
    document = found(document_id)
    try:
        services.submit_draft(document_id=document.pk, by=by, at=clock.now())
    except services.Incomplete as refusal:
        # The document shown as if it had been typed: the same form, bound, with every finding at its field.
        form = DraftForm(as_typed(document), document=document, on=clock.today())
        form.is_valid()
        put_errors(form, refusal.faults)
        return page(request, form, document, status=422)
    messages.success(request, _("Submitted. It goes its way now."))
    return redirect("general_office:outgoing_document", document.pk)


def as_typed(document: OutgoingDocument) -> QueryDict:
    """What the page would send if nothing were changed on it."""
    data = QueryDict(mutable=True)
    initial = DraftForm.initial_of(document, documents.facts_of(document))
    for name, value in initial.items():
        if name in {"outside", "numbered"}:
            for row in value:
                for column, cell in row.items():
                    data.appendlist(f"{name}-{column}", str(cell or ""))
        elif name == "body":
            data[name] = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, list):
            data.setlist(name, [str(one) for one in value])
        elif value is not None:
            data[name] = str(value)
    return data


@door(staff, methods=("POST",))
def discard(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Throw a draft away."""
    by = actor_of(request)
    found(document_id)
    services.discard_draft(document_id=document_id, by=by, at=clock.now())
    messages.success(request, _("The draft was discarded."))
    return redirect("general_office:outgoing_drafts")


@door(queries.may_draft, methods=("POST",))
def copy(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """A new draft from this document."""
    by = actor_of(request)
    found(document_id)
    draft = services.new_from(document_id=document_id, act_token=_token(request), by=by, at=clock.now())
    messages.success(request, _("A new draft that says the same. Its annexes and relations did not come along."))
    return redirect("general_office:outgoing_edit", draft.pk)


@door(staff, methods=("POST",))
def along(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Ask posts to draft along."""
    by = actor_of(request)
    found(document_id)
    form = AlongForm(request.POST)
    if not form.is_valid():
        raise Refused("; ".join(str(error) for errors in form.errors.values() for error in errors))
    services.ask_along(document_id=document_id, post_ids=form.cleaned_data["posts"], by=by, at=clock.now())
    messages.success(request, _("They may read, comment on and edit the draft now."))
    return redirect("general_office:outgoing_document", document_id)
