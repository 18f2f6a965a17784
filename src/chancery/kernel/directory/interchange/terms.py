"""Media types, addresses and vocabularies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

ORG = "org.jsonld"
SCHEMA = "schema.jsonld"
VCARD = "vcf"
CSV = "csv"
XLSX = "xlsx"

MEDIA: dict[str, str] = {
    ORG: 'application/ld+json; profile="http://www.w3.org/ns/org#"',
    SCHEMA: 'application/ld+json; profile="https://schema.org/"',
    VCARD: "text/vcard; charset=utf-8",
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

CONTEXT: dict[str, Any] = {
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def alternates(on: dt.date | None, code: str = "") -> list[tuple[str, str, str]]:
    """The other forms of the directory page: address, media type, words. With `code`: those of one unit."""
    words = {
        ORG: _("Organization ontology (JSON-LD)"),
        SCHEMA: _("schema.org (JSON-LD)"),
        VCARD: _("vCard 4"),
        CSV: _("CSV"),
        XLSX: _("Excel workbook"),
    }
    day = f"?on={on.isoformat()}" if on else ""
    if code:
        return [(reverse("directory:unit_vcard", args=[code]) + day, MEDIA[VCARD].split(";")[0], words[VCARD])]
    found = [
        (reverse("directory:export", args=[form]) + day, MEDIA[form].replace("; charset=utf-8", ""), words[form])
        for form in (ORG, SCHEMA, VCARD, CSV, XLSX)
    ]
    picture = (reverse("directory:organogram_picture") + day, "image/svg+xml", _("Organogram (SVG)"))
    return [*found, picture]
