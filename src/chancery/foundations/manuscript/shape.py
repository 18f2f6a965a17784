"""What a manuscript is made of, and how much of it there may be.

JSON in ProseMirror's shape. In the normal form that `check` gives, every node but text and line breaks has `content`,
and paragraph, heading and cell have all their `attrs`; texts have `marks` only when there are some.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, Literal

Node = dict[str, Any]
Profile = Literal["cn", "neutral"]

LEVELS = (1, 2, 3, 4)
ALIGNMENTS = (None, "center", "right")
MARKS = ("strong", "em")  # in this order
LISTS = ("bullet_list", "ordered_list")
CELLS = ("table_header", "table_cell")

BLOCKS = frozenset({"paragraph", "heading", "bullet_list", "ordered_list", "table"})
INLINE = frozenset({"text", "hard_break"})
#: What may stand in what.
WITHIN: dict[str, frozenset[str]] = {
    "doc": BLOCKS,
    "paragraph": INLINE,
    "heading": INLINE,
    "bullet_list": frozenset({"list_item"}),
    "ordered_list": frozenset({"list_item"}),
    "list_item": frozenset({"paragraph", "bullet_list", "ordered_list"}),
    "table": frozenset({"table_row"}),
    "table_row": frozenset(CELLS),
    "table_header": frozenset({"paragraph"}),
    "table_cell": frozenset({"paragraph"}),
    "hard_break": frozenset(),
}

MOST_CHARACTERS = 300_000  # five hundred set pages
MOST_NODES = 60_000
MOST_CELLS = 20_000
MOST_COLUMNS = 64
MOST_NESTED_LISTS = 6
LARGEST_JSON = 8 * 1024 * 1024


def paragraph(*content: Node, align: str | None = None) -> Node:
    """A paragraph in normal form."""
    return {"type": "paragraph", "attrs": {"align": align}, "content": list(content)}


def heading(level: int, *content: Node) -> Node:
    """A heading in normal form."""
    return {"type": "heading", "attrs": {"level": level}, "content": list(content)}


def text(words: str, *, strong: bool = False, em: bool = False) -> Node:
    """A run of text. Not for empty words."""
    marks = [{"type": name} for name, is_on in (("strong", strong), ("em", em)) if is_on]
    return {"type": "text", "text": words, "marks": marks} if marks else {"type": "text", "text": words}


def lines(words: str, *, strong: bool = False, em: bool = False) -> list[Node]:
    """Runs of text with a line break where the words break."""
    found: list[Node] = []
    for number, line in enumerate(words.split("\n")):
        if number:
            found.append({"type": "hard_break"})
        if line := clean(line):
            found.append(text(line, strong=strong, em=em))
    return found


def cell(*content: Node, is_header: bool = False, colspan: int = 1, rowspan: int = 1) -> Node:
    """A cell in normal form."""
    kind = "table_header" if is_header else "table_cell"
    return {"type": kind, "attrs": {"colspan": colspan, "rowspan": rowspan}, "content": list(content) or [paragraph()]}


def document(*content: Node) -> Node:
    """A whole manuscript; an empty paragraph where there is nothing else."""
    return {"type": "doc", "content": list(content) or [paragraph()]}


EMPTY: Node = document()

# Unseen characters that make a text read otherwise than it is stored: direction marks, zero-width ones, a soft hyphen.
# The joiners U+200C and U+200D are letters of some scripts and stay.
_UNSEEN = {0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_SPACES = {"\t", "\n", "\v", "\f", "\r", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029"}


def _cleaned(char: str) -> str:
    if char in _SPACES:
        return " "
    code = ord(char)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return "" if code in _UNSEEN or is_noncharacter or unicodedata.category(char) in {"Cc", "Cs"} else char


def clean(words: str) -> str:
    """Words in NFC without control, direction and broken characters; each odd kind of space one plain space."""
    if not (words.isascii() and words.isprintable()):
        words = unicodedata.normalize("NFC", "".join(map(_cleaned, words)))
    return words


def children(node: Node) -> list[Node]:
    """What stands in a node."""
    content: list[Node] = node.get("content", [])
    return content


def marks_of(node: Node) -> frozenset[str]:
    """The names of a text's marks."""
    return frozenset(mark["type"] for mark in node.get("marks", ()))


def words_of(block: Node) -> str:
    """The words of one paragraph or heading; a line break is a line feed."""
    return "".join("\n" if node["type"] == "hard_break" else node["text"] for node in children(block))


def textblocks(node: Node) -> Iterator[Node]:
    """Every paragraph and heading, in order."""
    if node["type"] in {"paragraph", "heading"}:
        yield node
    elif node["type"] not in INLINE:
        for child in children(node):
            yield from textblocks(child)
