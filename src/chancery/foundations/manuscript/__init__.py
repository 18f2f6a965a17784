"""Structured text: what a draft is while people write it, before it is set on paper.

A manuscript is JSON in ProseMirror's shape (`shape` says what may stand in it). Domain-free, no database. Nothing that
comes from outside is used before `check`.
"""

from chancery.foundations.manuscript.anchors import Anchor, anchor_at, check_anchor, find
from chancery.foundations.manuscript.check import NotAManuscript, check, from_json
from chancery.foundations.manuscript.comparison import Piece, Row, compare, is_changed
from chancery.foundations.manuscript.digest import digest
from chancery.foundations.manuscript.docx_reading import Imported, from_docx
from chancery.foundations.manuscript.docx_writing import to_docx
from chancery.foundations.manuscript.head import PaperHead
from chancery.foundations.manuscript.numbering import outline
from chancery.foundations.manuscript.odt_writing import to_odt
from chancery.foundations.manuscript.shape import EMPTY, Node, Profile
from chancery.foundations.manuscript.typesetting import for_typst
from chancery.foundations.manuscript.words import (
    characters,
    from_plain,
    is_empty,
    is_same_text,
    numbered,
    plain,
    retyped,
)

__all__ = [
    "EMPTY",
    "Anchor",
    "Imported",
    "Node",
    "NotAManuscript",
    "PaperHead",
    "Piece",
    "Profile",
    "Row",
    "anchor_at",
    "characters",
    "check",
    "check_anchor",
    "compare",
    "digest",
    "find",
    "for_typst",
    "from_docx",
    "from_json",
    "from_plain",
    "is_changed",
    "is_empty",
    "is_same_text",
    "numbered",
    "outline",
    "plain",
    "retyped",
    "to_docx",
    "to_odt",
]
