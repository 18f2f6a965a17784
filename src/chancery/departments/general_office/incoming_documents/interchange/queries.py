"""The core metadata of GB/T 33480-2016 (part 4), as far as a received document carries them."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from lxml import etree

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.terms import FilePart, Urgency

NAMESPACE = "urn:chancery:gbt33480-2016"
STANDARD = "GB/T 33480-2016"


def core(document: IncomingDocument) -> list[tuple[str, str, str]]:
    """(clause, Chinese name, value) of each element that has one, in the standard's order and in Chinese.

    The secrecy element (4.4) is left out on purpose: nothing marked as a state secret may be here, and house labels are
    not secrecy levels.
    """
    with translation.override("zh-hans"):
        kind = str(document.get_kind_display())
        urgency = "" if document.urgency == Urgency.ROUTINE else str(document.get_urgency_display())
    annexes = [row["name"] for row in queries.files(document.pk) if row["part"] == FilePart.ANNEX]
    found = [
        ("4.1", "公文标识", f"{document.number}"),
        ("4.2", "文种", kind),
        ("4.3", "份号", document.copy_no),
        ("4.5", "紧急程度", urgency),
        ("4.6", "发文机关标志", document.sender),
        ("4.7", "发文字号", document.sender_number),
        ("4.9", "标题", document.title),
        ("4.10", "主送机关", document.addressees),
        ("4.11", "附件说明", "；".join(annexes)),
        ("4.12", "发文机关或签发人署名", document.sender),
        ("4.13", "成文日期", document.dated_on.isoformat() if document.dated_on else ""),
    ]
    return [row for row in found if row[2]]


def handling(document: IncomingDocument) -> list[tuple[str, str]]:
    """Our own elements, by the extension scheme (part 5): registration at this headquarters."""
    found = [
        ("收文编号", document.number),
        ("收文日期", document.received_on.isoformat() if document.received_on else ""),
        ("办理时限", document.limit_on.isoformat() if document.limit_on else ""),
        ("主办单位", (document.lead_unit.name_zh or document.lead_unit.name_en) if document.lead_unit else ""),
        ("页数", str(document.pages or "")),
        ("分类号", document.file_class),
        ("保管期限", document.retention),
    ]
    return [row for row in found if row[1]]


def as_json(document: IncomingDocument) -> dict[str, Any]:
    """Both groups as one JSON object."""
    return {
        "standard": STANDARD,
        "core": {name: value for _clause, name, value in core(document)},
        "extension": dict(handling(document)),
    }


def as_xml(document: IncomingDocument) -> bytes:
    """Both groups as XML, UTF-8."""
    root = etree.Element(f"{{{NAMESPACE}}}公文元数据", nsmap={None: NAMESPACE}, attrib={"standard": STANDARD})
    elements = etree.SubElement(root, f"{{{NAMESPACE}}}核心元数据")
    for clause, name, value in core(document):
        etree.SubElement(elements, f"{{{NAMESPACE}}}{name}", attrib={"clause": clause}).text = value
    extension = etree.SubElement(root, f"{{{NAMESPACE}}}扩展元数据")
    for name, value in handling(document):
        etree.SubElement(extension, f"{{{NAMESPACE}}}{name}").text = value
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
