"""The answers, as XML. All from what is public already."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.db.models import Min, Q
from django.urls import reverse

from chancery.departments.general_office.archives.openings.harvesting import rules
from chancery.departments.general_office.archives.openings.harvesting.rules import Fault, Page
from chancery.departments.general_office.archives.openings.harvesting.terms import (
    DC,
    DC_SCHEMA,
    IDENTIFIER,
    IDENTIFIER_SCHEMA,
    OAI,
    OAI_DC,
    OAI_SCHEMA,
    PER_ANSWER,
    PREFIX,
    XSI,
)
from chancery.departments.general_office.archives.openings.models import OpenRecord
from chancery.kernel.records.models import Fonds

for _prefix, _uri in (("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI)):
    ET.register_namespace(_prefix, _uri)
# Characters that XML 1.0 cannot say.
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class House:
    """Who answers: the address of this door, the name, the mail of whoever looks after it."""

    base_url: str
    name: str
    mail: str

    @property
    def domain(self) -> str:
        """The name in identifiers: a domain, as the identifiers' own rules ask."""
        host = (urlsplit(self.base_url).hostname or "").lower()
        return host if re.fullmatch(r"[a-z][a-z0-9\-]*(\.[a-z][a-z0-9\-]*)+", host) else "chancery.invalid"


def answer(given: dict[str, list[str]], house: House, now: dt.datetime) -> bytes:
    """The whole answer to a request, faults included."""
    root = ET.Element(f"{{{OAI}}}OAI-PMH", {f"{{{XSI}}}schemaLocation": OAI_SCHEMA})
    _said(root, "responseDate", _stamp(now))
    request = _said(root, "request", house.base_url)
    try:
        arguments = _sayable(rules.asked(given))
        for name, value in arguments.items():
            request.set(name, value)
        _ANSWERS[arguments["verb"]](root, arguments, house)
    except Fault as fault:
        if fault.code in ("badVerb", "badArgument"):
            request.attrib.clear()
        error = _said(root, "error", fault.text)
        error.set("code", fault.code)
    ET.register_namespace("", OAI)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _identify(root: ET.Element, arguments: dict[str, str], house: House) -> None:
    part = ET.SubElement(root, f"{{{OAI}}}Identify")
    earliest = OpenRecord.objects.aggregate(first=Min("datestamp"))["first"]
    for name, text in (
        ("repositoryName", house.name),
        ("baseURL", house.base_url),
        ("protocolVersion", "2.0"),
        ("adminEmail", house.mail if re.fullmatch(r"\S+@(\S+\.)+\S+", house.mail) else f"archives@{house.domain}"),
        ("earliestDatestamp", _stamp(earliest or dt.datetime(2000, 1, 1, tzinfo=dt.UTC))),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        _said(part, name, text)
    described = ET.SubElement(ET.SubElement(part, f"{{{OAI}}}description"), f"{{{IDENTIFIER}}}oai-identifier")
    described.set(f"{{{XSI}}}schemaLocation", IDENTIFIER_SCHEMA)
    for name, text in (
        ("scheme", "oai"),
        ("repositoryIdentifier", house.domain),
        ("delimiter", ":"),
        ("sampleIdentifier", f"oai:{house.domain}:1"),
    ):
        ET.SubElement(described, f"{{{IDENTIFIER}}}{name}").text = text


def _formats(root: ET.Element, arguments: dict[str, str], house: House) -> None:
    if "identifier" in arguments:
        _record_named(arguments["identifier"], house)
    one = ET.SubElement(ET.SubElement(root, f"{{{OAI}}}ListMetadataFormats"), f"{{{OAI}}}metadataFormat")
    _said(one, "metadataPrefix", PREFIX)
    _said(one, "schema", DC_SCHEMA.split()[1])
    _said(one, "metadataNamespace", OAI_DC)


def _sets(root: ET.Element, arguments: dict[str, str], house: House) -> None:
    if "resumptionToken" in arguments:
        raise Fault("badResumptionToken", "The list of sets comes in one answer.")
    part = ET.SubElement(root, f"{{{OAI}}}ListSets")
    for code, en, zh in Fonds.objects.order_by("code").values_list("code", "name_en", "name_zh"):
        one = ET.SubElement(part, f"{{{OAI}}}set")
        _said(one, "setSpec", spec(code))
        _said(one, "setName", f"{zh} {en}".strip())
    if not len(part):
        root.remove(part)
        raise Fault("noSetHierarchy", "There are no sets yet.")


def _identifiers(root: ET.Element, arguments: dict[str, str], house: House) -> None:
    _listed(root, "ListIdentifiers", arguments, house)


def _records(root: ET.Element, arguments: dict[str, str], house: House) -> None:
    _listed(root, "ListRecords", arguments, house)


def _listed(root: ET.Element, verb: str, arguments: dict[str, str], house: House) -> None:
    page = rules.page_asked(arguments)
    wanted = Q()
    if page.since:
        wanted &= Q(datestamp__gte=page.since)
    if page.until:
        wanted &= Q(datestamp__lte=page.until)
    if page.set_spec:
        codes = [code for code in Fonds.objects.values_list("code", flat=True) if spec(code) == page.set_spec]
        wanted &= Q(fonds_code__in=codes)
    found = OpenRecord.objects.filter(wanted)
    rest = found
    if page.after:
        stamp, last = page.after
        rest = found.filter(Q(datestamp__gt=stamp) | Q(datestamp=stamp, id__gt=last))
    rows = list(rest.order_by("datestamp", "id")[: PER_ANSWER + 1])
    if not rows:
        code = "badResumptionToken" if page.after else "noRecordsMatch"
        raise Fault(code, "Nothing is open that the request asks for.")
    part = ET.SubElement(root, f"{{{OAI}}}{verb}")
    for row in rows[:PER_ANSWER]:
        if verb == "ListIdentifiers":
            _header(part, row, house)
        else:
            _record(part, row, house)
    if len(rows) > PER_ANSWER or page.after:
        _go_on(part, rows, page, found.count())


def _go_on(part: ET.Element, rows: Sequence[OpenRecord], page: Page, total: int) -> None:
    """The token of the next answer; the last answer of several has an empty one."""
    given = page.given + min(len(rows), PER_ANSWER)
    last = rows[:PER_ANSWER][-1]
    text = rules.token(replace(page, after=(last.datestamp, last.pk), given=given)) if len(rows) > PER_ANSWER else ""
    said = _said(part, "resumptionToken", text)
    said.set("completeListSize", str(max(total, given)))
    said.set("cursor", str(page.given))


def _one(root: ET.Element, arguments: dict[str, str], house: House) -> None:
    row = _record_named(arguments["identifier"], house)
    rules.demand_format(arguments["metadataPrefix"])
    _record(ET.SubElement(root, f"{{{OAI}}}GetRecord"), row, house)


_ANSWERS = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "ListIdentifiers": _identifiers,
    "ListRecords": _records,
    "GetRecord": _one,
}


def _record_named(identifier: str, house: House) -> OpenRecord:
    number = re.fullmatch(rf"oai:{re.escape(house.domain)}:([1-9][0-9]{{0,17}})", identifier)
    row = OpenRecord.objects.filter(item_id=int(number[1])).first() if number else None
    if row is None:
        raise Fault("idDoesNotExist", "Nothing of this name was ever open.")
    return row


def _record(part: ET.Element, row: OpenRecord, house: House) -> None:
    record = ET.SubElement(part, f"{{{OAI}}}record")
    _header(record, row, house)
    if not row.is_open:
        return
    dc = ET.SubElement(ET.SubElement(record, f"{{{OAI}}}metadata"), f"{{{OAI_DC}}}dc")
    dc.set(f"{{{XSI}}}schemaLocation", DC_SCHEMA)
    page = f"{settings.SITE_URL}{reverse('general_office:open_archive', args=[row.item_id])}"
    for name, text in (
        ("title", row.title),
        ("creator", row.author),
        ("date", row.dated_on.isoformat() if row.dated_on else ""),
        ("type", "Text"),
        ("identifier", page),
        ("identifier", row.code),
        ("identifier", row.document_number),
        ("source", row.fonds_code),
        ("format", f"{row.page_count} pages" if row.page_count else ""),
    ):
        if text:
            ET.SubElement(dc, f"{{{DC}}}{name}").text = fit(text)


def _header(part: ET.Element, row: OpenRecord, house: House) -> None:
    header = ET.SubElement(part, f"{{{OAI}}}header")
    if not row.is_open:
        header.set("status", "deleted")
    _said(header, "identifier", f"oai:{house.domain}:{row.item_id}")
    _said(header, "datestamp", _stamp(row.datestamp))
    _said(header, "setSpec", spec(row.fonds_code))


def spec(code: str) -> str:
    """A fonds' code as a set's name: what the protocol does not allow is written out by its number."""
    return re.sub(r"[^A-Za-z0-9\-_.!~*'()]", lambda found: f"({ord(found[0]):x})", code)


def _said(part: ET.Element, name: str, text: str) -> ET.Element:
    one = ET.SubElement(part, f"{{{OAI}}}{name}")
    one.text = fit(text)
    return one


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fit(text: str) -> str:
    """Text without what XML cannot say."""
    return _UNSAYABLE.sub("", text)


def _sayable(arguments: dict[str, str]) -> dict[str, str]:
    """The arguments, which the answer repeats."""
    if any(_UNSAYABLE.search(text) for text in arguments.values()):
        raise Fault("badArgument", "An argument holds what XML cannot say.")
    return arguments
