"""The public page of a letter, and the code that its sender makes.

Nothing happens by following the link: a program that looks through mails follows links, too. Opening and confirming are
buttons. Unknown, expired and recalled letters look alike: 404.
"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch.letters import queries, services
from chancery.departments.general_office.outgoing_documents.dispatch.letters.forms import ConfirmForm
from chancery.departments.general_office.outgoing_documents.dispatch.views import copy_found, trail
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, anyone, door, undo
from chancery.foundations.web.forms import refuse


@door(anyone, methods=("GET",), rate="60/m")
def letter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Who sent what, and the two buttons."""
    return _page(request, token, ConfirmForm())


@door(anyone, methods=("POST",), rate="20/m")
def open_letter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Hand out a file of the letter: the sealed paper, or an annex."""
    number = request.POST.get("file", "0")
    try:
        attempt = services.open_letter(
            token=token, code=request.POST.get("code", ""), by=actor_of(request), at=clock.now()
        )
    except services.NoLetter:
        raise Http404 from None
    except Refused as refusal:
        undo(request)
        return _page(request, token, ConfirmForm(), problem=str(refusal))
    if attempt.delivery is None:
        return _page(request, token, ConfirmForm(), problem=_code_words(attempt))
    file = queries.file_of(attempt.delivery, int(number)) if number.isdecimal() else None
    if file is None:
        raise Http404
    name, media_type, size, content = file
    response = FileResponse(content, content_type=media_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return _private(response)


@door(anyone, methods=("POST",), rate="20/m")
def confirm_letter(request: HttpRequest, token: str) -> HttpResponseBase:
    """“I have received it”."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, token, form)
    try:
        attempt = services.confirm_letter(
            token=token,
            name=form.cleaned_data["name"],
            code=request.POST.get("code", ""),
            by=actor_of(request),
            at=clock.now(),
        )
    except services.NoLetter:
        raise Http404 from None
    except Refused as refusal:
        undo(request)
        refuse(form, refusal)
        return _page(request, token, form)
    if attempt.delivery is None:
        return _page(request, token, form, problem=_code_words(attempt))
    return redirect("general_office:letter", token)


def _code_words(attempt: services.Attempt) -> str:
    if attempt.is_closed:
        return _("Too many wrong codes: this letter is closed. Ask the sender for a new code.")
    return _("This code does not open the document. The sender tells you the code by telephone or in person.")


def _page(request: HttpRequest, token: str, form: ConfirmForm, *, problem: str = "") -> HttpResponseBase:
    found: dict[str, Any] | None = queries.letter(token, clock.now())
    if found is None:
        raise Http404
    verify = reverse("publishing:verify")
    context = {"letter": found, "token": token, "form": form, "problem": problem, "verify_address": verify}
    status = 422 if problem or form.errors else 200
    response = render(request, "general_office/outgoing_documents/dispatch/letter.html", context, status=status)
    return _private(response)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Found by no search engine, kept by no cache, and its address told to nobody."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@door(dispatch.may_dispatch, methods=("POST",))
def code(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Make the code of a letter; this page shows it, once."""
    delivery = copy_found(delivery_id)
    made = services.give_code(delivery_id=delivery.pk, by=actor_of(request), at=clock.now())
    context = {"delivery": delivery, "document": delivery.document, "code": made, "trail": trail(delivery.document)}
    response = render(request, "general_office/outgoing_documents/dispatch/code.html", context)
    response["Cache-Control"] = "no-store"
    return response
