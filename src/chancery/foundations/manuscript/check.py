"""The check of a manuscript: nothing that came from a browser or a file is believed."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chancery.foundations.manuscript import grid, shape
from chancery.foundations.manuscript.shape import Node
from chancery.foundations.verdict import Refused


class NotAManuscript(Refused):
    """What was sent is no manuscript; nothing was stored."""


Where = tuple[tuple[str, int], ...]

_KEYS = {"type", "content", "attrs", "marks", "text"}
_NAMES = {
    "doc": (),
    "paragraph": ("align",),
    "heading": ("level",),
    "table_header": ("colspan", "rowspan"),
    "table_cell": ("colspan", "rowspan"),
}


def check(doc: object, *, field: str = "body") -> Node:
    """A normalised copy of a manuscript, or `NotAManuscript` naming what is wrong and where.

    Checking what was checked changes nothing.
    """
    if not isinstance(doc, Mapping) or doc.get("type") != "doc":
        raise NotAManuscript(_("The text has not the form that is kept here. Load the page again."), field=field)
    return _Checking(field).whole(doc)


def from_json(words: str, *, field: str = "body") -> Node:
    """A checked manuscript from JSON as a browser sends it."""
    if len(words) > shape.LARGEST_JSON:
        raise NotAManuscript(_("The text is too long to be kept in one piece. Move a part into an annex."), field=field)
    try:
        found = json.loads(words)
    except (ValueError, RecursionError):
        raise NotAManuscript(
            _("The text has not the form that is kept here. Load the page again."), field=field
        ) from None
    return check(found, field=field)


@dataclass
class _Checking:
    field: str
    characters: int = 0
    nodes: int = 0
    cells: int = 0

    def whole(self, doc: object) -> Node:
        found = self.node(doc, (), 0)
        # What counts is the normal form, so that what was checked once is never too long the second time.
        characters, nodes = _size(found)
        if characters > shape.MOST_CHARACTERS or nodes > shape.MOST_NODES:
            raise self.too_long()
        return found

    def node(self, node: object, where: Where, lists: int) -> Node:
        if not isinstance(node, Mapping):
            raise self.refused(_("something that is no part of a text"), where)
        kind = node.get("type")
        if not isinstance(kind, str) or (kind not in shape.WITHIN and kind != "text"):
            raise self.refused(_("an unknown part, “%(what)s”") % {"what": _short(kind)}, where)
        if strange := sorted(map(str, set(node) - _KEYS)):
            raise self.refused(_("an unknown part, “%(what)s”") % {"what": _short(strange[0])}, where)
        self.nodes += 1
        if self.nodes > 4 * shape.MOST_NODES:
            raise self.too_long()
        if kind == "text":
            return self.text(node, where)
        if "text" in node or (node.get("marks") and kind != "hard_break"):  # a break in bold words is a plain break
            raise self.refused(_("an unknown property, “%(what)s”") % {"what": "marks"}, where)
        attrs = self.attrs(kind, node.get("attrs"), where)
        if kind == "hard_break":
            if node.get("content"):
                raise self.refused(_("a part in the wrong place, “%(what)s”") % {"what": kind}, where)
            return {"type": kind}
        lists += kind in shape.LISTS
        if lists > shape.MOST_NESTED_LISTS:
            raise self.refused(_("lists nested too deep"), where)
        content = self.content(kind, node.get("content"), where, lists)
        found: Node = {"type": kind, **({"attrs": attrs} if attrs else {}), "content": content}
        if kind == "table":
            self.table(found, where)
        return found

    def content(self, kind: str, given: object, where: Where, lists: int) -> list[Node]:
        if given is None:
            given = []
        if not isinstance(given, list | tuple):
            raise self.refused(_("something that is no part of a text"), where)
        allowed = shape.WITHIN[kind]
        found: list[Node] = []
        for number, child in enumerate(given, 1):
            name = child.get("type") if isinstance(child, Mapping) else None
            name = name if isinstance(name, str) else ""
            place = where if name in shape.INLINE else (*where, (name, number))
            if name not in allowed and (name in shape.WITHIN or name == "text"):
                raise self.refused(_("a part in the wrong place, “%(what)s”") % {"what": name}, place)
            found.append(self.node(child, place, lists))
        if kind in {"paragraph", "heading"}:
            return _joined(found)
        if kind in {"doc", *shape.CELLS} and not found:
            return [shape.paragraph()]
        if kind == "list_item" and (not found or found[0]["type"] != "paragraph"):
            return [shape.paragraph(), *found]
        if kind in shape.LISTS and not found:
            return [{"type": "list_item", "content": [shape.paragraph()]}]
        return found

    def text(self, node: Mapping[str, Any], where: Where) -> Node:
        words = node.get("text")
        if not isinstance(words, str) or node.get("content") or node.get("attrs"):
            raise self.refused(_("something that is no part of a text"), where)
        self.characters += len(words)
        if self.characters > 4 * shape.MOST_CHARACTERS:
            raise self.too_long()
        given = node.get("marks") or []
        if not isinstance(given, list | tuple):
            raise self.refused(_("an unknown property, “%(what)s”") % {"what": "marks"}, where)
        names = set()
        for mark in given:
            name = mark.get("type") if isinstance(mark, Mapping) else mark
            if name not in shape.MARKS or (
                isinstance(mark, Mapping) and (set(mark) - {"type", "attrs"} or mark.get("attrs"))
            ):
                raise self.refused(_("an unknown mark, “%(what)s”") % {"what": _short(name)}, where)
            names.add(name)
        return shape.text(words, strong="strong" in names, em="em" in names)

    def attrs(self, kind: str, given: object, where: Where) -> dict[str, Any]:
        given = {} if given is None else given
        if not isinstance(given, Mapping):
            raise self.refused(_("an unknown property, “%(what)s”") % {"what": _short(given)}, where)
        if strange := sorted(map(str, set(given) - set(_NAMES.get(kind, ())))):
            raise self.refused(_("an unknown property, “%(what)s”") % {"what": _short(strange[0])}, where)
        match kind:
            case "paragraph":
                found: dict[str, Any] = {"align": given.get("align")}
                is_sound = found["align"] is None or (
                    isinstance(found["align"], str) and found["align"] in shape.ALIGNMENTS
                )
            case "heading":
                found = {"level": given.get("level")}
                is_sound = _is_int(found["level"]) and found["level"] in shape.LEVELS
            case "table_header" | "table_cell":
                found = {"colspan": given.get("colspan", 1), "rowspan": given.get("rowspan", 1)}
                is_sound = all(_is_int(span) and 1 <= span <= shape.MOST_CELLS for span in found.values())
                is_sound = is_sound and found["colspan"] <= shape.MOST_COLUMNS
            case _:
                return {}
        if not is_sound:
            wrong = ", ".join(f"{name}={_short(value)}" for name, value in found.items())
            raise self.refused(_("a property with a wrong value, “%(what)s”") % {"what": wrong}, where)
        return found

    def table(self, table: Node, where: Where) -> None:
        """Make the table a whole rectangle: spans cut at the edge, missing cells added empty."""
        if not table["content"]:
            raise self.refused(_("a table without rows"), where)
        width = grid.lay(table)
        if not width:
            raise self.refused(_("a table without cells"), where)
        self.cells += width * len(table["content"])
        if width > shape.MOST_COLUMNS or self.cells > shape.MOST_CELLS:
            raise self.refused(_("a table that is too large"), where)
        grid.fill(table, width)

    def refused(self, what: str, where: Where) -> NotAManuscript:
        reason = _("The text holds %(what)s (%(where)s).") if where else _("The text holds %(what)s.")
        return NotAManuscript(reason % {"what": what, "where": _said(where)}, field=self.field)

    def too_long(self) -> NotAManuscript:
        return NotAManuscript(
            _("The text is too long to be kept in one piece. Move a part into an annex."), field=self.field
        )


def _size(node: Node) -> tuple[int, int]:
    """Characters and nodes."""
    if node["type"] == "text":
        return len(node["text"]), 1
    sizes = [_size(child) for child in shape.children(node)]
    return sum(characters for characters, _nodes in sizes), 1 + sum(nodes for _characters, nodes in sizes)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _short(what: object) -> str:
    words = shape.clean(what) if isinstance(what, str) else type(what).__name__ if what is not None else "null"
    return words if len(words) <= 40 else f"{words[:40]}…"


def _said(where: Where) -> str:
    """`block 3 › row 2 › cell 1`."""
    words = {
        "list_item": _("item %(number)s"),
        "table_row": _("row %(number)s"),
        "table_header": _("cell %(number)s"),
        "table_cell": _("cell %(number)s"),
    }
    return " › ".join(words.get(kind, _("block %(number)s")) % {"number": number} for kind, number in where)


def _joined(runs: list[Node]) -> list[Node]:
    """Neighbouring texts of the same look in one, cleaned; empty ones left out."""
    found: list[Node] = []
    for marks, group in itertools.groupby(
        (run for run in runs if run["type"] == "hard_break" or shape.clean(run["text"])), key=_look
    ):
        if marks is None:
            found.extend(group)
            continue
        words = shape.clean("".join(run["text"] for run in group))
        found.append(shape.text(words, strong="strong" in marks, em="em" in marks))
    return found


def _look(run: Node) -> frozenset[str] | None:
    return None if run["type"] == "hard_break" else shape.marks_of(run)
