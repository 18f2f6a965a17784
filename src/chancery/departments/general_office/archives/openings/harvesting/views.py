"""The public door: pages of what is open, a feed, and the harvesters' door."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from chancery.departments.general_office.archives.openings import queries as openings
from chancery.departments.general_office.archives.openings.harvesting import queries
from chancery.departments.general_office.archives.openings.terms import PER_PAGE
from chancery.foundations import clock
from chancery.foundations.web.door import anyone, door

ATOM = "http://www.w3.org/2005/Atom"
TEMPLATES = "general_office/archives/openings"
LONGEST_QUESTION = 100


@door(anyone, methods=("GET",), rate="60/m")
def open_archives(request: HttpRequest) -> HttpResponse:
    """What is open, newest first, searched by words."""
    q = request.GET.get("q", "")[:LONGEST_QUESTION].replace("\x00", "").strip()
    page = Paginator(openings.open_records(q), PER_PAGE).get_page(request.GET.get("page"))
    trail = [(reverse("web:home"), _("Home")), ("", _("Open archives"))]
    return render(request, f"{TEMPLATES}/public.html", {"q": q, "page": page, "trail": trail})


@door(anyone, methods=("GET",), rate="120/m")
def open_archive(request: HttpRequest, item_id: int) -> HttpResponse:
    """One open item."""
    record = openings.open_record(item_id)
    if record is None:
        raise Http404
    trail = [
        (reverse("web:home"), _("Home")),
        (reverse("general_office:open_archives"), _("Open archives")),
        ("", record.code),
    ]
    return render(request, f"{TEMPLATES}/public_item.html", {"record": record, "trail": trail})


@door(anyone, methods=("GET",), rate="60/m")
def feed(request: HttpRequest) -> HttpResponse:
    """The latest fifty, as Atom (RFC 4287)."""
    ET.register_namespace("", ATOM)
    rows = list(openings.open_records()[:50])
    site, here = settings.SITE_URL, reverse("general_office:open_archives")
    root = ET.Element(f"{{{ATOM}}}feed")
    ET.SubElement(root, f"{{{ATOM}}}id").text = f"{site}{here}"
    ET.SubElement(root, f"{{{ATOM}}}title").text = _("Open archives")
    ET.SubElement(root, f"{{{ATOM}}}updated").text = (rows[0].opened_at if rows else clock.now()).isoformat()
    author = ET.SubElement(root, f"{{{ATOM}}}author")
    ET.SubElement(author, f"{{{ATOM}}}name").text = _("Archives of the General Office")
    ET.SubElement(root, f"{{{ATOM}}}link", rel="self", href=f"{site}{reverse('general_office:open_feed')}")
    ET.SubElement(root, f"{{{ATOM}}}link", rel="alternate", href=f"{site}{here}")
    for row in rows:
        address = f"{site}{reverse('general_office:open_archive', args=[row.item_id])}"
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        ET.SubElement(entry, f"{{{ATOM}}}id").text = address
        ET.SubElement(entry, f"{{{ATOM}}}title").text = queries.fit(row.title)
        ET.SubElement(entry, f"{{{ATOM}}}updated").text = row.datestamp.isoformat()
        ET.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=address)
        ET.SubElement(entry, f"{{{ATOM}}}summary").text = queries.fit(f"{row.code} {row.author}".strip())
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


@csrf_exempt
@door(anyone, methods=("GET", "POST"), rate="60/m")
def oai(request: HttpRequest) -> HttpResponse:
    """OAI-PMH 2.0, by GET or POST. It changes nothing, so it asks for no token."""
    given = request.POST if request.method == "POST" else request.GET
    arguments = {name: given.getlist(name) for name in given}
    house = queries.House(
        f"{settings.SITE_URL}{reverse('general_office:oai')}",
        _("Archives of the General Office"),
        settings.DEFAULT_FROM_EMAIL,
    )
    content = queries.answer(arguments, house, clock.now())
    return HttpResponse(content, content_type="text/xml; charset=utf-8")
