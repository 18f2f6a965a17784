"""A manuscript as plain text, and plain text as a manuscript."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from chancery.foundations.manuscript import numbering, shape
from chancery.foundations.manuscript.shape import Node, Profile, children, words_of


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a manuscript that is read in one: a paragraph, a heading, a list item's paragraph, a table's row.

    `words` of a row has a tab between cells and a line feed between paragraphs of a cell.
    """

    kind: str  # "paragraph", "heading", "list_item", "table_row"
    words: str
    level: int  # of a heading; how deep a list is
    look: str  # everything else a reader would see: alignment, marks, spans
    blocks: tuple[Node, ...] = ()


def lines_of(doc: Node) -> list[Line]:
    """Every line, in order; `plain` is their words."""
    return [line for block in children(doc) for line in _lines(block, 0, "")]


def _lines(block: Node, depth: int, around: str) -> Iterator[Line]:
    match block["type"]:
        case "heading":
            yield Line("heading", words_of(block), block["attrs"]["level"], _look(block), (block,))
        case "paragraph":
            yield Line("list_item" if depth else "paragraph", words_of(block), depth, around + _look(block), (block,))
        case "table":
            for row in children(block):
                cells = children(row)
                if cells:
                    words = "\t".join("\n".join(words_of(one) for one in children(cell)) for cell in cells)
                    look = ";".join(
                        f"{cell['type']}{cell['attrs']['colspan']}x{cell['attrs']['rowspan']}"
                        + "".join(map(_look, children(cell)))
                        for cell in cells
                    )
                    yield Line("table_row", words, 0, look, tuple(cells))
        case kind:
            for item in children(block):
                for number, child in enumerate(children(item)):
                    yield from _lines(child, depth + 1, f"{kind}{'' if number == 0 else '+'}")


def _look(block: Node) -> str:
    at, spans = 0, []
    for run in children(block):
        length = 1 if run["type"] == "hard_break" else len(run["text"])
        if marks := sorted(shape.marks_of(run)):
            spans.append(f"{at}+{length}{'/'.join(marks)}")
        at += length
    return f"{block['attrs'].get('align') or ''}|{','.join(spans)}|"


def plain(doc: Node) -> str:
    """The words alone: a line for each paragraph and heading, a table's row in one line with tabs between cells.

    Numbers of headings are printed, not written, so they are not here. Anchors count in this text.
    """
    return "\n".join(line.words for line in lines_of(doc))


def characters(doc: Node) -> int:
    """How long a text is: characters without spaces."""
    return sum(1 for char in plain(doc) if not char.isspace())


def is_empty(doc: Node) -> bool:
    """Whether there is nothing to read."""
    return not plain(doc).strip()


def is_same_text(a: Node, b: Node) -> bool:
    """Whether two manuscripts say the same words in the same lines, however they look."""
    return plain(a) == plain(b)


def numbered(doc: Node, *, profile: Profile) -> str:
    """The words with the numbers of headings: what is shown where there is no editor."""
    counter = numbering.Counter(profile)
    return "\n".join(line for block in children(doc) for line in _numbered(block, counter))


def _numbered(block: Node, counter: numbering.Counter) -> list[str]:
    if block["type"] != "heading":
        return [line.words for line in _lines(block, 0, "")]
    number = counter.next(block["attrs"]["level"])
    return [f"{number}{numbering.gap(number, counter.profile)}{words_of(block)}"]


def from_plain(text: str, *, profile: Profile) -> Node:
    """A manuscript from typed text: a paragraph for each line, headings where the profile's numbers are typed in order.

    Empty lines only set paragraphs apart. Tabs become spaces.
    """
    counter = numbering.Counter(profile)
    return shape.document(*(_block_of(line, counter) for line in _typed(text)))


def retyped(before: Node, text: str, *, profile: Profile) -> Node:
    """A manuscript from typed text that began as `numbered(before)`.

    A block of which every line is still there stays what it was: a table a table, bold words bold.
    """
    shown: list[tuple[Node, int, str]] = []  # block, how many lines it has if this is its first, line
    counter = numbering.Counter(profile)
    for block in children(before):
        lines = _typed("\n".join(_numbered(block, counter)))
        shown += [(block, 0 if number else len(lines), line) for number, line in enumerate(lines)]
    lines = _typed(text)
    matcher = difflib.SequenceMatcher(None, [line for _block, _count, line in shown], lines, autojunk=False)
    source = {b + n: a + n for a, b, size in matcher.get_matching_blocks() for n in range(size)}
    counter = numbering.Counter(profile)
    blocks: list[Node] = []
    at = 0
    while at < len(lines):
        block, count, _line = shown[source[at]] if at in source else (shape.EMPTY, 0, "")
        if count and all(source.get(at + n) == source[at] + n for n in range(count)):
            blocks.append(block)
            if block["type"] == "heading":
                counter.next(block["attrs"]["level"])
            at += count
        else:
            blocks.append(_block_of(lines[at], counter))
            at += 1
    return shape.document(*blocks)


def _typed(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := shape.clean(raw).strip())]


def _block_of(line: str, counter: numbering.Counter) -> Node:
    if found := numbering.typed_heading(line, counter):
        level, words = found
        counter.next(level)
        return shape.heading(level, shape.text(words))
    return shape.paragraph(shape.text(line))
