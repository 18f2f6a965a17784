"""A manuscript as inert blocks for a typst template: data, never markup."""

from __future__ import annotations

from typing import Any

from chancery.foundations.manuscript import grid, numbering, shape
from chancery.foundations.manuscript.shape import Node, Profile, children

Block = dict[str, Any]


def for_typst(doc: Node, *, profile: Profile) -> list[Block]:
    """Blocks in order, headings with their printed numbers.

    {"kind": "heading", "level", "number", "runs"} · {"kind": "paragraph", "align", "runs"} ·
    {"kind": "list", "ordered", "items": [[block]]} ·
    {"kind": "table", "columns", "rows": [[{"header", "colspan", "rowspan", "blocks"}]]}.
    A run is {"text", "strong", "em"} or {"break": true}.
    """
    counter = numbering.Counter(profile)
    return [_block(block, counter) for block in children(doc)]


def _block(block: Node, counter: numbering.Counter) -> Block:
    match block["type"]:
        case "heading":
            level = block["attrs"]["level"]
            return {"kind": "heading", "level": level, "number": counter.next(level), "runs": _runs(block)}
        case "paragraph":
            return {"kind": "paragraph", "align": block["attrs"]["align"], "runs": _runs(block)}
        case "table":
            rows = [_row(row, counter) for row in children(block)]
            return {"kind": "table", "columns": grid.width_of(block), "rows": rows}
    items = [[_block(child, counter) for child in children(item)] for item in children(block)]
    return {"kind": "list", "ordered": block["type"] == "ordered_list", "items": items}


def _row(row: Node, counter: numbering.Counter) -> list[Block]:
    return [
        {
            "header": cell["type"] == "table_header",
            "colspan": cell["attrs"]["colspan"],
            "rowspan": cell["attrs"]["rowspan"],
            "blocks": [_block(child, counter) for child in children(cell)],
        }
        for cell in children(row)
    ]


def _runs(block: Node) -> list[Block]:
    found: list[Block] = []
    for run in children(block):
        if run["type"] == "hard_break":
            found.append({"break": True})
        else:
            marks = shape.marks_of(run)
            found.append({"text": run["text"], "strong": "strong" in marks, "em": "em" in marks})
    return found
