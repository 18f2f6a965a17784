"""Facts to EAD3 and back. What is read follows `finding_aid.xsd`, our narrow form of EAD3, before it is believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from chancery.kernel.records.packages.bags.rules import PackageRefused
from chancery.kernel.records.packages.terms import AID, PERMANENT, ClassFact, Contents, FondsFact, ItemFact, PartFact

NAMESPACE = "http://ead3.archivists.org/schema/"
_N = f"{{{NAMESPACE}}}"
#: Facts of an item that EAD3 has no element for, as <odd localtype="…">.
_ODD = ("year", "category", "unit-code", "number", "kind", "carrier", "matter-number", "retain-until")


def element(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    """An element of EAD3 below another."""
    made = etree.SubElement(parent, _N + name, attrib={key: clean(value) for key, value in attributes.items()})
    if text is not None:
        made.text = clean(text)
    return made


def clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


# --- Writing ----------------------------------------------------------------------------------------------------------
def written(contents: Contents) -> bytes:
    """The finding aid."""
    root = etree.Element(_N + "ead", nsmap={None: NAMESPACE})
    _control(root, contents)
    fonds = contents.fonds
    archdesc = element(root, "archdesc", level="fonds")
    did = element(archdesc, "did")
    _corporate(element(did, "repository"), fonds.keeper or contents.organization)
    element(did, "unitid", fonds.code)
    for name, language in ((fonds.name_en, "eng"), (fonds.name_zh, "chi")):
        if name:
            element(did, "unittitle", name, lang=language)
    span = element(element(did, "unitdatestructured"), "daterange")
    element(span, "fromdate", fonds.begun_on.isoformat(), standarddate=fonds.begun_on.isoformat())
    _corporate(element(did, "origination"), fonds.name_en or fonds.name_zh)
    if fonds.history:
        element(element(archdesc, "bioghist"), "p", fonds.history)
    periods = element(element(archdesc, "appraisal", localtype="periods"), "list", listtype="deflist")
    for code, years in sorted(contents.periods.items()):
        item = element(periods, "defitem")
        element(item, "label", code)
        element(item, "item", PERMANENT if years is None else str(years))
    dsc = element(archdesc, "dsc", dsctype="combined")
    _classes(dsc, "", contents.classes, contents.items)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _control(root: Any, contents: Contents) -> None:
    control = element(root, "control")
    element(control, "recordid", contents.reference or contents.fonds.code)
    title = element(element(element(control, "filedesc"), "titlestmt"), "titleproper")
    title.text = clean(contents.fonds.name_en or contents.fonds.name_zh)
    element(control, "maintenancestatus", value="new")
    element(element(control, "maintenanceagency"), "agencyname", contents.organization or contents.fonds.keeper)
    event = element(element(control, "maintenancehistory"), "maintenanceevent")
    element(event, "eventtype", value="created")
    at = contents.made_at or dt.datetime.now(dt.UTC)
    element(event, "eventdatetime", at.isoformat(), standarddatetime=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    element(event, "agenttype", value="machine")
    element(event, "agent", "Chancery")


def _corporate(parent: Any, name: str) -> None:
    element(element(parent, "corpname"), "part", name or "—")


def _classes(parent: Any, above: str, classes: Sequence[ClassFact], items: Sequence[ItemFact]) -> None:
    for one in classes:
        if one.parent != above:
            continue
        node = element(parent, "c", level="class")
        did = element(node, "did")
        element(did, "unitid", one.code)
        element(did, "unittitle", one.name or one.code)
        if one.period:
            element(element(node, "appraisal", localtype="period"), "p", one.period)
        _classes(node, one.code, classes, items)
        for item in items:
            if item.class_code == one.code:
                _item(node, item)


def _item(parent: Any, item: ItemFact) -> None:
    node = element(parent, "c", level="item")
    did = element(node, "did")
    element(did, "unitid", item.code)
    if item.document_number:
        element(did, "unitid", item.document_number, localtype="document-number")
    element(did, "unittitle", item.title)
    day = item.dated_on.isoformat()
    element(element(did, "unitdatestructured"), "datesingle", day, standarddate=day)
    if item.author:
        _corporate(element(did, "origination"), item.author)
    if item.page_count is not None:
        element(did, "physdesc", str(item.page_count), localtype="pages")
    for part in item.parts:
        said = {"daotype": "borndigital", "href": part.path, "identifier": part.sha256, "localtype": part.role}
        element(did, "dao", linktitle=part.title or part.name, **said)
    element(element(node, "accessrestrict", localtype="label"), "p", item.label)
    if item.opens_on:
        element(element(node, "accessrestrict", localtype="opens-on"), "p", item.opens_on.isoformat())
    element(element(node, "appraisal", localtype="period"), "p", item.period)
    if item.note:
        element(element(node, "odd", localtype="note"), "p", item.note)
    said = {
        "year": str(item.year), "category": item.category, "unit-code": item.unit_code, "number": str(item.number),
        "kind": item.kind, "carrier": item.carrier, "matter-number": item.matter_number,
        "retain-until": item.retain_until.isoformat() if item.retain_until else "",
    }  # fmt: skip
    for name in _ODD:
        if said[name]:
            element(element(node, "odd", localtype=name), "p", said[name])


# --- Reading ----------------------------------------------------------------------------------------------------------
@cache
def schema() -> etree.XMLSchema:
    """What a finding aid has to follow before it is read."""
    return etree.XMLSchema(etree.parse(str(Path(__file__).parent / "finding_aid.xsd")))


def read(root: Any) -> Contents:
    """Fonds, periods, classes and items. Parts have a path, a role, a title and a hash; the rest PREMIS knows."""
    archdesc = root.find(f"{_N}archdesc")
    did = archdesc.find(f"{_N}did")
    names = {node.get("lang", "eng"): _text(node) for node in did.findall(f"{_N}unittitle")}
    began = did.find(f"{_N}unitdatestructured/{_N}daterange/{_N}fromdate")
    fonds = FondsFact(
        code=_text(did.find(f"{_N}unitid")),
        name_en=names.get("eng", ""),
        name_zh=names.get("chi", ""),
        begun_on=_day(began.get("standarddate", ""), "fromdate"),
        keeper=_text(did.find(f"{_N}repository/{_N}corpname/{_N}part")),
        history=_paragraph(archdesc.find(f"{_N}bioghist")),
    )
    periods = {
        _text(node.find(f"{_N}label")): _years(_text(node.find(f"{_N}item")))
        for node in archdesc.iterfind(f"{_N}appraisal/{_N}list/{_N}defitem")
    }
    classes: list[ClassFact] = []
    items: list[ItemFact] = []
    _walk(archdesc.find(f"{_N}dsc"), "", classes, items)
    codes = [item.code for item in items]
    double = next((code for code in codes if codes.count(code) > 1), "") if len(set(codes)) != len(codes) else ""
    if double:
        raise PackageRefused(_("Two items of the package have the same code: %(code)s.") % {"code": double}, part=AID)
    reference = _text(root.find(f"{_N}control/{_N}recordid"))
    agency = _text(root.find(f"{_N}control/{_N}maintenanceagency/{_N}agencyname"))
    return Contents(fonds, periods, classes, items, organization=agency, reference=reference)


def _walk(parent: Any, above: str, classes: list[ClassFact], items: list[ItemFact]) -> None:
    for node in parent.findall(f"{_N}c"):
        did = node.find(f"{_N}did")
        if node.get("level") == "item":
            items.append(_item_of(node, did, above))
            continue
        code = _text(did.find(f"{_N}unitid"))
        period = _paragraph(node.find(f"{_N}appraisal"))
        classes.append(ClassFact(code, _text(did.find(f"{_N}unittitle")), above, period))
        _walk(node, code, classes, items)


def _item_of(node: Any, did: Any, class_code: str) -> ItemFact:
    ids = {one.get("localtype", ""): _text(one) for one in did.findall(f"{_N}unitid")}
    odd = {one.get("localtype", ""): _paragraph(one) for one in node.findall(f"{_N}odd")}
    access = {one.get("localtype", ""): _paragraph(one) for one in node.findall(f"{_N}accessrestrict")}
    pages = _text(did.find(f"{_N}physdesc"))
    day = did.find(f"{_N}unitdatestructured/{_N}datesingle").get("standarddate", "")
    for name in ("year", "category", "number"):
        if not odd.get(name):
            shown = {"code": ids.get("", ""), "what": name}
            raise PackageRefused(_("Item %(code)s does not say its %(what)s.") % shown, part=AID)
    return ItemFact(
        code=ids.get("", ""),
        number=_count(odd["number"], ids.get("", "")),
        title=_text(did.find(f"{_N}unittitle")),
        dated_on=_day(day, ids.get("", "")),
        year=_count(odd["year"], ids.get("", "")),
        category=odd["category"],
        class_code=class_code,
        period=_paragraph(node.find(f"{_N}appraisal")),
        unit_code=odd.get("unit-code", ""),
        label=access.get("label", ""),
        author=_text(did.find(f"{_N}origination/{_N}corpname/{_N}part")),
        document_number=ids.get("document-number", ""),
        page_count=_count(pages, ids.get("", "")) if pages else None,
        matter_number=odd.get("matter-number", ""),
        note=odd.get("note", ""),
        kind=odd.get("kind", ""),
        carrier=odd.get("carrier", "DIGITAL"),
        opens_on=_day(access["opens-on"], ids.get("", "")) if access.get("opens-on") else None,
        parts=list(_parts(did.findall(f"{_N}dao"))),
    )


def _parts(rows: Iterable[Any]) -> Iterable[PartFact]:
    for row in rows:
        yield PartFact(
            path=row.get("href", ""),
            role=row.get("localtype", ""),
            title=row.get("linktitle", ""),
            name="",
            media_type="",
            size=0,
            sha256=row.get("identifier", ""),
        )


def _text(node: Any) -> str:
    return " ".join((node.text or "").split()) if node is not None else ""


def _paragraph(node: Any) -> str:
    return "\n".join((one.text or "").strip() for one in node.findall(f"{_N}p")) if node is not None else ""


def _day(text: str, of: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise PackageRefused(_("%(what)s has a date that does not exist.") % {"what": of}, part=AID) from None


def _count(text: str, of: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise PackageRefused(_("%(what)s has a number that is none.") % {"what": of}, part=AID)
    return int(text)


def _years(text: str) -> int | None:
    return None if text == PERMANENT else _count(text, "period")
