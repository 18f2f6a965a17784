"""The files, with what a cache needs to know."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import quote_etag

from chancery.foundations import clock
from chancery.foundations.web.door import anyone, door
from chancery.kernel.directory.interchange.queries import org_document, schema_document
from chancery.kernel.directory.interchange.terms import CSV, MEDIA, ORG, SCHEMA, VCARD, XLSX
from chancery.kernel.directory.publicpage.forms import AsOfForm
from chancery.kernel.directory.publicpage.queries import House, house_on, unit_on
from chancery.kernel.directory.sheets.queries import csv_of, xlsx_of
from chancery.kernel.directory.vcard.queries import cards_of


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


_FORMS: dict[str, Callable[[House], bytes]] = {
    ORG: lambda house: _json(org_document(house)),
    SCHEMA: lambda house: _json(schema_document(house)),
    VCARD: lambda house: cards_of(house.walk()).encode(),
    CSV: lambda house: csv_of(house).encode(),
    XLSX: xlsx_of,
}


def asked_day(request: HttpRequest) -> dt.date:
    """The day in the address, today without one; a day that is none is not found."""
    form = AsOfForm(request.GET)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data["on"] or clock.today()


def fresh(request: HttpRequest, response: HttpResponse, fingerprint: str, *, varies: bool = False) -> HttpResponse:
    """Five minutes in any cache, then asked again by its tag. `varies`: the language is in it."""
    response["ETag"] = quote_etag(fingerprint)
    response["Cache-Control"] = "private, max-age=300" if varies else "public, max-age=300"
    if varies:
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
    asked = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    if response["ETag"] in asked:
        kept = HttpResponse(status=304)
        for name in ("ETag", "Cache-Control", "Vary"):
            if response.has_header(name):
                kept[name] = response[name]
        return kept
    return response


@door(anyone, methods=("GET",))
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The directory of a day in one of its forms."""
    on = asked_day(request)
    house = house_on(on)
    response = HttpResponse(_FORMS[form](house), content_type=MEDIA[form])
    if form in (VCARD, CSV, XLSX):
        response["Content-Disposition"] = f'attachment; filename="directory-{on.isoformat()}.{form}"'
    response["Access-Control-Allow-Origin"] = "*"
    return fresh(request, response, house.fingerprint(form))


@door(anyone, methods=("GET",))
def unit_vcard(request: HttpRequest, code: str) -> HttpResponse:
    """One unit and its people as cards."""
    unit = unit_on(code, asked_day(request))
    if unit is None:
        raise Http404
    text = cards_of([unit])
    response = HttpResponse(text, content_type=MEDIA[VCARD])
    response["Content-Disposition"] = f'attachment; filename="{code}.vcf"'
    return fresh(request, response, House(asked_day(request), unit).fingerprint(VCARD))
