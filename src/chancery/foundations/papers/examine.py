"""The examination of a file: nothing is believed but its content."""

from __future__ import annotations

import dataclasses
import io
from dataclasses import dataclass
from typing import IO

import puremagic

from chancery.foundations.papers import image, mail, package, pdf, text, types
from chancery.foundations.papers.faults import Fault, Unacceptable
from chancery.foundations.papers.types import MediaType

_HEAD = 64 * 1024
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"MSCF")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", types.PNG),
    (b"\xff\xd8\xff", types.JPEG),
    (b"II*\x00", types.TIFF),
    (b"MM\x00*", types.TIFF),
)
_LARGEST_TEXT = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much."""

    size: int = 100 * 1024 * 1024
    expanded: int = 1024 * 1024 * 1024
    depth: int = 3


@dataclass(frozen=True, slots=True)
class Paper:
    """What a file is. `text` also holds the words of files inside it; `pages` is None where there are none to count.
    `particulars` are words that no reader sees: title, author and keywords in its properties or header.
    """

    media_type: MediaType
    size: int
    pages: int | None
    text: str
    particulars: str = ""


def examine(name: str, content: IO[bytes], limits: Limits | None = None) -> Paper:
    """Find type, pages and text of a file, or raise `Unacceptable`. `content` must be seekable; left at its start."""
    limits = limits or Limits()
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    if size == 0:
        raise Unacceptable(Fault.EMPTY)
    if size > limits.size:
        raise Unacceptable(Fault.TOO_LARGE)
    ending = ending_of(name)
    if ending not in types.ENDINGS:
        raise Unacceptable(_fault_of_unlisted(content), ending)
    paper = _look(content, ending, limits, depth=0)
    kind = paper.media_type
    if ending not in kind.endings:
        raise Unacceptable(Fault.EXTENSION_MISMATCH, kind.endings[0])
    content.seek(0)
    return dataclasses.replace(paper, size=size)


def ending_of(name: str) -> str:
    """The ending of a name in small letters, "" without one."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def _look(content: IO[bytes], ending: str, limits: Limits, depth: int) -> Paper:
    if depth > limits.depth:
        raise Unacceptable(Fault.TOO_DEEP)
    content.seek(0)
    head = content.read(_HEAD)
    inside: list[Paper] = []

    def nested(name: str, data: bytes) -> None:
        if found := _look_inside(name, data, limits, depth + 1):
            inside.append(found)

    pages: int | None = None
    particulars = ""
    if b"%PDF-" in head[:1024]:
        kind = types.PDF
        pages, words, particulars, attached = pdf.read(content)
        for name, data in attached:
            nested(name, data)
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        kind, words, particulars = package.read(content, expanded_limit=limits.expanded, nested=nested)
    elif picture := next((kind for mark, kind in _IMAGES if head.startswith(mark)), None):
        kind = picture
        words, (pages, particulars) = "", image.read(content)
    elif head.startswith(_OLE):
        raise Unacceptable(_fault_of_ole(content))
    elif head.startswith(_ARCHIVES):
        raise Unacceptable(Fault.ARCHIVE, _guess(head))
    elif ending == "eml" and mail.looks_like_mail(head):
        kind, words = types.MAIL, mail.read(content, nested=nested)
    else:
        kind, words = types.TEXT, _plain_text(content, head)
    return Paper(
        kind,
        0,
        pages,
        "\n".join([words, *(paper.text for paper in inside)]),
        "\n".join([particulars, *(paper.particulars for paper in inside)]),
    )


def _plain_text(content: IO[bytes], head: bytes) -> str:
    content.seek(0)
    data = content.read(_LARGEST_TEXT + 1)
    if len(data) > _LARGEST_TEXT:
        raise Unacceptable(Fault.TOO_LARGE)
    try:
        return text.decode(data)
    except Unacceptable:
        guess = _guess(head)
        # A name for the type, where there is one, says more than "not text".
        raise Unacceptable(Fault.UNKNOWN_TYPE if guess else Fault.UNREADABLE_TEXT, guess) from None


def _look_inside(name: str, data: bytes, limits: Limits, depth: int) -> Paper | None:
    """A file inside a file. One of no known kind is let be (it has no words to read), except those that hide more
    files: encrypted ones and archives."""
    if not data:
        return None
    try:
        return _look(io.BytesIO(data), ending_of(name), limits, depth)
    except Unacceptable as fault:
        if fault.fault in {Fault.UNKNOWN_TYPE, Fault.UNREADABLE_TEXT, Fault.OLD_OFFICE}:
            return None
        raise Unacceptable(fault.fault, fault.detail, inside=fault.inside or name) from None


def _fault_of_ole(content: IO[bytes]) -> Fault:
    """Password-protected OOXML is wrapped in the old compound format, in a stream of this name."""
    content.seek(0)
    return Fault.ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content.read() else Fault.OLD_OFFICE


def _fault_of_unlisted(content: IO[bytes]) -> Fault:
    """A name outside the list is refused by name; these say better why."""
    content.seek(0)
    head = content.read(_HEAD)
    if head.startswith(_OLE):
        return _fault_of_ole(content)
    if head.startswith(_ARCHIVES):
        return Fault.ARCHIVE
    if head.startswith(b"PK\x03\x04"):
        try:
            package.read(content, expanded_limit=Limits().expanded, nested=lambda name, data: None)
        except Unacceptable as fault:
            return fault.fault if fault.fault in {Fault.MACROS, Fault.ARCHIVE, Fault.ENCRYPTED} else Fault.UNKNOWN_TYPE
    return Fault.UNKNOWN_TYPE


def _guess(head: bytes) -> str:
    """The usual ending of a type that is not accepted, when its signature leaves no doubt; "" otherwise."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return ""  # a byte order mark: text, however broken
    try:
        best = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return ""
    return str(best.extension).lstrip(".") if best.confidence >= 0.8 else ""
