"""The public page of figures, and its files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions.counting.open_figures import queries
from chancery.departments.general_office.petitions.counting.papers.queries import shown
from chancery.foundations.web.door import anyone, door
from chancery.foundations.web.exports import KINDS

TEMPLATE = "general_office/petitions/counting/public.html"
MEDIA = {"pdf": "application/pdf", "xlsx": KINDS["xlsx"]}


@door(anyone, methods=("GET",), rate="60/m")
def figures(request: HttpRequest) -> HttpResponse:
    """A year's figures as they were published."""
    every = queries.published()
    found = queries.chosen(request.GET.get("year", ""), every)
    trail = [
        (reverse("web:home"), _("Home")),
        (reverse("petition_door:start"), _("Letters and visits")),
        ("", _("Published figures")),
    ]
    context = {
        "chosen": found,
        "years": [one.year for one in every],
        "year": found.year if found else None,
        "report": shown(found) if found else None,
        "trail": trail,
    }
    return render(request, TEMPLATE, context)


@door(anyone, methods=("GET",), rate="20/m")
def file(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """The same as PDF or workbook."""
    found = next((one for one in queries.published() if one.year == year), None)
    if found is None or kind not in MEDIA:
        raise Http404
    content = queries.paper(found, kind, get_language() or "en")
    response = HttpResponse(content, content_type=MEDIA[kind])
    response["Content-Disposition"] = f'attachment; filename="petitions-{year}.{kind}"'
    return response
