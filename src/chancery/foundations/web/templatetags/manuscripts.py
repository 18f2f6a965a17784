"""Template tags for manuscripts, loaded everywhere: to read, to edit outside a form, two side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chancery.foundations.manuscript import Node, Piece, Profile, Row, check, numbering, shape
from chancery.foundations.web import forms

register = template.Library()

BREAK = SafeString("<br>")
FEW = 3  # unchanged lines shown around a change


# --- To read --------------------------------------------------------------------------------------------------------
@register.simple_tag
def manuscript_shown(doc: object, profile: Profile | None = None) -> SafeString:
    """`{% manuscript_shown draft.body "cn" %}`: the text with printed numbers, as HTML, every word escaped."""
    counter = numbering.Counter(profile or forms.house_profile())
    inner = _all(_block(block, counter) for block in shape.children(check(doc)))
    return format_html('<div class="manuscript-shown" data-profile="{}">{}</div>', counter.profile, inner)


def _block(block: Node, counter: numbering.Counter) -> SafeString:
    match block["type"]:
        case "heading":
            level = block["attrs"]["level"]
            number = counter.next(level)
            # The page's own headings stand above: levels 1 to 4 are h3 to h6.
            tag = SafeString(f"h{level + 2}")
            gap = numbering.gap(number, counter.profile)
            return format_html('<{}><span class="number">{}{}</span>{}</{}>', tag, number, gap, _runs(block), tag)
        case "paragraph":
            return _paragraph(block)
        case "table":
            rows = _all(
                format_html("<tr>{}</tr>", _all(_cell(cell) for cell in shape.children(row)))
                for row in shape.children(block)
            )
            return format_html('<div class="list-scroll"><table><tbody>{}</tbody></table></div>', rows)
    tag = SafeString("ol" if block["type"] == "ordered_list" else "ul")
    items = _all(
        format_html("<li>{}</li>", _all(_block(child, counter) for child in shape.children(item)))
        for item in shape.children(block)
    )
    return format_html("<{}>{}</{}>", tag, items, tag)


def _paragraph(block: Node) -> SafeString:
    align = block["attrs"]["align"]
    runs = _runs(block) or BREAK
    return format_html('<p class="is-{}">{}</p>', align, runs) if align else format_html("<p>{}</p>", runs)


def _cell(cell: Node) -> SafeString:
    tag = SafeString("th" if cell["type"] == "table_header" else "td")
    spans = format_html_join(
        "", ' {}="{}"', ((name, cell["attrs"][name]) for name in ("colspan", "rowspan") if cell["attrs"][name] > 1)
    )
    return format_html("<{}{}>{}</{}>", tag, spans, _all(_paragraph(one) for one in shape.children(cell)), tag)


def _runs(block: Node) -> SafeString:
    return _all(_run(run) for run in shape.children(block))


def _run(run: Node) -> SafeString:
    if run["type"] == "hard_break":
        return BREAK
    marks = shape.marks_of(run)
    found = format_html("{}", run["text"])
    if "em" in marks:
        found = format_html("<em>{}</em>", found)
    return format_html("<strong>{}</strong>", found) if "strong" in marks else found


def _all(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


# --- To edit, or to read with remarks ---------------------------------------------------------------------------------
@register.inclusion_tag("web/components/manuscript.html")
def manuscript_editor(
    doc: object, id: str, label: str, profile: Profile | None = None, name: str = "", *, is_fixed: bool = True
) -> dict[str, Any]:
    """`{% manuscript_editor draft.body id="text" label=_("Text") %}`: outside a form; read-only as a rule."""
    attrs = {
        "id": id,
        "class": "form-control manuscript-area",
        "aria-label": label,
        "rows": 16,
        "readonly": is_fixed,
    }
    return forms.editor_context(doc, name=name, profile=profile or forms.house_profile(), attrs=attrs)


# --- Two side by side -------------------------------------------------------------------------------------------------
@register.inclusion_tag("web/components/comparison.html")
def manuscript_compared(rows: Sequence[Row], old: str = "", new: str = "") -> dict[str, Any]:
    """`{% manuscript_compared rows old=_("Version 2") new=_("Version 3") %}`: what `manuscript.compare` found.

    Long stretches without a change are folded.
    """
    is_near = [False] * len(rows)
    for at, row in enumerate(rows):
        if _is_change(row):
            for near in range(max(0, at - FEW), min(len(rows), at + FEW + 1)):
                is_near[near] = True
    parts = []
    for is_shown, group in groupby(zip(is_near, rows, strict=True), key=lambda one: one[0]):
        found = [_printed(row) for _near, row in group]
        parts.append({"rows": found, "is_folded": not is_shown and len(found) > FEW})
    kinds = [row.kind for row in rows]
    return {
        "parts": parts,
        "old": old or _("Before"),
        "new": new or _("After"),
        "changed": sum(_is_change(row) and row.kind in {"changed", "same"} for row in rows),
        "added": kinds.count("added"),
        "removed": kinds.count("removed"),
    }


def _is_change(row: Row) -> bool:
    return row.kind != "same" or bool(row.was) or row.is_restyled


def _printed(row: Row) -> dict[str, Any]:
    kind = "restyled" if row.kind == "same" and _is_change(row) else row.kind
    notes = []
    if row.was:
        notes.append(
            _("%(old)s became %(new)s") % {"old": _named(row.was, row.was_level), "new": _named(row.block, row.level)}
        )
    elif row.is_restyled:
        notes.append(_("looks changed"))
    signs = {"added": "+", "removed": "−", "changed": "≠", "restyled": "≈"}
    said = {
        "added": _("added"),
        "removed": _("removed"),
        "changed": _("changed"),
        "restyled": _("same words"),
    }
    return {
        "kind": kind,
        "block": row.block,
        "level": row.level,
        "sign": signs.get(kind, ""),
        "said": said.get(kind, ""),
        "note": "; ".join(notes),
        "old": None if row.old is None else _cells(row.old_cells),
        "new": None if row.new is None else _cells(row.new_cells),
    }


def _named(block: str, level: int) -> str:
    return {
        "heading": _("heading, level %(level)s") % {"level": level},
        "list_item": _("list item"),
        "table_row": _("table row"),
    }.get(block, _("paragraph"))


def _cells(cells: list[list[Piece]]) -> SafeString:
    """One side; a table's row has its cells in a row."""
    printed = [_all(map(_piece, cell)) for cell in cells]
    if len(printed) == 1:
        return printed[0]
    return _all(format_html('<span class="cell">{}</span>', cell or "\u00a0") for cell in printed)


def _piece(piece: Piece) -> SafeString:
    """Marked by its element, its line and, for who cannot see it, by words."""
    if not piece.mark:
        return format_html("{}", piece.text)
    before = _("[added: ") if piece.mark == "ins" else _("[removed: ")
    tag = SafeString(piece.mark)
    return format_html(
        '<{}><span class="visually-hidden">{}</span>{}<span class="visually-hidden">]</span></{}>',
        tag, before, piece.text, tag,
    )  # fmt: skip
