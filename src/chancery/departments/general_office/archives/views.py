"""The archive's desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chancery.departments.general_office.archives import queries
from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff


@door(staff, methods=("GET",))
def archives(request: HttpRequest) -> HttpResponse:
    """What waits, for the archive and for whoever asks."""
    by = actor_of(request)
    context = {"groups": queries.desk(by, clock.today()), "places": queries.places(by)}
    return render(request, "general_office/archives/desk.html", context)
