"""The picture alone, to keep or to print large."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from chancery.foundations.web.door import anyone, door
from chancery.kernel.directory.interchange.views import asked_day, fresh
from chancery.kernel.directory.organogram.queries import drawing_of
from chancery.kernel.directory.publicpage.queries import house_on


@door(anyone, methods=("GET",))
def picture(request: HttpRequest) -> HttpResponse:
    """The organogram as an SVG file."""
    house = house_on(asked_day(request))
    drawing = drawing_of(house, get_language() or "en")
    if drawing is None:
        raise Http404
    context = {"drawing": drawing, "on": house.on, "is_alone": True, "as_of": ""}
    response = render(request, "directory/parts/organogram.svg", context, content_type="image/svg+xml; charset=utf-8")
    return fresh(request, response, house.fingerprint(get_language()), varies=True)
