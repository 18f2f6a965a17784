"""A manuscript as a Word file."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from chancery.foundations.manuscript import grid, layout, numbering, shape
from chancery.foundations.manuscript.head import PaperHead
from chancery.foundations.manuscript.layout import Look, Sheet
from chancery.foundations.manuscript.shape import Node, Profile, children

_ALIGN = {"left": "left", "center": "center", "right": "right", "both": "both"}
_UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the library would say 2013, and nothing here asks the clock


def to_docx(doc: Node, *, heads: PaperHead, profile: Profile) -> bytes:
    """The paper as DOCX: head, text with printed numbers, foot. What looks like a formula or markup is mere text."""
    return _Writing(profile).write(doc, heads)


class _Writing:
    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.sheet: Sheet = layout.SHEETS[profile]
        self.document: Any = docx.Document()
        self.ids: dict[str, str] = {}
        self.counter = numbering.Counter(profile)
        self.body: Any = self.document.element.body
        self.end: Any = self.body.sectPr

    def write(self, doc: Node, heads: PaperHead) -> bytes:
        self._page()
        for look in self.sheet.looks.values():
            self._style(look)
        self._numberings()
        self._properties(heads)
        for role, words in layout.above(heads, self.profile):
            self._put(self._paragraph(role, [shape.text(words)]))
        for block in children(doc):
            self._block(block)
        for role, words in layout.below(heads, self.profile):
            self._put(self._paragraph(role, [shape.text(words)]))
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _put(self, element: Any) -> None:
        self.end.addprevious(element)

    # --- The file ---------------------------------------------------------------------------------------------------
    def _page(self) -> None:
        section, sheet = self.document.sections[0], self.sheet
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(sheet.top), Mm(sheet.bottom)
        section.left_margin, section.right_margin = Mm(sheet.left), Mm(sheet.right)
        section.header_distance, section.footer_distance = Mm(15), Mm(sheet.bottom - 7)
        grid_of_lines = self.end.find(qn("w:docGrid"))
        if grid_of_lines is not None:
            self.end.remove(grid_of_lines)
        if sheet.is_exact:
            self.end.append(_element("w:docGrid", type="lines", linePitch=_twips(sheet.line)))
        self._page_number(section.footer)

    def _page_number(self, footer: Any) -> None:
        line = footer.paragraphs[0]._p
        properties = line.get_or_add_pPr()
        properties.append(_element("w:jc", val="center"))
        for kind, words in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
            run = _element("w:r")
            if kind == "text" or not kind:
                run.append(_words(words, "w:t" if kind else "w:instrText"))
            else:
                run.append(_element("w:fldChar", fldCharType=kind))
            line.append(run)

    def _style(self, look: Look) -> None:
        styles = self.document.styles
        known = {style.name: style for style in styles}
        style = known.get(look.name) or styles.add_style(look.name, 1)  # 1: of paragraphs
        element = style.element
        for tag in ("w:pPr", "w:rPr"):
            old = element.find(qn(tag))
            if old is not None:
                element.remove(old)
        element.append(self._style_of_paragraph(look))
        element.append(_style_of_words(look))
        self.ids[look.name] = element.get(qn("w:styleId"))

    def _style_of_paragraph(self, look: Look) -> Any:
        properties = _element("w:pPr")
        if look.keeps_next:
            properties.append(_element("w:keepNext"))
        if look.rule:
            border = _element("w:pBdr")
            color = look.color if look.color != "000000" else layout.RED if look.rule == "below" else "000000"
            border.append(
                _element("w:top" if look.rule == "above" else "w:bottom", val="single", sz=12, space=6, color=color)
            )
            properties.append(border)
        line, rule = (_twips(self.sheet.line), "exact") if self.sheet.is_exact else (276, "auto")
        if look.size > 18:
            line, rule = _twips(look.size * 1.6), "atLeast"
        properties.append(
            _element("w:spacing", before=_twips(look.before), after=_twips(look.after), line=line, lineRule=rule)
        )
        if look.indent or look.inset:
            properties.append(
                _element(
                    "w:ind",
                    rightChars=look.inset * 100,
                    right=_twips(look.inset * look.size),
                    firstLineChars=look.indent * 100,
                    firstLine=_twips(look.indent * look.size),
                )
            )
        properties.append(_element("w:jc", val=_ALIGN[look.align]))
        if look.name.startswith("Heading "):
            properties.append(_element("w:outlineLvl", val=int(look.name[-1]) - 1))
        return properties

    def _numberings(self) -> None:
        """Two kinds of list; each ordered list later gets a count of its own."""
        self.lists: Any = self.document.part.numbering_part.element
        for old in list(self.lists):
            self.lists.remove(old)
        self.size = self.sheet.looks["item"].size
        for number, is_ordered in ((1, False), (2, True)):
            kind = _element("w:abstractNum", abstractNumId=number)
            kind.append(_element("w:multiLevelType", val="hybridMultilevel"))
            for depth in range(9):
                kind.append(self._level(depth, is_ordered=is_ordered))
            self.lists.append(kind)
        self.nums = 0

    def _level(self, depth: int, *, is_ordered: bool) -> Any:
        level = _element("w:lvl", ilvl=depth)
        form = ("decimal", "lowerLetter", "lowerRoman")[depth % 3]
        mark = f"%{depth + 1}{'）' if self.profile == 'cn' else '.'}" if is_ordered else "•–◦"[depth % 3]
        level.append(_element("w:start", val=1))
        level.append(_element("w:numFmt", val=form if is_ordered else "bullet"))
        level.append(_element("w:lvlText", val=mark))
        level.append(_element("w:lvlJc", val="left"))
        properties = _element("w:pPr")
        properties.append(
            _element("w:ind", left=_twips((depth + 2) * self.size * 1.4), hanging=_twips(self.size * 1.6))
        )
        level.append(properties)
        return level

    def _properties(self, heads: PaperHead) -> None:
        facts = self.document.core_properties
        facts.title = shape.clean(heads.title)[:250]
        facts.author = shape.clean("、".join(heads.signers) if heads.language == "zh" else ", ".join(heads.signers))[
            :250
        ]
        facts.comments = facts.keywords = facts.last_modified_by = ""
        facts.language = "zh-CN" if heads.language == "zh" else "en-GB"
        on = heads.dated_on
        facts.created = facts.modified = dt.datetime(on.year, on.month, on.day, tzinfo=dt.UTC) if on else _UNDATED

    # --- The text ---------------------------------------------------------------------------------------------------
    def _block(self, block: Node) -> None:
        match block["type"]:
            case "heading":
                level = block["attrs"]["level"]
                number = self.counter.next(level)
                typed = [shape.text(number + numbering.gap(number, self.profile)), *children(block)]
                self._put(self._paragraph(f"heading{level}", typed))
            case "paragraph":
                self._put(self._paragraph("body", children(block), align=block["attrs"]["align"]))
            case "table":
                self._put(self._table(block))
            case _:
                self._list(block, 0)

    def _paragraph(self, role: str, runs: list[Node], *, align: str | None = None) -> Any:
        line = _element("w:p")
        properties = _element("w:pPr")
        properties.append(_element("w:pStyle", val=self.ids[self.sheet.looks[role].name]))
        if align:
            properties.append(_element("w:ind", firstLineChars=0, firstLine=0))
            properties.append(_element("w:jc", val=align))
        line.append(properties)
        for run in runs:
            line.append(_run(run))
        return line

    def _list(self, block: Node, depth: int) -> None:
        is_ordered = block["type"] == "ordered_list"
        self.nums += 1
        own = self.nums
        num = _element("w:num", numId=own)
        num.append(_element("w:abstractNumId", val=2 if is_ordered else 1))
        if is_ordered:
            again = _element("w:lvlOverride", ilvl=depth)
            again.append(_element("w:startOverride", val=1))
            num.append(again)
        self.lists.append(num)
        for item in children(block):
            for number, child in enumerate(children(item)):
                if child["type"] != "paragraph":
                    self._list(child, depth + 1)
                    continue
                line = self._paragraph("more" if number else "item", children(child))
                properties = line[0]
                if number:
                    left = _twips((depth + 2) * self.size * 1.4)
                    properties.append(_element("w:ind", left=left, firstLineChars=0, firstLine=0))
                else:
                    mark = _element("w:numPr")
                    mark.append(_element("w:ilvl", val=depth))
                    mark.append(_element("w:numId", val=own))
                    properties.append(mark)
                if child["attrs"]["align"]:
                    properties.append(_element("w:jc", val=child["attrs"]["align"]))
                self._put(line)

    def _table(self, table: Node) -> Any:
        width = grid.width_of(table)
        found = _element("w:tbl")
        properties = _element("w:tblPr")
        properties.append(_element("w:tblW", w=5000, type="pct"))
        borders = _element("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(_element(f"w:{side}", val="single", sz=4, space=0, color="000000"))
        properties.append(borders)
        found.append(properties)
        columns = _element("w:tblGrid")
        for _column in range(width):
            columns.append(
                _element("w:gridCol", w=_twips((210 - self.sheet.left - self.sheet.right) / 25.4 * 72 / width))
            )
        found.append(columns)
        rows = [_element("w:tr") for _row in children(table)]
        at: list[list[tuple[int, Any]]] = [[] for _row in rows]
        for row, column, cell in grid.placed(table):
            for below in range(cell["attrs"]["rowspan"]):
                at[row + below].append((column, self._cell(cell, below)))
        for number, (row_element, source) in enumerate(zip(rows, children(table), strict=True)):
            cells = children(source)
            if cells and all(cell["type"] == "table_header" for cell in cells) and self._is_head(table, number):
                head = _element("w:trPr")
                head.append(_element("w:tblHeader"))
                row_element.append(head)
            for _column, element in sorted(at[number], key=lambda one: one[0]):
                row_element.append(element)
            found.append(row_element)
        return found

    @staticmethod
    def _is_head(table: Node, number: int) -> bool:
        """Word repeats heads on every page only from the first row on."""
        return all(cell["type"] == "table_header" for row in children(table)[:number] for cell in children(row))

    def _cell(self, cell: Node, below: int) -> Any:
        found = _element("w:tc")
        properties = _element("w:tcPr")
        if cell["attrs"]["colspan"] > 1:
            properties.append(_element("w:gridSpan", val=cell["attrs"]["colspan"]))
        if cell["attrs"]["rowspan"] > 1:
            properties.append(_element("w:vMerge", **({} if below else {"val": "restart"})))
        found.append(properties)
        is_header = cell["type"] == "table_header"
        if is_header:
            properties.append(_element("w:shd", val="clear", color="auto", fill="EDEDED"))
        for child in [shape.paragraph()] if below else children(cell):
            found.append(self._paragraph("cell", children(child), align=child["attrs"]["align"]))
        return found


def _style_of_words(look: Look) -> Any:
    properties = _element("w:rPr")
    properties.append(_element("w:rFonts", ascii=look.latin, hAnsi=look.latin, cs=look.latin, eastAsia=look.east))
    for tag in ("w:b", "w:bCs"):
        properties.append(_element(tag, val=int(look.is_bold)))
    for tag in ("w:i", "w:iCs"):
        properties.append(_element(tag, val=0))
    properties.append(_element("w:color", val=look.color))
    for tag in ("w:sz", "w:szCs"):
        properties.append(_element(tag, val=round(look.size * 2)))
    return properties


def _run(run: Node) -> Any:
    found = _element("w:r")
    if run["type"] == "hard_break":
        found.append(_element("w:br"))
        return found
    marks = shape.marks_of(run)
    if marks:
        properties = _element("w:rPr")
        for name, tags in (("strong", ("w:b", "w:bCs")), ("em", ("w:i", "w:iCs"))):
            for tag in tags if name in marks else ():
                properties.append(_element(tag))
        found.append(properties)
    found.append(_words(run["text"], "w:t"))
    return found


def _words(words: str, tag: str) -> Any:
    found = _element(tag)
    found.text = words
    found.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return found


def _element(tag: str, **attributes: str | int) -> Any:
    found = OxmlElement(tag)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), str(value))
    return found


def _twips(points: float) -> int:
    return round(points * 20)
