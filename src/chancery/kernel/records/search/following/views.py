"""From a thing found to its page, where the page goes by a code."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from chancery.foundations.web.door import door
from chancery.kernel.records.search.following import queries


def _to(kind: str, key: int) -> HttpResponse:
    found = queries.page_arguments(kind, key)
    if found is None:
        raise Http404
    return redirect(found[0], *found[1])


@door(methods=("GET",))
def unit(request: HttpRequest, key: int) -> HttpResponse:
    """A unit."""
    return _to("unit", key)


@door(methods=("GET",))
def person(request: HttpRequest, key: int) -> HttpResponse:
    """A person."""
    return _to("person", key)


@door(methods=("GET",))
def provision(request: HttpRequest, key: int) -> HttpResponse:
    """A provision of the rulebook, in its history."""
    return _to("provision", key)


@door(methods=("GET",))
def paper_type(request: HttpRequest, key: int) -> HttpResponse:
    """A type of paper."""
    return _to("paper_type", key)
