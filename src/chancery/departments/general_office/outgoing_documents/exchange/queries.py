"""Making the package of a released document."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
from typing import Any, Literal, cast

from django.utils import translation
from lxml import etree

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.exchange.terms import (
    ANNEXES,
    DESCRIPTION,
    MANUSCRIPT,
    NAMESPACE,
    PAPER,
    PROFILE,
    STANDARD,
    WORD,
    Role,
)
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import Urgency
from chancery.foundations import clock, manuscript
from chancery.kernel.publishing.verification import queries as verification
from chancery.kernel.records import queries as records
from chancery.kernel.records.packages.bags.rules import BagWriter
from chancery.kernel.records.papertypes import queries as paper_types


def package(document: OutgoingDocument, at: dt.datetime) -> tuple[str, bytes]:
    """(name, zip): the document as a bag."""
    base = re.sub(r"[^\w〔〕-]+", "-", document.number).strip("-") or f"document-{document.pk}"
    files, listed = _payload(document)
    files[DESCRIPTION] = described(document, listed)
    out = io.BytesIO()
    writer = BagWriter(out, base, is_deflated=True)
    for path, content in sorted(files.items()):
        writer.add(path, io.BytesIO(content))
    writer.close(
        [
            ("Source-Organization", dispatch.issuer_names(document)),
            ("External-Identifier", document.number),
            ("Bagging-Date", clock.date_of(at).isoformat()),
            ("BagIt-Profile-Identifier", PROFILE),
        ]
    )
    return f"{base}.zip", out.getvalue()


def _payload(document: OutgoingDocument) -> tuple[dict[str, bytes], list[dict[str, str]]]:
    """Content by path, and the list of files for the description."""
    files: dict[str, bytes] = {}
    listed: list[dict[str, str]] = []

    def add(path: str, role: Role, name: str, content: bytes) -> None:
        files[path] = content
        digest = hashlib.sha256(content).hexdigest()
        listed.append({"role": role, "path": path, "name": name[:200], "sha256": digest, "size": str(len(content))})

    paper, *annexes = dispatch.parts(document)
    add(PAPER, Role.PAPER, str(paper["name"]), _content(int(paper["stored"])))
    for number, annex in enumerate(annexes, 1):
        name = str(annex["name"])
        ending = name.rpartition(".")[2].lower() if "." in name else "bin"
        path = f"{ANNEXES}{number:02}.{ending if ending.isascii() and ending.isalnum() else 'bin'}"
        add(path, Role.ANNEX, name, _content(int(annex["stored"])))
    source = json.dumps(document.body, ensure_ascii=False, sort_keys=True, indent=1).encode()
    add(MANUSCRIPT, Role.MANUSCRIPT, "manuscript.json", source)
    word = manuscript.to_docx(document.body, heads=_heads(document), profile=cast(manuscript.Profile, document.profile))
    add(WORD, Role.WORD, f"{document.title[:120]}.docx", word)
    return files, listed


def _content(file_id: int) -> bytes:
    stored = records.file_of(file_id)
    if stored is None:
        raise LookupError(file_id)
    with records.open_file(stored) as content:
        return content.read()


def _heads(document: OutgoingDocument) -> Any:
    language: Literal["zh", "en"] = "zh" if document.language.startswith("zh") else "en"
    return manuscript.PaperHead(
        issuer_mark=dispatch.issuer_names(document),
        number=document.number,
        title=document.title,
        addressees=_named(document, "MAIN"),
        signers=(dispatch.issuer_names(document),),
        dated_on=document.dated_on,
        annexes=tuple(row["name"] for row in documents.annexes_of(document.pk)),
        note=document.note,
        cc=_named(document, "COPY"),
        language=language,
    )


def _named(document: OutgoingDocument, part: str) -> str:
    separator = "，" if document.language.startswith("zh") else "; "
    return separator.join(line.name for line in dispatch.plan_names(document) if line.part == part)


def core(document: OutgoingDocument) -> list[tuple[str, str, str]]:
    """(clause, Chinese name, value) of the elements that have one, in the order of package.xsd."""
    of = paper_types.paper_type(document.paper_type, on=document.dated_on or clock.today(), profile=document.profile)
    with translation.override("zh-hans"):
        urgency = "" if document.urgency == Urgency.NORMAL else str(Urgency(document.urgency).label)
    signer = ""
    if document.direction == "UPWARD" and document.signed_person is not None:
        signer = document.signed_person.name_zh or document.signed_person.name_en
    issuer = dispatch.issuer_names(document)
    found = [
        ("4.1", "公文标识", document.verify_code or documents.subject_of(document)),
        ("4.2", "文种", (of.name_zh or of.name_en) if of else document.paper_type),
        ("4.5", "紧急程度", urgency),
        ("4.6", "发文机关标志", issuer),
        ("4.7", "发文字号", document.number),
        ("4.8", "签发人", signer),
        ("4.9", "标题", document.title),
        ("4.10", "主送机关", _named(document, "MAIN")),
        ("4.11", "附件说明", "；".join(row["name"] for row in documents.annexes_of(document.pk))),
        ("4.12", "发文机关或签发人署名", issuer),
        ("4.13", "成文日期", document.dated_on.isoformat() if document.dated_on else ""),
        ("4.14", "附注", document.note),
        ("4.15", "抄送机关", _named(document, "COPY")),
    ]
    return [(clause, name, value[:1000]) for clause, name, value in found if value]


def described(document: OutgoingDocument, listed: list[dict[str, str]]) -> bytes:
    """The description, as package.xsd has it."""
    attributes = {"standard": STANDARD, "profile": PROFILE}
    root = etree.Element(f"{{{NAMESPACE}}}公文元数据", nsmap={None: NAMESPACE}, attrib=attributes)
    elements = etree.SubElement(root, f"{{{NAMESPACE}}}核心元数据")
    for clause, name, value in core(document):
        etree.SubElement(elements, f"{{{NAMESPACE}}}{name}", attrib={"clause": clause}).text = _clean(value)
    extension = etree.SubElement(root, f"{{{NAMESPACE}}}扩展元数据")
    codes = [
        ("文种代码", document.paper_type),
        ("紧急程度代码", document.urgency),
        ("发放范围代码", str(document.label)),
        ("语种", document.language),
        ("页数", str(document.pages or "")),
        ("核验地址", str(verification.address_of(document.verify_code)) if document.verify_code else ""),
        ("正文摘要值", document.signed_hash),
    ]
    for name, value in codes:
        if value:
            etree.SubElement(extension, f"{{{NAMESPACE}}}{name}").text = value
    files = etree.SubElement(root, f"{{{NAMESPACE}}}文件清单")
    for file in listed:
        said = {name: _clean(value) for name, value in file.items()}
        etree.SubElement(files, f"{{{NAMESPACE}}}文件", attrib=said)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")
