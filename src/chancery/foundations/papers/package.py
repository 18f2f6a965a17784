"""Packages: office files that are ZIP archives of XML (OOXML, OpenDocument, OFD)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import IO, Any

from lxml import etree

from chancery.foundations.papers import types
from chancery.foundations.papers.faults import Fault, Unacceptable

MOST_ENTRIES = 20_000
LARGEST_PART = 256 * 1024 * 1024
RATIO_ALLOWED = 150  # XML of a spreadsheet packs 20:1, now and then 60:1

_OOXML_MAIN = {
    "wordprocessingml.document.main": types.DOCX,
    "spreadsheetml.sheet.main": types.XLSX,
    "presentationml.presentation.main": types.PPTX,
}
_ODF = {kind.name: kind for kind in (types.ODT, types.ODS, types.ODP)}
# Parts without words for a reader.
_SILENT = re.compile(r"(^|/)(theme|_rels)/|(^|/)(styles|settings|fontTable|webSettings)\.xml$|^\[Content_Types\]")
# Parts that tell of the file, not of its matter.
_ABOUT_ITSELF = re.compile(r"^docProps/|^meta\.xml$|^OFD\.xml$", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)

Nested = Callable[[str, bytes], None]


def read(content: IO[bytes], *, expanded_limit: int, nested: Nested) -> tuple[types.MediaType, str, str]:
    """Type, text and particulars (title, author …) of a package. `nested` is called with the name and content of each
    file inside it."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as package:
            names = _safe_names(package, expanded_limit)
            kind = _kind(package, names)
            texts, particulars = _texts(package, kind, names)
            for name in names:
                if "/embeddings/" in f"/{name}" or _is_attachment_of_ofd(kind, name):
                    nested(posixpath.basename(name), _part(package, name))
    except etree.XMLSyntaxError:
        raise Unacceptable(Fault.DAMAGED) from None
    except _BROKEN as error:
        if "password" in str(error) or "encrypted" in str(error):
            raise Unacceptable(Fault.ENCRYPTED) from None
        raise Unacceptable(Fault.DAMAGED) from None
    return kind, "\n".join(texts), "\n".join(particulars)


def _safe_names(package: zipfile.ZipFile, expanded_limit: int) -> list[str]:
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES:
        raise Unacceptable(Fault.EXPANDS_TOO_FAR)
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if total > expanded_limit or (total > 20 * 1024 * 1024 and total > packed * RATIO_ALLOWED):
        raise Unacceptable(Fault.EXPANDS_TOO_FAR)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unacceptable(Fault.ENCRYPTED)
    names = [entry.filename for entry in entries if not entry.is_dir()]
    if len(set(names)) != len(names):
        # Two parts of one name: readers disagree about which counts, so what we check is not what they show.
        raise Unacceptable(Fault.DAMAGED)
    return names


def _kind(package: zipfile.ZipFile, names: list[str]) -> types.MediaType:
    if "mimetype" in names:
        declared = _part(package, "mimetype").decode("ascii", "replace").strip()
        if declared in _ODF:
            if "META-INF/manifest.xml" in names and b"encryption-data" in _part(package, "META-INF/manifest.xml"):
                raise Unacceptable(Fault.ENCRYPTED)
            if any(name.startswith(("Basic/", "Scripts/")) for name in names):
                raise Unacceptable(Fault.MACROS)
            return _ODF[declared]
    if "[Content_Types].xml" in names:
        declared = _part(package, "[Content_Types].xml").decode("utf-8", "replace")
        if "macroEnabled" in declared or any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Unacceptable(Fault.MACROS)
        for mark, kind in _OOXML_MAIN.items():
            if mark in declared:
                return kind
        raise Unacceptable(Fault.UNKNOWN_TYPE, "zip")
    if any(name.lower() == "ofd.xml" for name in names):
        return types.OFD
    raise Unacceptable(Fault.ARCHIVE, "zip")


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > LARGEST_PART:
        raise Unacceptable(Fault.EXPANDS_TOO_FAR)
    # zipfile stops at the declared size, so a lying header yields a checksum error, not an endless stream.
    return package.read(name)


def _is_attachment_of_ofd(kind: types.MediaType, name: str) -> bool:
    return kind is types.OFD and "/attachs/" in f"/{name.lower()}" and not name.lower().endswith(".xml")


def _texts(package: zipfile.ZipFile, kind: types.MediaType, names: list[str]) -> tuple[list[str], list[str]]:
    walk = {types.Family.OOXML: _ooxml_text, types.Family.ODF: _odf_text, types.Family.OFD: _ofd_text}[kind.family]
    texts: list[str] = []
    particulars: list[str] = []
    for name in sorted(names, key=_reading_order):
        if name.lower().endswith(".xml") and (kind.family is types.Family.ODF or not _SILENT.search(name)):
            root = _root(_part(package, name))
            if root is not None and (text := walk(root).strip()):
                (particulars if _ABOUT_ITSELF.search(name) else texts).append(text)
    return texts, particulars


def _reading_order(name: str) -> tuple[int, list[str | int]]:
    """The body before headers, footers, notes and properties; slide 2 before slide 10."""
    base = posixpath.basename(name).lower()
    first = base in {"document.xml", "content.xml", "sharedstrings.xml"} or base.startswith(("slide", "sheet"))
    return (0 if first else 1, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", f"x{name}")])


def _root(data: bytes) -> Any:
    if not data.strip():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.parse(io.BytesIO(data), parser).getroot()
    if root.getroottree().docinfo.doctype:
        # No office program writes one; entities declared in it are how XML explodes or hides text.
        raise Unacceptable(Fault.DAMAGED)
    return root


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


_PRINTED_EDGES = {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
_PROPERTIES = {
    "title", "subject", "keywords", "description", "creator", "category", "lpwstr", "lpstr", "lastModifiedBy",
    "contentStatus", "Company", "Manager",
}  # fmt: skip
# Words that stand in attributes: names of sheets, what is said of a picture to whoever cannot see it.
_OOXML_NAMED = {"sheet": ("name",), "docPr": ("descr", "title"), "cNvPr": ("descr", "title")}
_ODF_TABLE_NAME = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}name"
_OOXML_WORDS = {"t", "delText", "instrText", "text"} | _PRINTED_EDGES | _PROPERTIES
_OOXML_BREAKS = {"p", "si", "is", "br", "cr", "tab", "tr", "row", "comment"} | _PRINTED_EDGES | _PROPERTIES


def _ooxml_text(root: Any) -> str:
    pieces: list[str] = []
    for element in root.iter():
        name = _local(element)
        if name in _OOXML_BREAKS:
            pieces.append("\t" if name == "tab" else "\n")
        if name in _OOXML_WORDS and element.text:
            pieces.append(element.text)
        elif name == "v" and element.text and _is_word(element.getparent()):
            pieces.append(f"\n{element.text}")  # a formula's text
        elif name == "textpath":
            pieces.append(f"\n{element.get('string', '')}")  # a watermark
        for attribute in _OOXML_NAMED.get(name, ()):
            pieces.append(f"\n{element.get(attribute, '')}\n")
    return "".join(pieces)


def _is_word(holder: Any) -> bool:
    """Whether a value is text: a formula's, or a label of a chart."""
    return holder.get("t") == "str" or _local(holder) == "pt"


def _odf_text(root: Any) -> str:
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            name = _local(element)
            if name in {"p", "h", "title", "subject", "description", "keyword", "line-break"}:
                pieces.append("\n")
            elif name in {"s", "tab"}:
                pieces.append(" ")
            if name == "table" and (called := element.get(_ODF_TABLE_NAME)):
                pieces.append(f"\n{called}\n")
            if element.text and name:
                pieces.append(element.text)
        elif element.tail:
            pieces.append(element.tail)
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(pieces))


def _ofd_text(root: Any) -> str:
    """Text objects of a page; those on one line are joined, for a line is often cut into several."""
    pieces: list[str] = []
    line: float | None = None
    for element in root.iter():
        name = _local(element)
        if name == "TextObject":
            top = _top(element.get("Boundary", ""))
            if top is None or line is None or abs(top - line) > 1.0:
                pieces.append("\n")
            line = top
        elif name == "TextCode" and element.text:
            pieces.append(element.text.strip("\r\n"))
        elif name in {"Title", "Subject", "Abstract", "Keyword", "Contents", "Remark"} and element.text:
            pieces.append(f"\n{element.text}")
    return "".join(pieces)


def _top(boundary: str) -> float | None:
    try:
        return float(boundary.split()[1])
    except (IndexError, ValueError):
        return None
