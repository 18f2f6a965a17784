"""What a PDF says of itself: an XMP packet of our own in the place of the one typst wrote.

typst knows title, author and language; elements of a national standard (a document's number, its signatory) need a
namespace of their own, and PDF/A-2 (ISO 19005-2, 6.6.2.3) wants every such namespace described in the packet. typst
writes a plain cross-reference table, so two objects are exchanged in the bytes and the table is written anew: some tens
of microseconds, where reading and writing the file through a PDF library would cost a quarter of the setting.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

_TABLE = re.compile(rb"xref\n0 (\d+)\n")
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpTPg": "http://ns.adobe.com/xap/1.0/t/pg/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}


class StrangePdf(Exception):
    """The PDF is not laid out as typst lays it out: a fault of the program after an upgrade of typst."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A namespace of our own: its properties are texts, each described."""

    name: str
    uri: str
    prefix: str
    #: property → what it means
    meanings: Mapping[str, str]

    def __post_init__(self) -> None:
        wrong = [name for name in (self.prefix, *self.meanings) if not _NAME.match(name)]
        if wrong:
            raise ValueError(f"not a name for an XMP property: {', '.join(wrong)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the packet says."""

    title: str
    language: str
    authors: Sequence[str]
    publisher: str = ""
    subject: str = ""
    keywords: Sequence[str] = ()
    dated: dt.datetime | None = None
    pages: int
    document_id: str
    producer: str
    schema: Schema | None = None
    #: property of `schema` → text
    elements: Mapping[str, str] = field(default_factory=dict)


def packet(about: About) -> bytes:
    """The XMP packet of a PDF/A-2b."""
    namespaces = dict(_NAMESPACES)
    if about.schema:
        namespaces[about.schema.prefix] = about.schema.uri
    said = "".join(_statements(about))
    opening = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in namespaces.items())
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{opening}>{said}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="r"?>'
    )
    return text.encode()


def _statements(about: About) -> Iterable[str]:
    yield "<dc:format>application/pdf</dc:format>"
    yield f"<dc:title>{_alternative(about.title)}</dc:title>"
    yield f"<dc:language>{_list('Bag', [about.language])}</dc:language>"
    if about.authors:
        yield f"<dc:creator>{_list('Seq', about.authors)}</dc:creator>"
    if about.publisher:
        yield f"<dc:publisher>{_list('Bag', [about.publisher])}</dc:publisher>"
    if about.subject:
        yield f"<dc:description>{_alternative(about.subject)}</dc:description>"
    if about.keywords:
        yield f"<dc:subject>{_list('Bag', about.keywords)}</dc:subject>"
        yield f"<pdf:Keywords>{escape(', '.join(about.keywords))}</pdf:Keywords>"
    yield f"<pdf:Producer>{escape(about.producer)}</pdf:Producer>"
    yield f"<xmp:CreatorTool>{escape(about.producer)}</xmp:CreatorTool>"
    if about.dated:
        moment = about.dated.isoformat(timespec="seconds")
        yield f"<dc:date>{_list('Seq', [moment])}</dc:date>"
        yield f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>"
    yield f"<xmpMM:DocumentID>{escape(about.document_id)}</xmpMM:DocumentID>"
    yield f"<xmpTPg:NPages>{about.pages}</xmpTPg:NPages>"
    yield "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
    if about.schema:
        prefix = about.schema.prefix
        for name, text in about.elements.items():
            yield f"<{prefix}:{name}>{escape(text)}</{prefix}:{name}>"
        yield _description(about.schema, about.elements)


def _description(schema: Schema, used: Iterable[str]) -> str:
    """The extension schema: every property used, with its type and meaning (`KeyError` for one that has none)."""
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{escape(schema.meanings[name])}</pdfaProperty:description></rdf:li>"
        for name in used
    )
    return (
        '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{escape(schema.name)}</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{escape(schema.uri)}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{schema.prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>"
        "</rdf:li></rdf:Bag></pdfaExtension:schemas>"
    )


def _alternative(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'


def _list(kind: str, texts: Sequence[str]) -> str:
    items = "".join(f"<rdf:li>{escape(text)}</rdf:li>" for text in texts)
    return f"<rdf:{kind}>{items}</rdf:{kind}>"


# --- The file ---------------------------------------------------------------------------------------------------------
class TypstPdf:
    """A PDF as typst wrote it: its objects by number, two of which may be exchanged."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        start = content.rfind(b"startxref")
        at = int(content[start + 9 : start + 40].split(b"\n", 2)[1]) if start >= 0 else -1
        table = _TABLE.match(content, at) if at >= 0 else None
        trailer = _TRAILER.search(content, at) if table else None
        if not table or not trailer:
            raise StrangePdf("no plain cross-reference table")
        self._count, self._trailer = int(table[1]), trailer[1]
        first = table.end()
        rows = (content[first + 20 * n : first + 20 * n + 18] for n in range(self._count))
        self._offsets = {n: int(row[:10]) for n, row in enumerate(rows) if row[17:] == b"n"}
        ordered = sorted(self._offsets.items(), key=lambda pair: pair[1])
        self._ends = {n: end for (n, _), (_, end) in zip(ordered, [*ordered[1:], (0, at)], strict=True)}
        self._ordered = [n for n, _ in ordered]

    def _referred(self, key: bytes, said: bytes) -> int:
        found = re.search(rb"/" + key + rb" (\d+) 0 R", said)
        if not found or int(found[1]) not in self._offsets:
            raise StrangePdf(f"no {key.decode()}")
        return int(found[1])

    def body(self, number: int) -> bytes:
        """An object's bytes, with its frame."""
        return self._content[self._offsets[number] : self._ends[number]]

    @property
    def info(self) -> int:
        """The number of the information dictionary."""
        return self._referred(b"Info", self._trailer)

    @property
    def metadata(self) -> int:
        """The number of the XMP stream."""
        return self._referred(b"Metadata", self.body(self._referred(b"Root", self._trailer)))

    def keywords(self) -> str:
        """The keywords that the template set: plain ASCII without brackets is all we put there."""
        found = re.search(rb"/Keywords\s*\(([^()\\]*)\)", self.body(self.info))
        if not found:
            raise StrangePdf("no keywords")
        return found[1].decode("ascii")

    def with_objects(self, fresh: Mapping[int, bytes]) -> bytes:
        """The file with some objects' inside exchanged and its table written anew."""
        parts, offsets = [self._content[: self._offsets[self._ordered[0]]]], {}
        length = len(parts[0])
        for number in self._ordered:
            inside = fresh.get(number)
            whole = self.body(number) if inside is None else b"%d 0 obj\n%b\nendobj\n" % (number, inside)
            offsets[number] = length
            parts.append(whole)
            length += len(whole)
        rows = [b"0000000000 65535 f \n"]
        rows += [b"%010d 00000 n \n" % offsets[n] if n in offsets else rows[0] for n in range(1, self._count)]
        parts.append(b"xref\n0 %d\n%b" % (self._count, b"".join(rows)))
        parts.append(b"trailer\n<<%b>>\nstartxref\n%d\n%%%%EOF\n" % (self._trailer, length))
        return b"".join(parts)


def stream(packet: bytes) -> bytes:
    """The inside of the object that holds an XMP packet."""
    return b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (len(packet), packet)


def info(about: About) -> bytes:
    """The inside of the information dictionary, saying what the packet says."""
    said = [(b"Title", about.title), (b"Author", ", ".join(about.authors)), (b"Producer", about.producer)]
    said += [(b"Subject", about.subject), (b"Keywords", ", ".join(about.keywords))]
    pairs = [b"/%b <feff%b>" % (key, text.encode("utf-16-be").hex().encode()) for key, text in said if text]
    if about.dated:
        moment = about.dated.strftime("D:%Y%m%d%H%M%S%z").encode()
        moment = moment[:-2] + b"'" + moment[-2:] if about.dated.utcoffset() else moment[:-5] + b"Z"
        pairs += [b"/CreationDate (%b)" % moment, b"/ModDate (%b)" % moment]
    return b"<<" + b" ".join(pairs) + b">>"
