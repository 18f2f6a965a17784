"""The public pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, anyone, door
from chancery.foundations.words import words
from chancery.kernel.directory.finding.queries import find
from chancery.kernel.directory.interchange.terms import alternates
from chancery.kernel.directory.organogram.queries import drawing_of
from chancery.kernel.directory.publicpage import queries
from chancery.kernel.directory.publicpage.forms import AsOfForm, asked_for
from chancery.kernel.directory.queries import changes_between

STALE_AFTER = dt.timedelta(days=365)


def frame_of(request: HttpRequest) -> dict[str, Any]:
    """The headquarters of today for the frame of public pages; asked once a request, when the frame wants it."""
    return {"house": SimpleLazyObject(queries.headquarters)}


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("web:home"), _("Home")), (reverse("directory:about"), _("About us")), *more]


def _departments() -> tuple[str, str]:
    return reverse("directory:departments"), _("Administrative Departments")


def _context(request: HttpRequest, form: AsOfForm, on: dt.date) -> dict[str, Any]:
    today = clock.today()
    return {
        "form": form,
        "on": on,
        "today": today,
        "is_past": on != today,
        "as_of": f"?on={on.isoformat()}" if on != today else "",
        "stale_before": today - STALE_AFTER,
        "is_chinese": (get_language() or "").startswith("zh"),
    }


def _cached(request: HttpRequest, response: HttpResponse, fingerprint: str) -> HttpResponse:
    """The browser may keep the page but asks each time whether it still stands."""
    # The frame greets members of staff: what they see is another page.
    who = "staff" if actor_of(request).is_person else "public"
    response["ETag"] = f"W/{quote_etag(f'{fingerprint}-{get_language()}-{who}')}"
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    if response.status_code == 200 and request.headers.get("If-None-Match") == response["ETag"]:
        kept = HttpResponse(status=304)
        for name in ("ETag", "Cache-Control", "Vary"):
            kept[name] = response[name]
        return kept
    return response


@door(anyone, methods=("GET",))
def departments(request: HttpRequest) -> HttpResponse:
    """The administrative departments of a day."""
    form, on, looked_for = asked_for(request.GET)
    house = queries.house_on(on)
    context = _context(request, form, on) | {
        "house": house,
        "found": find(looked_for, on=on, public_only=True) if looked_for else None,
        "looked_for": looked_for,
        "first_day": queries.first_day(),
        "trail": _trail(_departments()),
        "alternates": alternates(on if on != clock.today() else None),
    }
    response = render(request, "directory/departments.html", context, status=200 if form.is_valid() else 400)
    return _cached(request, response, house.fingerprint(looked_for, clock.today()))


@door(anyone, methods=("GET",))
def about(request: HttpRequest) -> HttpResponse:
    """What the federation's headquarters is, and where."""
    form, on, _looked = asked_for(request.GET)
    house = queries.house_on(on)
    posts = [post for unit in house.walk() for post in unit.posts]
    figures = {
        "departments": len(house.units),
        "divisions": sum(1 for unit in house.walk() if unit.kind == "DIVISION"),
        "posts": sum(post["seats"] for post in posts),
        "vacant": sum(post["vacant"] for post in posts),
    }
    context = _context(request, form, on) | {
        "house": house,
        "figures": figures,
        "trail": [(reverse("web:home"), _("Home")), ("", _("About us"))],
    }
    return _cached(request, render(request, "directory/about.html", context), house.fingerprint())


@door(anyone, methods=("GET",))
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit, of a day: what it does, who holds which post, what stands below it, what it was called."""
    form, on, _looked = asked_for(request.GET)
    history = queries.terms_of(code)
    if not history:
        raise Http404
    shown = queries.unit_on(code, on)
    name = words(shown.facts) if shown else words(history[-1])
    context = _context(request, form, on) | {
        "unit": shown,
        "name": name,
        "code": code,
        "history": history,
        "below": queries.below(shown.id, on) if shown else [],
        "trail": _trail(_departments(), ("", name)),
        "alternates": alternates(on if on != clock.today() else None, code),
    }
    return render(request, "directory/unit.html", context)


@door(anyone, methods=("GET",))
def person(request: HttpRequest, code: str) -> HttpResponse:
    """Someone who holds or held public posts."""
    form, on, _looked = asked_for(request.GET)
    shown = queries.person_on(code, on)
    if shown is None:
        raise Http404
    context = _context(request, form, on) | {"person": shown, "trail": _trail(_departments(), ("", words(shown)))}
    return render(request, "directory/person.html", context)


@door(anyone, methods=("GET",))
def organogram(request: HttpRequest) -> HttpResponse:
    """The picture of the house, and the same as a table."""
    form, on, _looked = asked_for(request.GET)
    house = queries.house_on(on)
    context = _context(request, form, on) | {
        "house": house,
        "drawing": drawing_of(house, get_language() or "en"),
        "trail": _trail(_departments(), ("", _("Organogram"))),
        "alternates": alternates(on if on != clock.today() else None),
    }
    return _cached(request, render(request, "directory/organogram.html", context), house.fingerprint())


@door(anyone, methods=("GET",))
def changes(request: HttpRequest) -> HttpResponse:
    """What changed in the public directory in the year before a day."""
    form, on, _looked = asked_for(request.GET)
    since = on - dt.timedelta(days=366)
    context = _context(request, form, on) | {
        "since": since,
        "changes": changes_between(since, on, public_only=True),
        "trail": _trail(_departments(), ("", _("Changes"))),
    }
    return render(request, "directory/changes.html", context)
