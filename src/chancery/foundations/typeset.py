"""Papers set by typst: a template, data, and our own fonts make a PDF/A.

Data go to the template as JSON, so nothing a person typed is ever markup:

    #let d = json(bytes(sys.inputs.at("data")))
    #set text(font: ("Noto Serif SC", "Noto Sans SC"), lang: sys.inputs.language)

The fonts are those in `fonts/` beside this file and, before them, those a site puts into `fonts` in its data directory
(a licensed FangSong, say). One font book serves the process: reading a folder anew would cost each paper half a second.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import logging
import operator
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

Standard = Literal["1.7", "2.0", "a-2b", "a-2u", "a-3b", "ua-1"]

logger = logging.getLogger(__name__)

FONTS = Path(__file__).resolve().parent / "fonts"
#: Printers' mark for a character that the case does not hold (〓, geta).
STAND_IN = "\u3013"


class Coverage:
    """The code points a font has: a bit each, for every process that sets papers keeps them."""

    __slots__ = ("_bits",)

    def __init__(self, bits: bytes = bytes(0x110000 // 8)) -> None:
        self._bits = bits

    @classmethod
    def of(cls, codes: Iterable[int]) -> Coverage:
        """The code points given."""
        bits = bytearray(0x110000 // 8)
        for code in codes:
            bits[code >> 3] |= 1 << (code & 7)
        return cls(bytes(bits))

    def __contains__(self, code: int) -> bool:
        return bool(self._bits[code >> 3] >> (code & 7) & 1)

    def __or__(self, other: Coverage) -> Coverage:
        both = int.from_bytes(self._bits) | int.from_bytes(other._bits)
        return Coverage(both.to_bytes(len(self._bits)))


class BadTemplate(Exception):
    """A template does not compile: a fault of the program or of a site's own template."""


def pdf(template: Path, data: Mapping[str, Any], *, language: str = "zh", pdf_standard: Standard = "a-2b") -> bytes:
    """The template filled with `data` (what JSON can hold), as PDF of the given standard.

    A character in no font (PDF/A allows no empty boxes) is set as 〓 and named in the log; ask `missing_in` to tell the
    reader of the page.
    """
    lost = missing_in(data)
    if lost:
        logger.warning("%s: no font has %s", template.name, ", ".join(f"U+{ord(char):04X}" for char in lost))
        data = replaced(data, dict.fromkeys(map(ord, lost), STAND_IN))
    inputs = {"data": json.dumps(data, ensure_ascii=False, default=str), "language": language}
    return _compile(str(template), inputs, pdf_standard, root=template.parent)


def pdf_of_inputs(template: Path, inputs: Mapping[str, str], *, dated: dt.datetime) -> bytes:
    """The template filled with ready inputs, as PDF/A-2b that carries `dated` and not the time of day."""
    return _compile(str(template), dict(inputs), "a-2b", root=template.parent, dated=dated)


def pdf_of_source(source: str, inputs: Mapping[str, str], *, pdf_standard: Standard = "a-2b") -> bytes:
    """A short piece of typst source as PDF."""
    return _compile(source.encode(), dict(inputs), pdf_standard)


def missing_in(data: object) -> list[str]:
    """The characters of `data` that none of the fonts has, in order of code point."""
    used: set[int] = set()
    _collect(data, used)
    there = covered()
    return [chr(code) for code in sorted(used - {0x0A, 0x0D, 0x09}) if code not in there]


def families() -> Mapping[str, Coverage]:
    """Every family that can be set with, and the code points that it has."""
    return _families()


def _compile(
    source: Any,
    inputs: dict[str, str],
    standard: Standard,
    root: Path | None = None,
    dated: dt.datetime | None = None,
) -> bytes:
    """`source`: the template's path, or its text as bytes."""
    try:
        made = typst.compile(
            source,
            root=str(root) if root else None,
            font_paths=_font_book(),
            sys_inputs=inputs,
            pdf_standards=[standard],
            timestamp=int(dated.timestamp()) if dated else None,
        )
    except typst.TypstError as error:
        raise BadTemplate(f"{error.message} {' '.join(error.hints or [])}".strip()) from error
    return bytes(made)


def _folders() -> list[Path]:
    own = Path(settings.CHANCERY_HOME) / "fonts"
    return [folder for folder in (own, FONTS) if folder.is_dir()]


@functools.cache
def _font_book() -> typst.Fonts:
    return typst.Fonts(
        font_paths=[str(folder) for folder in _folders()], include_system_fonts=False, include_embedded_fonts=False
    )


def _collect(value: object, used: set[int]) -> None:
    if isinstance(value, str):
        used.update(map(ord, value))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _collect(key, used)
            _collect(inner, used)
    elif isinstance(value, Iterable):
        for inner in value:
            _collect(inner, used)


def replaced(value: Any, table: Mapping[int, str]) -> Any:
    """The data with characters exchanged in every text."""
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, Mapping):
        return {key: replaced(inner, table) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(inner, table) for inner in value]
    return value


@functools.cache
def _families() -> dict[str, Coverage]:
    found: dict[str, Coverage] = {}
    for font in _font_book().fonts():
        if font.path and font.family not in found:  # the faces of a family have the same characters, near enough
            found[font.family] = Coverage.of(_code_points(Path(font.path), font.index))
    return found


@functools.cache
def covered() -> Coverage:
    """The code points that some font has."""
    return functools.reduce(operator.or_, _families().values(), Coverage())


def _code_points(path: Path, index: int = 0) -> set[int]:
    """The code points in a font's `cmap` table (OpenType, formats 4 and 12), of one face of a collection."""
    with path.open("rb") as font:
        begin = 0
        if font.read(4) == b"ttcf":
            font.seek(12 + 4 * index)
            begin = struct.unpack(">L", font.read(4))[0]
        font.seek(begin)
        count = struct.unpack(">4xH", font.read(6))[0]
        font.seek(begin + 12)
        tables = {tag: (start, size) for tag, start, size in struct.iter_unpack(">4s4xLL", font.read(16 * count))}
        start, size = tables[b"cmap"]
        font.seek(start)
        cmap = font.read(size)
    found: set[int] = set()
    for (offset,) in struct.iter_unpack(">4xL", cmap[4 : 4 + 8 * struct.unpack(">2xH", cmap[:4])[0]]):
        kind = struct.unpack_from(">H", cmap, offset)[0]
        if kind == 12:
            groups = struct.unpack_from(">L", cmap, offset + 12)[0]
            for first, last, _glyph in struct.iter_unpack(">LLL", cmap[offset + 16 : offset + 16 + 12 * groups]):
                found.update(range(first, last + 1))
        elif kind == 4:
            found |= _segments(cmap, offset)
    return found - {0xFFFF}


def _segments(cmap: bytes, offset: int) -> set[int]:
    """Format 4: segments, some of which lead through an array in which 0 is `no glyph`."""
    half = struct.unpack_from(">H", cmap, offset + 6)[0]
    words, parts = f">{half // 2}H", (14, 16 + half, 16 + 2 * half, 16 + 3 * half)
    ends, starts, _deltas, leads = (struct.unpack_from(words, cmap, offset + part) for part in parts)
    found: set[int] = set()
    for n, (first, last, lead) in enumerate(zip(starts, ends, leads, strict=True)):
        if not lead:
            found.update(range(first, last + 1))
            continue
        array = offset + parts[3] + 2 * n + lead
        found.update(
            code
            for code in range(first, last + 1)
            if array + 2 * (code - first) + 2 <= len(cmap)
            and struct.unpack_from(">H", cmap, array + 2 * (code - first))[0]
        )
    return found
