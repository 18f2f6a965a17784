"""What the public reads, and the pages of editors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.content_store import MissingContent, store
from chancery.foundations.verdict import Refused, Unavailable
from chancery.foundations.web.door import actor_of, anyone, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.words import words
from chancery.kernel.access.roles.queries import my_duties
from chancery.kernel.publishing.notices import forms, queries, rules, services
from chancery.kernel.publishing.notices.models import NoticeFile, PublicNotice
from chancery.kernel.publishing.notices.terms import EDITOR, TONES, NoticeState

TEMPLATES = "publishing/notices"
A_PAGE = 20


# --- The public ------------------------------------------------------------------------------------------------------
@door(anyone, methods=("GET",), rate="120/m")
def public_notices(request: HttpRequest) -> HttpResponse:
    """What is out, newest first, and the trace of what was taken back."""
    page = Paginator(queries.published(), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "withdrawn": queries.withdrawn()[:10] if page.number == 1 else [],
        "trail": [(reverse("web:home"), _("Home")), ("", pgettext("public", "Notices"))],
    }
    return render(request, f"{TEMPLATES}/public.html", context)


@door(anyone, methods=("GET",), rate="120/m")
def public_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice; of one taken back, that and when."""
    found = queries.published_notice(notice_id)
    trail = [(reverse("web:home"), _("Home")), (reverse("publishing:public_notices"), pgettext("public", "Notices"))]
    if found is None:
        trace = queries.withdrawn_notice(notice_id)
        if trace is None:
            raise Http404
        context: dict[str, Any] = {"trace": trace, "trail": [*trail, ("", _("Withdrawn"))]}
        return render(request, f"{TEMPLATES}/gone.html", context, status=410)
    context = {
        "notice": found,
        "items": queries.text_of(notice_id),
        "files": queries.files_of(notice_id),
        "trail": [*trail, ("", words(found, "title"))],
    }
    return render(request, f"{TEMPLATES}/public_notice.html", context)


@door(anyone, methods=("GET",), rate="60/m")
def public_file(request: HttpRequest, notice_id: int, file_id: int) -> HttpResponseBase:
    """An attachment of what is out, to be saved: nothing of it runs or is shown within the site."""
    file = queries.public_file(notice_id, file_id)
    if file is None:
        raise Http404
    if request.headers.get("If-None-Match") == f'"{file.sha256}"':
        return _guarded(HttpResponseNotModified(), file)
    try:
        content = store().open(file.sha256)
    except MissingContent:
        raise Unavailable(_("The attachment cannot be read just now.")) from None
    response = FileResponse(content, content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    return _guarded(response, file)


def _guarded(response: HttpResponseBase, file: NoticeFile) -> HttpResponseBase:
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["ETag"] = f'"{file.sha256}"'
    # May be kept, but must be asked about each time: a notice can be taken back.
    response["Cache-Control"] = "public, no-cache"
    return response


# --- Editors ---------------------------------------------------------------------------------------------------------
def _units(by: Actor) -> list[int]:
    return sorted({unit for role, unit, _post, _scope in my_duties(by) if role == EDITOR})


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("publishing:notices"), _("Public notices")), *more]


@door(rules.may_look, methods=("GET",))
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice one has part in."""
    page = Paginator(queries.notices(), A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"notice": row, "state": NoticeState(row.state).label, "tone": TONES[NoticeState(row.state)]} for row in page
    ]
    context = {
        "rows": rows,
        "page": page,
        "may_write": bool(rules.may_write(actor_of(request))),
        "trail": [("", _("Public notices"))],
    }
    return render(request, f"{TEMPLATES}/notices.html", context)


@door(rules.may_write)
def write(request: HttpRequest) -> HttpResponse:
    """Begin a notice."""
    by = actor_of(request)
    form = forms.NoticeForm(request.POST or None, unit_ids=_units(by))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_notice(
                unit_id=form.cleaned_data["unit"], title=form.title, text=form.text, by=by, at=clock.now()
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            return redirect("publishing:notice", made.pk)
    return render(request, f"{TEMPLATES}/write.html", {"form": form, "trail": _trail(("", _("New notice")))})


@door(rules.may_look, methods=("GET",))
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice with what was said of its items."""
    found = queries.notice(notice_id)
    if found is None:
        raise Http404
    return _notice_page(request, found, forms.FileForm(limits=queries.file_limits(clock.today())))


def _notice_page(request: HttpRequest, found: PublicNotice, form: forms.FileForm) -> HttpResponse:
    may_write = bool(rules.may_write(actor_of(request), found.unit_id))
    notice_id = found.pk
    context = {
        "form": form,
        "files": queries.files_of(notice_id),
        "notice": found,
        "items": queries.items_of(notice_id),
        "state": NoticeState(found.state).label,
        "tone": TONES[NoticeState(found.state)],
        "may_change": may_write and found.state == NoticeState.DRAFT,
        "may_withdraw": may_write and found.state == NoticeState.PUBLISHED,
        "trail": _trail(("", words(found, "title"))),
    }
    return render(request, f"{TEMPLATES}/notice.html", context, status=422 if form.errors else 200)


@door(rules.may_write, methods=("POST",))
def attach(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Add an attachment to a draft."""
    found = queries.notice(notice_id)
    if found is None or found.state != NoticeState.DRAFT:
        raise Http404
    form = forms.FileForm(request.POST, request.FILES, limits=queries.file_limits(clock.today()))
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.attach_file(
                notice_id=notice_id,
                titles=(given["title_en"], given["title_zh"]),
                name=given["file"].name,
                content=given["file"].file,
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("The attachment was added."))
            return redirect("publishing:notice", notice_id)
    return _notice_page(request, found, form)


@door(rules.may_write, methods=("POST",))
def detach(request: HttpRequest, notice_id: int, file_id: int) -> HttpResponse:
    """Take an attachment off a draft."""
    if queries.notice(notice_id) is None:
        raise Http404
    services.detach_file(notice_id=notice_id, file_id=file_id, by=actor_of(request), at=clock.now())
    messages.success(request, _("The attachment was taken off."))
    return redirect("publishing:notice", notice_id)


@door(rules.may_write)
def change(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Write a draft anew."""
    by = actor_of(request)
    found = queries.notice(notice_id)
    if found is None or found.state != NoticeState.DRAFT:
        raise Http404
    typed = {"unit": found.unit_id, "title_en": found.title_en, "title_zh": found.title_zh}
    form = forms.NoticeForm(
        request.POST or None, unit_ids=[found.unit_id], initial={**typed, **queries.typed_text(notice_id)}
    )
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        try:
            services.change_notice(
                notice_id=notice_id,
                title=form.title,
                text=form.text,
                seen_version=int(version) if version.isdecimal() and len(version) < 9 else 0,
                by=by,
                at=clock.now(),
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            return redirect("publishing:notice", notice_id)
    context = {"form": form, "notice": found, "trail": _trail(("", words(found, "title")))}
    return render(request, f"{TEMPLATES}/write.html", context)


@door(rules.may_write, methods=("POST",))
def submit(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Send a draft to publication review."""
    if queries.notice(notice_id) is None:
        raise Http404
    services.submit_notice(notice_id=notice_id, by=actor_of(request), at=clock.now())
    messages.success(request, _("The notice is under review."))
    return redirect("publishing:notice", notice_id)


@door(rules.may_write)
def withdraw(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Take a published notice back."""
    found = queries.notice(notice_id)
    if found is None or found.state != NoticeState.PUBLISHED:
        raise Http404
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_notice(
                notice_id=notice_id, reason=form.cleaned_data["reason"], by=actor_of(request), at=clock.now()
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("The notice is taken back."))
            return redirect("publishing:notice", notice_id)
    context = {"form": form, "notice": found, "trail": _trail(("", words(found, "title")))}
    return render(request, f"{TEMPLATES}/withdraw.html", context)
