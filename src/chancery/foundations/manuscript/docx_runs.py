"""The runs of a paragraph in a Word file."""

from __future__ import annotations

import enum
from collections import Counter
from typing import Any

from docx.oxml.ns import qn

from chancery.foundations.manuscript import shape
from chancery.foundations.manuscript.docx_styles import Styles
from chancery.foundations.manuscript.shape import Node

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"


class Lost(enum.Enum):
    """What a manuscript does not hold."""

    HEAD = enum.auto()
    CHANGE = enum.auto()
    COMMENT = enum.auto()
    IMAGE = enum.auto()
    TEXT_BOX = enum.auto()
    OBJECT = enum.auto()
    FORMULA = enum.auto()
    NOTE = enum.auto()
    HIDDEN = enum.auto()
    SYMBOL = enum.auto()
    INNER_TABLE = enum.auto()
    NUMBER = enum.auto()
    EDGE = enum.auto()


_INTO = {qn(f"w:{name}") for name in ("hyperlink", "smartTag", "sdtContent", "fldSimple", "customXml", "dir", "bdo")}
_ADDED = {qn("w:ins"), qn("w:moveTo")}
_GONE = {qn("w:del"), qn("w:moveFrom")}
_NOTES = {qn("w:footnoteReference"), qn("w:endnoteReference")}
_PICTURES = {qn("w:drawing"), qn("w:pict"), f"{_MC}AlternateContent"}


class Runs:
    """Reads paragraphs, and counts in `lost` what could not be taken."""

    def __init__(self, lost: Counter[Lost], styles: Styles) -> None:
        self.lost = lost
        self.styles = styles

    def of(self, paragraph: Any) -> list[Node]:
        """Texts and line breaks of a paragraph, in order."""
        found: list[Node] = []
        self._walk(paragraph, paragraph, found)
        return found

    def _walk(self, parent: Any, paragraph: Any, found: list[Node]) -> None:
        for child in parent:
            tag = child.tag
            if tag == qn("w:r"):
                self._run(child, paragraph, found)
            elif tag in _INTO:
                self._walk(child, paragraph, found)
            elif tag == qn("w:sdt"):
                self._walk(child.findall(qn("w:sdtContent")), paragraph, found)
            elif tag in _ADDED:
                self.lost[Lost.CHANGE] += 1
                self._walk(child, paragraph, found)
            elif tag in _GONE:
                self.lost[Lost.CHANGE] += 1
            elif tag in {f"{_M}oMath", f"{_M}oMathPara"}:
                self.lost[Lost.FORMULA] += 1
                words = shape.clean("".join(text.text or "" for text in child.iter(f"{_M}t")))
                found += [shape.text(words)] if words else []
            elif tag == f"{_MC}AlternateContent":
                self._picture(child)

    def _run(self, run: Any, paragraph: Any, found: list[Node]) -> None:
        if self.styles.is_hidden(run):
            self.lost[Lost.HIDDEN] += any((text.text or "").strip() for text in run.iter(qn("w:t")))
            return
        strong, em = self.styles.marks(run, paragraph)
        for child in run:
            tag = child.tag
            if tag == qn("w:t"):
                words = shape.clean(child.text or "")
                found += [shape.text(words, strong=strong, em=em)] if words else []
            elif tag in {qn("w:tab"), qn("w:ptab")}:
                found.append(shape.text(" "))
            elif tag == qn("w:noBreakHyphen"):
                found.append(shape.text("-", strong=strong, em=em))
            elif tag == qn("w:cr") or (tag == qn("w:br") and child.get(qn("w:type"), "textWrapping") == "textWrapping"):
                found.append({"type": "hard_break"})
            elif tag in _PICTURES:
                self._picture(child)
            elif tag == qn("w:ruby"):
                base = child.find(qn("w:rubyBase"))
                self._walk(base if base is not None else [], paragraph, found)
            else:
                self._other(tag)

    def _other(self, tag: str) -> None:
        if tag == qn("w:object"):
            self.lost[Lost.OBJECT] += 1
        elif tag in _NOTES:
            self.lost[Lost.NOTE] += 1
        elif tag == qn("w:commentReference"):
            self.lost[Lost.COMMENT] += 1
        elif tag == qn("w:sym"):
            self.lost[Lost.SYMBOL] += 1

    def _picture(self, element: Any) -> None:
        choice = element.find(f"{_MC}Choice")
        shown = element if choice is None else choice
        if (
            next(shown.iter(qn("w:txbxContent")), None) is not None
            or next(shown.iter(f"{_V}textbox"), None) is not None
        ):
            self.lost[Lost.TEXT_BOX] += 1
        else:
            self.lost[Lost.IMAGE] += 1
