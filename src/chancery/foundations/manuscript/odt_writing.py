"""A manuscript as an OpenDocument text."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from odfdo import Document, Element

from chancery.foundations.manuscript import grid, layout, numbering, shape
from chancery.foundations.manuscript.head import PaperHead
from chancery.foundations.manuscript.layout import Look
from chancery.foundations.manuscript.shape import Node, Profile, children

_ALIGN = {"left": "start", "center": "center", "right": "end", "both": "justify"}
_UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_SPACES = re.compile(r"^ | {2,}| $")


def to_odt(doc: Node, *, heads: PaperHead, profile: Profile) -> bytes:
    """The paper as ODT: head, text with printed numbers, foot. All words are escaped, so none is markup."""
    return _Writing(profile).write(doc, heads)


class _Writing:
    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.sheet = layout.SHEETS[profile]
        self.counter = numbering.Counter(profile)
        self.document: Any = Document("text")
        self.tables = 0

    def write(self, doc: Node, heads: PaperHead) -> bytes:
        self.document.body.clear()
        self._page()
        for look in self.sheet.looks.values():
            self.document.insert_style(Element.from_tag(self._style(look, _name(look), "")))
            for align in ("center", "right"):
                self._aligned(look, align)
        for xml in self._common_styles():
            self.document.insert_style(Element.from_tag(xml), automatic=True)
        parts = [self._line(role, escape_spaced(words)) for role, words in layout.above(heads, self.profile)]
        parts += [self._block(block) for block in children(doc)]
        parts += [self._line(role, escape_spaced(words)) for role, words in layout.below(heads, self.profile)]
        for xml in parts:
            self.document.body.append(Element.from_tag(xml))
        self._properties(heads)
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    # --- The file ---------------------------------------------------------------------------------------------------
    def _page(self) -> None:
        sheet = self.sheet
        page = self.document.styles.get_element("//style:page-layout-properties")
        facts = {
            "fo:page-width": "210mm",
            "fo:page-height": "297mm",
            "fo:margin-top": f"{sheet.top}mm",
            "fo:margin-bottom": f"{sheet.bottom}mm",
            "fo:margin-left": f"{sheet.left}mm",
            "fo:margin-right": f"{sheet.right}mm",
        }
        for name, value in facts.items():
            page.set_attribute(name, value)

    def _style(self, look: Look, name: str, parent: str) -> str:
        line = f'fo:line-height="{self.sheet.line}pt"' if self.sheet.is_exact else 'fo:line-height="115%"'
        if look.size > 18:
            line = f'style:line-height-at-least="{look.size * 1.6:.1f}pt"'
        rule = ""
        if look.rule:
            color = layout.RED if look.rule == "below" else "000000"
            side = "bottom" if look.rule == "below" else "top"
            rule = f' fo:border-{side}="1.5pt solid #{color}" fo:padding-{side}="6pt"'
        keep = ' fo:keep-with-next="always"' if look.keeps_next else ""
        weight = "bold" if look.is_bold else "normal"
        return (
            f'<style:style style:name="{name}" style:display-name="{look.name}" style:family="paragraph"{parent}>'
            f'<style:paragraph-properties {line} fo:text-align="{_ALIGN[look.align]}" '
            f'fo:margin-top="{look.before}pt" fo:margin-bottom="{look.after}pt" '
            f'fo:margin-right="{look.inset * look.size}pt" fo:text-indent="{look.indent * look.size}pt"{rule}{keep}/>'
            f"<style:text-properties fo:font-family={quoteattr(look.latin)} "
            f"style:font-family-asian={quoteattr(look.east)} "
            f'fo:font-size="{look.size}pt" style:font-size-asian="{look.size}pt" '
            f'fo:font-weight="{weight}" style:font-weight-asian="{weight}" fo:color="#{look.color}"/></style:style>'
        )

    def _aligned(self, look: Look, align: str) -> None:
        """A paragraph that someone set in the middle or to the right."""
        xml = (
            f'<style:style style:name="{_name(look)}_{align}" style:family="paragraph" '
            f'style:parent-style-name="{_name(look)}"><style:paragraph-properties '
            f'fo:text-align="{_ALIGN[align]}" fo:text-indent="0pt"/></style:style>'
        )
        self.document.insert_style(Element.from_tag(xml), automatic=True)

    def _common_styles(self) -> list[str]:
        found = [
            f'<style:style style:name="T{n}" style:family="text"><style:text-properties {facts}/></style:style>'
            for n, facts in (
                (1, _BOLD),
                (2, _ITALIC),
                (3, f"{_BOLD} {_ITALIC}"),
            )
        ]
        found.append(
            '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties '
            'fo:border="0.5pt solid #000000" fo:padding="3pt"/></style:style>'
        )
        found.append(
            '<style:style style:name="HeadCell" style:family="table-cell"><style:table-cell-properties '
            'fo:border="0.5pt solid #000000" fo:padding="3pt" fo:background-color="#ededed"/></style:style>'
        )
        return [*found, self._list_style("Points", is_ordered=False), self._list_style("Numbers", is_ordered=True)]

    def _list_style(self, name: str, *, is_ordered: bool) -> str:
        levels = []
        size = self.sheet.looks["item"].size
        for depth in range(1, 10):
            left = (depth + 1) * size * 1.4
            place = (
                '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
                f'<style:list-level-label-alignment text:label-followed-by="listtab" fo:margin-left="{left}pt" '
                f'fo:text-indent="-{size * 1.6}pt"/></style:list-level-properties>'
            )
            if is_ordered:
                form, stop = "1ai"[(depth - 1) % 3], "）" if self.profile == "cn" else "."
                levels.append(
                    f'<text:list-level-style-number text:level="{depth}" style:num-format="{form}" '
                    f'style:num-suffix="{stop}">{place}</text:list-level-style-number>'
                )
            else:
                levels.append(
                    f'<text:list-level-style-bullet text:level="{depth}" text:bullet-char="{"•–◦"[(depth - 1) % 3]}">'
                    f"{place}</text:list-level-style-bullet>"
                )
        return f'<text:list-style style:name="{name}">{"".join(levels)}</text:list-style>'

    def _properties(self, heads: PaperHead) -> None:
        meta = self.document.meta
        on = heads.dated_on
        moment = dt.datetime(on.year, on.month, on.day, tzinfo=dt.UTC) if on else _UNDATED
        joint = "、" if heads.language == "zh" else ", "
        meta.title = shape.clean(heads.title)
        meta.creator = meta.initial_creator = shape.clean(joint.join(heads.signers))
        meta.generator = "Chancery"
        meta.creation_date = meta.date = moment
        self.document.set_language("zh-CN" if heads.language == "zh" else "en-GB")

    # --- The text ---------------------------------------------------------------------------------------------------
    def _line(self, role: str, inner: str, *, align: str | None = None) -> str:
        name = _name(self.sheet.looks[role]) + (f"_{align}" if align else "")
        return f'<text:p text:style-name="{name}">{inner}</text:p>'

    def _block(self, block: Node) -> str:
        match block["type"]:
            case "heading":
                level = block["attrs"]["level"]
                number = self.counter.next(level)
                name = _name(self.sheet.looks[f"heading{level}"])
                typed = escape(number) + ("<text:s/>" if numbering.gap(number, self.profile) else "")
                inner = typed + _runs(block)
                return f'<text:h text:style-name="{name}" text:outline-level="{level}">{inner}</text:h>'
            case "paragraph":
                return self._line("body", _runs(block), align=block["attrs"]["align"])
            case "table":
                return self._table(block)
        return self._list(block)

    def _list(self, block: Node) -> str:
        name = "Numbers" if block["type"] == "ordered_list" else "Points"
        items = "".join(
            f"<text:list-item>{''.join(self._item(child) for child in children(item))}</text:list-item>"
            for item in children(block)
        )
        return f'<text:list text:style-name="{name}">{items}</text:list>'

    def _item(self, block: Node) -> str:
        if block["type"] == "paragraph":
            return self._line("item", _runs(block), align=block["attrs"]["align"])
        return self._list(block)

    def _table(self, table: Node) -> str:
        self.tables += 1
        width = grid.width_of(table)
        rows: list[dict[int, str]] = [{} for _row in children(table)]
        for row, column, cell in grid.placed(table):
            down, across = cell["attrs"]["rowspan"], cell["attrs"]["colspan"]
            for below in range(down):
                for right in range(across):
                    rows[row + below][column + right] = "<table:covered-table-cell/>"
            spans = f' table:number-columns-spanned="{across}" table:number-rows-spanned="{down}"'
            style = "HeadCell" if cell["type"] == "table_header" else "Cell"
            inner = "".join(self._line("cell", _runs(one), align=one["attrs"]["align"]) for one in children(cell))
            rows[row][column] = (
                f'<table:table-cell table:style-name="{style}" office:value-type="string"'
                f"{spans if down > 1 or across > 1 else ''}>{inner}</table:table-cell>"
            )
        made = "".join(
            f"<table:table-row>{''.join(row[column] for column in sorted(row))}</table:table-row>" for row in rows
        )
        return (
            f'<table:table table:name="Table{self.tables}">'
            f'<table:table-column table:number-columns-repeated="{width}"/>{made}</table:table>'
        )


_BOLD = 'fo:font-weight="bold" style:font-weight-asian="bold"'
_ITALIC = 'fo:font-style="italic" style:font-style-asian="italic"'


def _name(look: Look) -> str:
    return "Chancery_" + look.name.replace(" ", "_20_")


def _runs(block: Node) -> str:
    found = []
    for run in children(block):
        if run["type"] == "hard_break":
            found.append("<text:line-break/>")
            continue
        marks = shape.marks_of(run)
        words = escape_spaced(run["text"])
        style = ("strong" in marks) + 2 * ("em" in marks)
        found.append(f'<text:span text:style-name="T{style}">{words}</text:span>' if style else words)
    return "".join(found)


def escape_spaced(words: str) -> str:
    """Words as XML; spaces that a reader of OpenDocument would collapse are counted instead."""
    return _SPACES.sub(lambda found: f'<text:s text:c="{len(found.group(0))}"/>', escape(words))
