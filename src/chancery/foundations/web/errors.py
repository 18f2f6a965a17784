"""Error pages: what happened and what to do, in the person's language. 500 and the form check need no database."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.verdict import Refused, Stale, Unavailable


def page(request: HttpRequest, status: int, title: str, what: str, todo: str = "", **more: Any) -> HttpResponse:
    """An error page in the frame; for htmx the notice alone, which the page shows at its top."""
    data = {"status": status, "title": title, "what": what, "todo": todo, "back": _back(request), **more}
    if getattr(request, "htmx", False):
        response = render(request, "web/components/refusal.html", data, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#flash", "innerHTML show:window:top"
        return response
    actor = getattr(request, "actor", None)
    data["frame_template"] = "web/base.html" if actor is not None and actor.is_person else "web/public.html"
    return render(request, "web/errors/error.html", data, status=status)


def bare(status: int, title: str, what: str, todo: str = "") -> HttpResponse:
    """The same without menu, session or database, for when those may be what is broken."""
    html = render_to_string("web/errors/bare.html", {"status": status, "title": title, "what": what, "todo": todo})
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when the form was too large."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return bare(
        400,
        _("The address or the form is damaged"),
        _("The server could not read the request, so nothing was done."),
        _("Go back, reload the page and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None, *, reason: Any = "") -> HttpResponse:
    """403 with the rule's reason."""
    if not _is_staff(request):
        return page(
            request,
            403,
            _("Not open to the public"),
            str(reason or "") or _("This page is for people of the house."),
            _("Go back, or begin at the first page. If you work here, sign in first."),
        )
    said = str(reason or exception or "") or _("Your post has no part in this.")
    return page(
        request,
        403,
        _("Not with the post you act in"),
        said,
        _("If you hold another post, change it at the top of the page. Otherwise ask the head of the unit."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: absent, or not to be seen; the page does not say which."""
    return page(
        request,
        404,
        _("Nothing to show here"),
        _("There is no such page, or it is not open to you."),
        _("Check the address, or look for it with the search.")
        if _is_staff(request)
        else _("Check the address, or begin at the first page."),
    )


def method_not_allowed(request: HttpRequest, allowed: tuple[str, ...]) -> HttpResponse:
    """405."""
    response = page(
        request,
        405,
        _("This address does not take that"),
        _("The page was called in a way it has no answer to. Nothing was done."),
        _("Go back and use the buttons of the page."),
    )
    response["Allow"] = ", ".join(allowed)
    return response


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """409 when the thing changed meanwhile, 503 when something does not answer, otherwise 422; always the reason."""
    if isinstance(refusal, Stale):
        return page(
            request,
            409,
            _("Somebody was quicker"),
            str(refusal),
            _("Nothing of yours was saved. Go back to see the present state, then decide again."),
            basis=refusal.basis,
        )
    if isinstance(refusal, Unavailable):
        return page(
            request,
            503,
            _("Not just now"),
            str(refusal),
            _("Nothing of yours was saved. Go back and try again; if it goes on, tell the administrator."),
        )
    return page(
        request,
        422,
        _("This cannot be done"),
        str(refusal),
        _("Nothing was changed. Go back, correct what is named here, and try again."),
        basis=refusal.basis,
    )


def too_large(request: HttpRequest, most: int = 0) -> HttpResponse:
    """413, with the most that is taken (bytes) where it is known."""
    limit = _(" At most %(size)s are taken here.") % {"size": filesizeformat(most)} if most else ""
    return bare(
        413,
        _("Too large"),
        _("What was sent is larger than this site takes, so nothing was stored.") + limit,
        _("Go back: what you typed is still there. Make the files smaller or send fewer, then try again."),
    )


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429: say how long to wait, and until when."""
    when = localtime(clock.now() + dt.timedelta(seconds=wait)).strftime("%H:%M:%S")
    response = bare(
        429,
        _("Too many requests"),
        _("This address was called very often from where you are."),
        _("Wait %(seconds)s seconds, then try again: from %(when)s on.") % {"seconds": wait, "when": when},
    )
    response["Retry-After"] = str(wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 when it is the database that does not answer."""
    if isinstance(sys.exc_info()[1], OperationalError | Unavailable):
        response = bare(
            503,
            _("Not just now"),
            _("A part of the site does not answer just now. Nothing of yours was saved."),
            _("Try again in a few minutes. What you typed is still there when you go back."),
        )
        response["Retry-After"] = "120"
        return response
    return bare(
        500,
        _("Something broke here"),
        _("It is our fault, not yours, and it has been noted. Nothing was half done: the act was taken back whole."),
        _("Try again in a minute. If it happens again, tell the administrator the time and what you did."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token."""
    return bare(
        403,
        _("The form has expired"),
        _("The page was open for too long, you signed in elsewhere meanwhile, or cookies are off. Nothing was done."),
        _("Go back, copy what you typed, reload the page and send it again."),
    )


def sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """To sign-in and back; a part of a page cannot be one, so htmx is sent there whole."""
    if getattr(request, "htmx", False):
        there = request.META.get("HTTP_HX_CURRENT_URL") or request.get_full_path()
        return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(there)["Location"]})
    return redirect_to_login(request.get_full_path())


def _is_staff(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and bool(actor.is_person)


def _back(request: HttpRequest) -> str:
    """Where the person came from, on this site; a form's own page when it was posted."""
    came = request.META.get("HTTP_REFERER", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return came if came.startswith(own) else ""
