"""Papers set by typst: a template, data, and our own fonts make a PDF/A.

Data go to the template as JSON, so nothing a person typed is ever markup:

    #let d = json(bytes(sys.inputs.at("data")))
    #set text(font: ("Noto Serif SC", "Noto Sans SC"), lang: sys.inputs.language)

The fonts are those in `fonts/` beside this file and, before them, those a site puts into `fonts` in its data directory
(a licensed FangSong, say). One font book serves the process: reading a folder anew would cost each paper half a second.
"""

from __future__ import annotations

import functools
import json
import logging
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
        data = _replaced(data, dict.fromkeys(map(ord, lost), STAND_IN))
    inputs = {"data": json.dumps(data, ensure_ascii=False, default=str), "language": language}
    return _compile(str(template), inputs, pdf_standard, root=template.parent)


def pdf_of_source(source: str, inputs: Mapping[str, str], *, pdf_standard: Standard = "a-2b") -> bytes:
    """A short piece of typst source as PDF."""
    return _compile(source.encode(), dict(inputs), pdf_standard)


def missing_in(data: object) -> list[str]:
    """The characters of `data` that none of the fonts has, in order of code point."""
    used: set[int] = set()
    _collect(data, used)
    return [chr(code) for code in sorted(used - _covered() - {0x0A, 0x0D, 0x09})]


def _compile(source: Any, inputs: dict[str, str], standard: Standard, root: Path | None = None) -> bytes:
    """`source`: the template's path, or its text as bytes."""
    try:
        made = typst.compile(
            source,
            root=str(root) if root else None,
            font_paths=_font_book(),
            sys_inputs=inputs,
            pdf_standards=[standard],
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


def _replaced(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, Mapping):
        return {key: _replaced(inner, table) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(inner, table) for inner in value]
    return value


@functools.cache
def _covered() -> frozenset[int]:
    """The code points that some font has."""
    found: set[int] = set()
    for folder in _folders():
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in {".ttf", ".otf"}:
                found |= _code_points(path)
    return frozenset(found)


def _code_points(path: Path) -> set[int]:
    """The code points in a font's `cmap` table (OpenType, formats 4 and 12)."""
    with path.open("rb") as font:
        count = struct.unpack(">4xH", font.read(6))[0]
        font.seek(12)
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
            half = struct.unpack_from(">H", cmap, offset + 6)[0]
            ends = struct.unpack_from(f">{half // 2}H", cmap, offset + 14)
            starts = struct.unpack_from(f">{half // 2}H", cmap, offset + 16 + half)
            for first, last in zip(starts, ends, strict=True):
                found.update(range(first, last + 1))
    return found - {0xFFFF}
