"""Styles and automatic numbers of a Word file: what a paragraph is, beyond what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_OFF = {"0", "false", "off", "none"}
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_CHINESE_COUNTS = {
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting", "ideographDigital",
    "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseDigitalTenThousand",
}  # fmt: skip
_BODY_TEXT = 9  # an outline level of 9 says: no heading


class Styles:
    """Asks a paragraph, then its style, then the styles that one is based on."""

    def __init__(self, document: Any) -> None:
        self._known: dict[str, Any] = {}
        self._default: str | None = None
        for style in document.styles.element.iter(qn("w:style")):
            key = style.get(qn("w:styleId"))
            self._known[key] = style
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in {"1", "true", "on"}:
                self._default = key
        defaults = document.styles.element.find(
            f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:sz')}"
        )
        self._size = _half_points(defaults, 11.0)

    def name(self, paragraph: Any) -> str:
        """The name of its style as Word shows it in English."""
        style = next(self._chain(_style_of(paragraph, "w:pPr", "w:pStyle") or self._default), None)
        named = style.find(qn("w:name")) if style is not None else None
        name = str(named.get(qn("w:val"), "")) if named is not None else ""
        return f"{name[:1].upper()}{name[1:]}"

    def level(self, paragraph: Any) -> int | None:
        """The level of a heading, from 1; None for any other paragraph."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if own is not None:
            level = _number(own, _BODY_TEXT)
            return level + 1 if 0 <= level < _BODY_TEXT else None
        for style in self._chain(_style_of(paragraph, "w:pPr", "w:pStyle")):
            outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if outline is not None:
                level = _number(outline, _BODY_TEXT)
                return level + 1 if 0 <= level < _BODY_TEXT else None
            name = style.find(qn("w:name"))
            if name is not None and (found := _HEADING.fullmatch(name.get(qn("w:val"), "").strip())):
                return int(found.group(1)) or None
        return None

    def align(self, paragraph: Any) -> str | None:
        """None, "center" or "right"."""
        for properties in self._properties(paragraph, "w:pPr"):
            found = properties.find(qn("w:jc"))
            if found is not None:
                return {"center": "center", "right": "right", "end": "right"}.get(found.get(qn("w:val"), ""))
        return None

    def marks(self, run: Any, paragraph: Any) -> tuple[bool, bool]:
        """(strong, em) of a run."""
        return self._is_on(run, paragraph, "w:b"), self._is_on(run, paragraph, "w:i")

    def is_hidden(self, run: Any) -> bool:
        """Whether Word does not show it."""
        found = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        return found is not None and found.get(qn("w:val"), "1") not in _OFF

    def is_bold(self, paragraph: Any) -> bool:
        """Whether its first words are bold."""
        run = next((one for one in paragraph.iter(qn("w:r")) if next(one.iter(qn("w:t")), None) is not None), None)
        return run is not None and self._is_on(run, paragraph, "w:b")

    def size(self, paragraph: Any) -> float:
        """The size of its first words, in points."""
        run = next((one for one in paragraph.iter(qn("w:r")) if next(one.iter(qn("w:t")), None) is not None), None)
        own = run.find(f"{qn('w:rPr')}/{qn('w:sz')}") if run is not None else None
        if own is not None:
            return _half_points(own, self._size)
        for style in self._chain(_style_of(paragraph, "w:pPr", "w:pStyle") or self._default):
            found = style.find(f"{qn('w:rPr')}/{qn('w:sz')}")
            if found is not None:
                return _half_points(found, self._size)
        return self._size

    def numbering(self, paragraph: Any) -> tuple[str, int] | None:
        """(number id, depth) of an automatic number or bullet."""
        depth: int | None = None
        for properties in self._properties(paragraph, "w:pPr"):
            found = properties.find(qn("w:numPr"))
            if found is None:
                continue
            if depth is None and (own := found.find(qn("w:ilvl"))) is not None:
                depth = min(max(_number(own, 0), 0), 8)
            key = found.find(qn("w:numId"))
            if key is not None:
                return None if key.get(qn("w:val")) == "0" else (str(key.get(qn("w:val"))), depth or 0)
        return None

    def _is_on(self, run: Any, paragraph: Any, tag: str) -> bool:
        own = run.find(qn("w:rPr"))
        places = [own] if own is not None else []
        for key in (_style_of(run, "w:rPr", "w:rStyle"), _style_of(paragraph, "w:pPr", "w:pStyle")):
            places += [one for style in self._chain(key) if (one := style.find(qn("w:rPr"))) is not None]
        for properties in places:
            found = properties.find(qn(tag))
            if found is not None:
                return found.get(qn("w:val"), "1") not in _OFF
        return False

    def _properties(self, paragraph: Any, tag: str) -> Iterator[Any]:
        own = paragraph.find(qn(tag))
        if own is not None:
            yield own
        for style in self._chain(_style_of(paragraph, "w:pPr", "w:pStyle") or self._default):
            found = style.find(qn(tag))
            if found is not None:
                yield found

    def _chain(self, key: str | None) -> Iterator[Any]:
        seen: set[str] = set()
        while key and key in self._known and key not in seen:
            seen.add(key)
            style = self._known[key]
            yield style
            base = style.find(qn("w:basedOn"))
            key = base.get(qn("w:val")) if base is not None else None


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a paragraph by itself. `heading`: the level whose Chinese number it is, 0 for none."""

    depth: int
    is_ordered: bool
    heading: int = 0


class Numbering:
    """The lists of a file."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str]] = {}
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        root = getattr(part, "element", None)
        if root is None:
            return
        kinds = {one.get(qn("w:abstractNumId")): one for one in root.iter(qn("w:abstractNum"))}
        for num in root.iter(qn("w:num")):
            reference = num.find(qn("w:abstractNumId"))
            kind = kinds.get(reference.get(qn("w:val"))) if reference is not None else None
            for level in kind.iter(qn("w:lvl")) if kind is not None else ():
                form, words = level.find(qn("w:numFmt")), level.find(qn("w:lvlText"))
                key = (str(num.get(qn("w:numId"))), _number(level, 0, "w:ilvl"))
                self._levels[key] = (
                    form.get(qn("w:val"), "decimal") if form is not None else "decimal",
                    words.get(qn("w:val"), "") if words is not None else "",
                )

    def of(self, paragraph: Any, styles: Styles) -> Mark | None:
        """The mark of a paragraph; None when it has none."""
        found = styles.numbering(paragraph)
        if found is None or found not in self._levels:
            return None
        form, words = self._levels[found]
        if form == "none" or (form != "bullet" and "%" not in words):
            return None
        heading = 0
        if form in _CHINESE_COUNTS:
            heading = 2 if words.strip().startswith(("（", "(")) else 1
        return Mark(found[1], form != "bullet", heading)


def _style_of(element: Any, properties: str, tag: str) -> str | None:
    found = element.find(f"{qn(properties)}/{qn(tag)}")
    return None if found is None else found.get(qn("w:val"))


def _number(element: Any, otherwise: int, name: str = "w:val") -> int:
    value = element.get(qn(name), "")
    return int(value) if value.lstrip("-").isdigit() else otherwise


def _half_points(element: Any, otherwise: float) -> float:
    value = element.get(qn("w:val"), "") if element is not None else ""
    return int(value) / 2 if value.isdigit() else otherwise
