"""Pages of custody: openings, blacking out, attachments. What tells who petitions is kept nowhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache

from chancery.departments.general_office.confidential_work.forms import Act, answer
from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.custody import queries, rules, services
from chancery.departments.general_office.petitions.custody.forms import (
    AskForm,
    BlackOutForm,
    CopyForm,
    NoteForm,
    RefuseForm,
)
from chancery.departments.general_office.petitions.custody.models import IdentityOpening
from chancery.departments.general_office.petitions.custody.terms import TONES, OpeningState, Purpose
from chancery.departments.general_office.petitions.models import PetitionFile
from chancery.departments.general_office.petitions.register_book import queries as pages
from chancery.departments.general_office.petitions.terms import GivenFile, Part, Scan
from chancery.departments.general_office.petitions.views import seen, trail
from chancery.foundations import clock
from chancery.foundations.content_store import MissingContent
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words

TEMPLATES = "general_office/petitions/"


# --- Openings --------------------------------------------------------------------------------------------------------
@door(petition_rules.takes_part)
def ask(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Ask to know who petitions."""
    found = seen(petition_id)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_opening(petition_id=found.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Asked. A custodian decides."))
            return redirect("general_office:petition_opening", made.pk)
    context = {
        "form": form,
        "petition": found,
        "title": _("Ask to know who petitions"),
        "submit": _("Ask"),
        "note": _("Most petitions are handled without it. The sender is told that it was opened, when and for what."),
        "back": reverse("general_office:petition", args=[found.pk]),
        "trail": trail(("", _("Ask to know who petitions")), petition=found),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=422 if form.errors else 200)


def _opening(opening_id: int) -> IdentityOpening:
    found = queries.opening_of(opening_id)
    if found is None:
        raise Http404
    return found


@never_cache
@door(petition_rules.takes_part)
def opening(request: HttpRequest, opening_id: int) -> HttpResponse:
    """One request: for what and why, what a custodian decided; reading while it is open."""
    found, by, at = _opening(opening_id), actor_of(request), clock.now()
    here = reverse("general_office:petition_opening", args=[found.pk])
    acts: list[Act] = []
    verdict = rules.may_open(by, found, found.petition.guard.unit_id)
    if verdict:
        acts = [
            Act("open", pgettext("identity", "Open"),
                lambda data: services.open_identity(opening_id=found.pk, **data, by=by, at=at),
                _("Open. Who asked may read it now."), form_class=NoteForm, tone="main",
                ask=_("Who asked, and you, may then read who petitions until the time is over. The sender is told.")),
            Act("refuse", _("Refuse"), lambda data: services.refuse_opening(opening_id=found.pk, **data, by=by, at=at),
                _("Refused."), form_class=RefuseForm),
        ]  # fmt: skip
    may_read = bool(rules.may_read(by, found, at))
    if may_read:
        acts.append(
            Act("end", _("Close now"), lambda _data: services.end_opening(opening_id=found.pk, by=by, at=at),
                _("Closed."), ask=_("When it is needed no longer, close it before its time."))
        )  # fmt: skip
    is_over = found.state == OpeningState.OPEN and not may_read and bool(found.expires_at and found.expires_at < at)
    state = OpeningState.ENDED if is_over else OpeningState(found.state)
    context = {
        "opening": found,
        "state": state.label,
        "tone": TONES[state],
        "may_read": may_read,
        "facts": _facts(found),
        "why_not": "" if verdict or found.state != OpeningState.ASKED else verdict.reason,
        "trail": trail(("", _("Opening of identity")), petition=found.petition),
    }
    return answer(request, f"{TEMPLATES}opening.html", context, acts, here)


def _facts(found: IdentityOpening) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (
            _("Petition"),
            found.petition.title or str(found.petition),
            reverse("general_office:petition", args=[found.petition_id]),
        ),
        (_("Needed for"), found.get_purpose_display()),
        (_("Reason"), found.reason),
        (_("Asked by"), f"{words(found.requested_person, 'name')} · {words(found.requested_post, 'title')}"),
        (_("Asked at"), _time(found.requested_at)),
    ]
    if found.custodian_person is not None:
        rows += [
            (_("Custodian"), words(found.custodian_person, "name")),
            (_("Decided at"), _time(found.decided_at)),
            (_("Open until"), _time(found.expires_at)),
            (_("Note"), found.note),
            (_("Read"), _("%(n)s times") % {"n": found.readings} if found.readings else _("not yet")),
        ]
    return [row for row in rows if row[1] not in (None, "")]


def _time(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


@never_cache
@door(petition_rules.takes_part, methods=("POST",))
def read(request: HttpRequest, opening_id: int) -> HttpResponse:
    """Read who petitions. Each reading is journalled; the page is kept by nobody."""
    found = _opening(opening_id)
    identity, originals = services.read_identity(opening_id=found.pk, by=actor_of(request), at=clock.now())
    rows = [
        (_("Name"), identity.name),
        (_("Other names"), "; ".join(identity.other_names)),
        (_("Representatives"), "; ".join(identity.representatives)),
        (_("Telephone"), identity.phone),
        (_("E-mail"), identity.email),
        (_("Address"), identity.address),
        (_("Identity number"), identity.id_number),
    ]
    context = {
        "opening": found,
        "facts": [(word, value) for word, value in rows if value],
        "originals": originals,
        "trail": trail(("", _("Who petitions")), petition=found.petition),
    }
    response = render(request, f"{TEMPLATES}identity.html", context)
    response["Cache-Control"] = "no-store"
    return response


@door(petition_rules.takes_part, methods=("GET",))
def openings(request: HttpRequest) -> HttpResponseBase:
    """Requests to open an identity, of the petitions one sees."""
    page = ListPage(
        request,
        name="general_office.identity_openings",
        rows=pages.opening_rows(),
        columns=[
            Column("purpose", gettext_lazy("Needed for"), codes=dict(Purpose.choices), is_main=True,
                   link=lambda row: reverse("general_office:petition_opening", args=[row["id"]])),
            Column("petition__number", gettext_lazy("Petition"), style="tight"),
            Column("petition__title", gettext_lazy("Title"), style="cut"),
            Column("requested_person__name", gettext_lazy("Asked by"), kind="words"),
            Column("requested_at", gettext_lazy("Asked at"), kind="datetime", sort="requested_at"),
            Column("expires_at", gettext_lazy("Open until"), kind="datetime"),
            Column("readings", gettext_lazy("Read"), kind="number"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(OpeningState.choices), tones=TONES),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=OpeningState.choices),
                 Filter("purpose", gettext_lazy("Needed for"), choices=Purpose.choices)],
        search=("petition__number",),
        order=("-requested_at", "-id"),
        caption=_("Openings of identity"),
        empty={"symbol": "lock-check", "title": _("No identity was asked for"), "text": ""},
    )  # fmt: skip
    context = {"title": _("Openings of identity"), "trail": trail(("", _("Openings of identity")))}
    return page.respond(f"{TEMPLATES}list.html", context)


# --- Texts -----------------------------------------------------------------------------------------------------------
@door(petition_rules.may_register, methods=("GET",))
def unreleased(request: HttpRequest) -> HttpResponseBase:
    """Texts to look at before they go to those who handle."""
    page = ListPage(
        request,
        name="general_office.petition_unreleased",
        rows=pages.unreleased(),
        columns=[
            Column("part", gettext_lazy("Text"), codes=dict(Part.choices), is_main=True, link=_petition_address),
            Column("petition__number", gettext_lazy("Petition"), style="tight"),
            Column("petition__title", gettext_lazy("Title"), style="cut"),
            Column("blacked", gettext_lazy("Blacked out"), kind="number"),
            Column("at", gettext_lazy("Came"), kind="datetime", sort="at"),
        ],
        order=("at", "id"),
        caption=_("Added texts to look at"),
        empty={"symbol": "circle-check", "title": _("Every text was looked at"), "text": ""},
    )
    context = {"title": _("Added texts to look at"), "trail": trail(("", _("Added texts to look at")))}
    return page.respond(f"{TEMPLATES}list.html", context)


def _petition_address(row: Any) -> str:
    return reverse("general_office:petition", args=[row["petition_id"]])


@door(petition_rules.may_register, methods=("POST",))
def release(request: HttpRequest, text_id: int) -> HttpResponse:
    """Let those who handle read a text."""
    row = services.release_text(text_id=text_id, by=actor_of(request), at=clock.now())
    messages.success(request, _("Released to those who handle."))
    return redirect("general_office:petition", row.petition_id)


@door(petition_rules.may_register)
def black_out(request: HttpRequest, text_id: int) -> HttpResponse:
    """Black out more of a text."""
    by = actor_of(request)
    found = petitions.text_of(text_id)
    if found is None:
        raise Http404
    form = BlackOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.black_out(text_id=found.pk, **form.cleaned_data, by=by, at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Blacked out."))
            return redirect("general_office:petition_black_out", found.pk)
    shown = [one for one in petitions.texts(found.petition_id, by) if one["id"] == found.pk]
    context = {
        "form": form,
        "petition": found.petition,
        "texts": shown,
        "title": _("Black out more"),
        "submit": _("Black out"),
        "back": reverse("general_office:petition", args=[found.petition_id]),
        "trail": trail(("", _("Black out more")), petition=found.petition),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=422 if form.errors else 200)


# --- Attachments -----------------------------------------------------------------------------------------------------
@door(petition_rules.takes_part, methods=("GET",))
def withheld(request: HttpRequest) -> HttpResponseBase:
    """Attachments that wait to be cleared."""
    page = ListPage(
        request,
        name="general_office.petition_withheld",
        rows=pages.withheld(),
        columns=[
            Column("name", gettext_lazy("Attachment"), is_main=True, link=_petition_address),
            Column("petition__number", gettext_lazy("Petition"), style="tight"),
            Column("petition__title", gettext_lazy("Title"), style="cut"),
            Column("scan", gettext_lazy("Search for identity"), kind="badge", codes=dict(Scan.choices),
                   tones={"IDENTITY": "red"}),
            Column("at", gettext_lazy("Came"), kind="datetime", sort="at"),
        ],
        filters=[Filter("scan", gettext_lazy("Search for identity"), choices=Scan.choices)],
        order=("at", "id"),
        caption=_("Attachments to be cleared"),
        empty={"symbol": "circle-check", "title": _("No attachment waits"), "text": ""},
    )  # fmt: skip
    context = {"title": _("Attachments to be cleared"), "trail": trail(("", _("Attachments to be cleared")))}
    return page.respond(f"{TEMPLATES}list.html", context)


def _file(file_id: int) -> PetitionFile:
    found = petitions.file_of(file_id)
    if found is None:
        raise Http404
    return found


@never_cache
@door(petition_rules.takes_part, methods=("GET",))
def download(request: HttpRequest, file_id: int) -> HttpResponse:
    """An attachment under its neutral name. A withheld one leaves a trace of who looked."""
    file = services.examine_file(file_id=_file(file_id).pk, by=actor_of(request), at=clock.now())
    try:
        with queries.content_of(file) as content:
            response = HttpResponse(content.read(), content_type=file.media_type)
    except MissingContent:
        raise Http404 from None
    name = f"{file.petition.number or 'petition'}-{file.name}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cache-Control"] = "no-store"
    return response


@door(petition_rules.takes_part, methods=("POST",))
def clear(request: HttpRequest, file_id: int) -> HttpResponse:
    """Let those who handle see an attachment."""
    file = services.clear_file(file_id=_file(file_id).pk, by=actor_of(request), at=clock.now())
    messages.success(request, _("Cleared: those who handle see it now."))
    return redirect("general_office:petition", file.petition_id)


@door(petition_rules.takes_part)
def replace(request: HttpRequest, file_id: int) -> HttpResponse:
    """Put a redacted copy in the place of an attachment."""
    file = _file(file_id)
    form = CopyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data["copy"]
        try:
            services.replace_file(
                file_id=file.pk, copy=GivenFile(held.name, held.file), by=actor_of(request), at=clock.now()
            )
        except Refused as refusal:
            undo(request)
            form.add_error("copy", str(refusal))
        else:
            messages.success(request, _("Replaced. The original stays sealed."))
            return redirect("general_office:petition", file.petition_id)
    title = _("Redacted copy of %(name)s") % {"name": file.name}
    context = {
        "form": form,
        "petition": file.petition,
        "title": title,
        "submit": _("Replace"),
        "back": reverse("general_office:petition", args=[file.petition_id]),
        "trail": trail(("", title), petition=file.petition),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=422 if form.errors else 200)
