"""The first page, help, language switch, kept views, health."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models.functions import Mod
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.i18n import set_language

from chancery.foundations import clock
from chancery.foundations.web import picker, queries, services, styleguide
from chancery.foundations.web.door import actor_of, anyone, door, signed_in, staff
from chancery.foundations.web.frame import address_of


@door(anyone)
def home(request: HttpRequest) -> HttpResponse:
    """The way in: staff go to their inbox, the public sees what there is to see."""
    if actor_of(request).is_person and (inbox := address_of("inbox")):
        return redirect(inbox)
    return render(request, "web/home.html")


@door(anyone)
def help_page(request: HttpRequest) -> HttpResponse:
    """Keys, and what is what."""
    frame = "web/base.html" if actor_of(request).is_person else "web/public.html"
    return render(request, "web/help.html", {"frame_template": frame})


@door(anyone, methods=("POST",))
def language(request: HttpRequest) -> HttpResponseBase:
    """Change the language and come back to the same page."""
    return set_language(request)


@door(anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    """For load balancers: 200 while the web process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return JsonResponse({"ok": True})


@door(signed_in)
def saved_views(request: HttpRequest) -> HttpResponse:
    """The kept views of a list, as a page or (htmx) as the inside of its menu; POST keeps one more."""
    by = actor_of(request)
    if request.method == "POST":
        address = _here(request, request.POST.get("address", ""))
        page, name = request.POST.get("page", ""), request.POST.get("name", "")
        services.save_view(page=page[:80], name=name, address=address, by=by, at=clock.now())
        messages.success(request, _("The view is kept."))
        return redirect(address)
    page = request.GET.get("page", "")[:80]
    now = request.headers.get("HX-Current-URL") or request.GET.get("address", "")
    data: dict[str, Any] = {"page": page, "views": queries.views_of(by, page), "now": _here(request, now)}
    is_part = getattr(request, "htmx", False)
    return render(request, "web/components/views.html" if is_part else "web/views.html", data)


@door(signed_in, methods=("POST",))
def forget_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Take a kept view out."""
    services.forget_view(view_id=view_id, by=actor_of(request), at=clock.now())
    messages.info(request, _("The view is taken out."))
    return redirect(_here(request, request.POST.get("address", "")))


@door(staff, methods=("GET",), rate="600/m")
def pick(request: HttpRequest, code: str) -> HttpResponse:
    """What a picker offers for the words typed, under the actor's own sight."""
    source = picker.source(code)
    if source is None or not source.rule(actor_of(request)):
        raise Http404
    asked = request.GET.get("q", "").strip()[: picker.LONGEST_QUESTION]
    lines = source.find(asked, picker.SHOWN + 1)
    shown = [{"value": line.value, "label": line.label, "place": line.place} for line in lines[: picker.SHOWN]]
    return JsonResponse({"lines": shown, "more": len(lines) > picker.SHOWN})


def _here(request: HttpRequest, address: str) -> str:
    """A path of this site, or the first page."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(address)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


@door(signed_in)
def styleguide_page(request: HttpRequest) -> HttpResponseBase:
    """Every component in every state, to be looked at (demo and development only)."""
    return styleguide.respond(
        request, ContentType.objects.annotate(state=Mod("id", 4)).values("id", "app_label", "model", "state")
    )
