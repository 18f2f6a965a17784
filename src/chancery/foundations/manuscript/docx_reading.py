"""A manuscript from a Word file: its words and their order; what cannot be carried over is said."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, Any

import docx
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import XmlchemyError
from docx.oxml.ns import qn
from lxml import etree

from chancery.foundations.manuscript import layout, numbering, shape
from chancery.foundations.manuscript.check import NotAManuscript, check
from chancery.foundations.manuscript.docx_runs import Lost, Runs
from chancery.foundations.manuscript.docx_styles import Numbering, Styles
from chancery.foundations.manuscript.shape import Node, Profile
from chancery.foundations.papers import Fault, Limits, Unacceptable, examine

LIMITS = Limits(size=25 * 1024 * 1024, expanded=200 * 1024 * 1024, depth=2)
_BROKEN = (
    *(OpcError, PythonDocxError, XmlchemyError, etree.LxmlError, zipfile.BadZipFile),
    *(KeyError, ValueError, AttributeError, TypeError, IndexError),
)
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What was found in a file. `warnings` are sentences about what was left out or changed."""

    doc: Node
    title: str | None
    warnings: list[str]


def from_docx(content: IO[bytes], *, profile: Profile, field: str = "file") -> Imported:
    """Read a DOCX file. A damaged, disguised, locked or exploding one, or one with macros, is `NotAManuscript`.

    Headings are known by style or by numbers typed in order; typed numbers are taken off, for they will be printed.
    """
    try:
        examine("draft.docx", content, LIMITS)
        content.seek(0)
        document = docx.Document(io.BytesIO(content.read()))
        return _Reading(document, profile).read(field)
    except Unacceptable as fault:
        raise NotAManuscript(_why(fault), field=field) from None
    except RecursionError:
        raise NotAManuscript(_why(Unacceptable(Fault.TOO_DEEP)), field=field) from None
    except _BROKEN:
        raise NotAManuscript(_why(Unacceptable(Fault.DAMAGED)), field=field) from None


def _why(fault: Unacceptable) -> str:
    match fault.fault:
        case Fault.ENCRYPTED:
            return _("The file is locked with a password. Take the password off and bring it again.")
        case Fault.MACROS:
            return _("The file contains macros. Save it as an ordinary Word document (.docx) and bring it again.")
        case Fault.OLD_OFFICE:
            return _("This is an old Word file (.doc). Save it as .docx and bring it again.")
        case Fault.DAMAGED | Fault.EMPTY:
            return _("The file is damaged and cannot be read.")
        case Fault.TOO_LARGE | Fault.EXPANDS_TOO_FAR | Fault.TOO_DEEP:
            return _("The file is too large, or unpacks to far more than a text should. It was not opened.")
    if fault.inside:
        return _("The file holds another file that cannot be taken: %(name)s.") % {"name": fault.inside}
    return _("This is not a Word file (.docx).")


@dataclass
class _Item:
    """A list item while its list is being put together."""

    depth: int
    is_ordered: bool
    blocks: list[Node]


@dataclass
class _Reading:
    document: Any
    profile: Profile
    lost: Counter[Lost] = field(default_factory=Counter)
    title: list[str] = field(default_factory=list)
    lift: int = 0
    is_title_open: bool = True
    title_size: float | None = None

    def read(self, field: str) -> Imported:
        self.styles = Styles(self.document)
        self.numbering = Numbering(self.document)
        self.runs = Runs(self.lost, self.styles)
        self.counter = numbering.Counter(self.profile)
        body = list(self._elements(self.document.element.body))
        self._find_lift(body)
        blocks: list[Node] = []
        items: list[_Item] = []
        for element in body:
            block = self._table(element) if element.tag == qn("w:tbl") else self._paragraph(element)
            if isinstance(block, _Item):
                items.append(block)
                continue
            if block is None:
                continue
            if block.get("more") and items:
                items[-1].blocks += block["content"]
                continue
            blocks += _lists(items)
            items = []
            blocks += block["content"] if block.get("more") else [block]
        blocks += _lists(items)
        self._edges()
        doc = check(shape.document(*blocks), field=field)
        title = shape.clean(" ".join(self.title)).strip()[:LONGEST_TITLE] if self.title else ""
        if self.profile == "cn" and len(self.title) > 1:
            title = shape.clean("".join(self.title)).strip()[:LONGEST_TITLE]
        return Imported(doc, title or None, _warnings(self.lost))

    def _elements(self, parent: Any) -> Any:
        """Paragraphs and tables, also those in content controls and accepted insertions."""
        for child in parent:
            if child.tag in {qn("w:p"), qn("w:tbl")}:
                yield child
            elif child.tag == qn("w:sdt"):
                content = child.find(qn("w:sdtContent"))
                yield from self._elements(content if content is not None else [])
            elif child.tag in {qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")}:
                yield from self._elements(child)
            elif child.tag == qn("w:altChunk"):
                self.lost[Lost.OBJECT] += 1

    def _find_lift(self, body: list[Any]) -> None:
        """One heading of the first level, at the very top, is the title; the others then stand one level too deep."""
        worded = [one for one in body if one.tag == qn("w:p") and _has_words(one)]
        levels = [self.styles.level(one) for one in worded]
        has_title = any(one.tag == qn("w:p") and self.styles.name(one) == "Title" for one in body)
        headings = [level for level in levels if level]
        if levels and levels[0] == 1 and headings.count(1) == 1 and len(headings) > 1 and not has_title:
            first = "".join(text.text or "" for text in worded[0].iter(qn("w:t")))
            self.lift = 0 if numbering.split_typed(f"{first} ", self.profile) else 1

    def _paragraph(self, element: Any) -> Node | _Item | None:
        name = self.styles.name(element)
        runs = self.runs.of(element)
        words = "".join(run.get("text", "\n") for run in runs).strip()
        if not words:
            return None
        if name in layout.HEAD_NAMES:
            self.lost[Lost.HEAD] += 1
            return None
        level = self.styles.level(element)
        if self._is_title(element, name, level, words):
            self.title.append(words.replace("\n", " "))
            return None
        self.is_title_open = False
        if level:
            return self._heading(min(max(level - self.lift, 1), 4), runs)
        mark = self.numbering.of(element, self.styles)
        if mark is not None:
            if mark.heading and len(words) <= numbering.LONGEST_TYPED and self.profile == "cn":
                return self._heading(mark.heading, runs)
            block = shape.paragraph(*runs, align=self.styles.align(element))
            return _Item(min(mark.depth, shape.MOST_NESTED_LISTS - 1), mark.is_ordered, [block])
        if name == layout.MORE_NAME:
            return {"more": True, "content": [shape.paragraph(*runs, align=self.styles.align(element))]}
        found = numbering.typed_heading(words, self.counter) if name != layout.BODY_NAME else None
        if found is not None and "\n" not in words:
            self.counter.next(found[0])
            return shape.heading(found[0], shape.text(found[1]))
        return shape.paragraph(*_trimmed(runs), align=self.styles.align(element))

    def _heading(self, level: int, runs: list[Node]) -> Node:
        """A heading without its typed number and without marks: its look is the style's."""
        words = "".join(run.get("text", "\n") for run in runs).strip()
        number = self.counter.next(level)
        typed = numbering.split_typed(words + " ", self.profile)
        if typed is not None:
            if typed[1] != number:
                self.lost[Lost.NUMBER] += 1
            words = typed[2].strip()
        elif self.profile == "cn":
            words = words.removeprefix(number)  # 1.3项任务: a figure behind the number hides it
        return shape.heading(level, *shape.lines(words))

    def _is_title(self, element: Any, name: str, level: int | None, words: str) -> bool:
        if name == "Title":
            return True
        if not self.is_title_open or len(words) > LONGEST_TITLE:
            return False
        if level == 1 and self.lift:
            self.is_title_open = False
            return True
        if level or name in {layout.BODY_NAME, layout.MORE_NAME} or self.styles.align(element) != "center":
            return False
        if numbering.split_typed(words, self.profile) or self.numbering.of(element, self.styles):
            return False
        size, is_bold = self.styles.size(element), self.styles.is_bold(element)
        if not (size >= 18 or is_bold) or (self.title and size != self.title_size):
            return False
        self.title_size = size
        return True

    def _table(self, element: Any) -> Node | None:
        self.is_title_open = False
        rows: list[Node] = []
        above: dict[int, Node] = {}  # column → the cell that a merge downwards goes on with
        for line in element.iter(qn("w:tr")):
            if line.getparent() is not element and line.getparent().tag not in {qn("w:sdtContent"), qn("w:ins")}:
                continue  # of a table in a cell
            is_head = line.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
            cells: list[Node] = []
            column = _skipped(line)
            for source in line.iter(qn("w:tc")):
                if next(source.iterancestors(qn("w:tr"))) is not line:
                    continue
                span, merge = _span(source)
                if merge == "continue" and column in above:
                    above[column]["attrs"]["rowspan"] += 1
                else:
                    cell = shape.cell(*self._cell(source), is_header=is_head, colspan=span)
                    cells.append(cell)
                    above.pop(column, None)
                    if merge == "restart":
                        above[column] = cell
                column += span
            rows.append({"type": "table_row", "content": cells})
        return {"type": "table", "content": rows} if any(row["content"] for row in rows) else None

    def _cell(self, source: Any) -> list[Node]:
        found: list[Node] = []
        for element in self._elements(source):
            if element.tag == qn("w:tbl"):
                self.lost[Lost.INNER_TABLE] += 1
                inner = [one for line in element.iter(qn("w:tc")) for one in self._cell(line)]
                found += [one for one in inner if one["content"]]
                continue
            found.append(shape.paragraph(*_trimmed(self.runs.of(element)), align=self.styles.align(element)))
        return found

    def _edges(self) -> None:
        """Headers, footers and notes stand outside the text."""
        for section in self.document.sections:
            for edge in (section.header, section.footer):
                words = "" if edge.is_linked_to_previous else "".join(p.text for p in edge.paragraphs)
                if any(char.isalpha() for char in words):
                    self.lost[Lost.EDGE] += 1


def _lists(items: list[_Item]) -> list[Node]:
    """Items in a row as lists within lists."""
    found: list[Node] = []
    at = 0
    while at < len(items):
        first, inner = items[at], at + 1
        while inner < len(items) and items[inner].depth > first.depth:
            inner += 1
        item: Node = {"type": "list_item", "content": [*first.blocks, *_lists(items[at + 1 : inner])]}
        kind = "ordered_list" if first.is_ordered else "bullet_list"
        if found and found[-1]["type"] == kind:
            found[-1]["content"].append(item)
        else:
            found.append({"type": kind, "content": [item]})
        at = inner
    return found


def _trimmed(runs: list[Node]) -> list[Node]:
    """Runs without spaces at both ends: Chinese paragraphs are often indented by typed ones."""
    found = list(runs)
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while found and found[end]["type"] == "text":
            words = strip(found[end]["text"])
            if words:
                found[end] = {**found[end], "text": words}
                break
            found.pop(end)
    return found


def _has_words(element: Any) -> bool:
    return any((text.text or "").strip() for text in element.iter(qn("w:t")))


def _skipped(line: Any) -> int:
    before = line.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return min(int(before.get(qn("w:val"), "0")), shape.MOST_COLUMNS) if before is not None else 0


def _span(source: Any) -> tuple[int, str]:
    """(columns, "" | "restart" | "continue") of a cell."""
    properties = source.find(qn("w:tcPr"))
    if properties is None:
        return 1, ""
    span, merge = properties.find(qn("w:gridSpan")), properties.find(qn("w:vMerge"))
    columns = min(max(int(span.get(qn("w:val"), "1")), 1), shape.MOST_COLUMNS) if span is not None else 1
    return columns, "" if merge is None else merge.get(qn("w:val"), "continue")


def _warnings(lost: Counter[Lost]) -> list[str]:
    said = {
        Lost.HEAD: lambda n: _(
            "Head and foot of the paper (issuer, number, addressees, date) were left out: they are kept apart."
        ),
        Lost.CHANGE: lambda n: ngettext(
            "%(n)s tracked change: insertions were taken, deletions left out.",
            "%(n)s tracked changes: insertions were taken, deletions left out.",
            n,
        ),
        Lost.COMMENT: lambda n: ngettext("%(n)s comment was left out.", "%(n)s comments were left out.", n),
        Lost.IMAGE: lambda n: ngettext(
            "%(n)s picture was left out: add it as an annex.", "%(n)s pictures were left out: add them as annexes.", n
        ),
        Lost.TEXT_BOX: lambda n: ngettext(
            "%(n)s text box was left out: move its words into the text.",
            "%(n)s text boxes were left out: move their words into the text.",
            n,
        ),
        Lost.OBJECT: lambda n: ngettext(
            "%(n)s embedded object was left out: add it as an annex.",
            "%(n)s embedded objects were left out: add them as annexes.",
            n,
        ),
        Lost.FORMULA: lambda n: ngettext(
            "%(n)s formula was taken as plain characters: check it.",
            "%(n)s formulas were taken as plain characters: check them.",
            n,
        ),
        Lost.NOTE: lambda n: ngettext(
            "%(n)s footnote was left out: move its words into the text.",
            "%(n)s footnotes were left out: move their words into the text.",
            n,
        ),
        Lost.HIDDEN: lambda n: ngettext(
            "%(n)s hidden passage was left out.", "%(n)s hidden passages were left out.", n
        ),
        Lost.SYMBOL: lambda n: ngettext(
            "%(n)s symbol of a special font was left out: check its place.",
            "%(n)s symbols of a special font were left out: check their places.",
            n,
        ),
        Lost.INNER_TABLE: lambda n: ngettext(
            "%(n)s table inside a table was taken as plain lines.",
            "%(n)s tables inside a table were taken as plain lines.",
            n,
        ),
        Lost.NUMBER: lambda n: ngettext(
            "%(n)s heading had another number than it will be printed with: check references to it.",
            "%(n)s headings had other numbers than they will be printed with: check references to them.",
            n,
        ),
        Lost.EDGE: lambda n: _("Page headers and footers were left out."),
    }
    return [said[kind](lost[kind]) % {"n": lost[kind]} for kind in Lost if lost[kind]]
