"""Pure judgements of setting: what may be printed, with which fonts, where a title breaks, how a table is cut."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import rjieba
from django.utils.translation import gettext as _

from chancery.foundations.typeset import STAND_IN, Coverage
from chancery.foundations.verdict import Refused
from chancery.kernel.records.setting.terms import HOUSE_FONTS, LENDERS, Role


class MissingGlyphs(Refused):
    """The text has characters that no font can print."""


class UnknownFont(Refused):
    """A role is mapped to a font family that is not installed, or the mapping cannot be read."""


# --- Fonts ------------------------------------------------------------------------------------------------------------
def mapping(setting: str) -> dict[str, str]:
    """`fangsong=FangSong_GB2312; xiaobiaosong=FZXiaoBiaoSong-B05S` → family by role, the house's for the others."""
    found = dict(HOUSE_FONTS)
    for part in filter(None, (piece.strip() for piece in setting.split(";"))):
        role, equals, family = (piece.strip() for piece in part.partition("="))
        if not equals or not family or role not in set(Role):
            raise UnknownFont(
                _("CHANCERY_FONTS: “%(part)s” is not role=family; the roles are %(roles)s.")
                % {"part": part, "roles": ", ".join(Role.values)}
            )
        found[Role(role)] = family
    return found


def lacking(mapped: Mapping[str, str], installed: Iterable[str]) -> list[tuple[str, str]]:
    """Roles whose family is not there."""
    there = set(installed)
    return [(role, family) for role, family in mapped.items() if family not in there]


def chain(family: str, installed: Iterable[str]) -> list[str]:
    """The role's family, then who lends it characters."""
    rest = sorted(set(installed) - {family, *LENDERS})
    return [family, *(lender for lender in LENDERS if lender != family), *rest]


# --- Characters -------------------------------------------------------------------------------------------------------
# Seen by nobody and of no account: soft hyphens, joiners, zero-width spaces, selectors of an emoji's colour.
_IDLE = {0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)}
_SPACES = "\t\r\v\f\u0085\u2028\u2029"


def judge(
    used: Mapping[str, set[str]],
    mapped: Mapping[str, str],
    fonts: Mapping[str, Coverage],
    anywhere: Coverage,
) -> tuple[list[str], list[str], dict[int, str]]:
    """Characters by role → those no font has, those a lender has, and the table that makes the text printable.

    Marks that turn the direction of the text, and selectors of a name's variant, cannot be printed as what they are:
    they are left out and told.
    """
    missing: set[str] = set()
    lent: set[str] = set()
    table: dict[int, str] = {}
    for role, characters in used.items():
        own = fonts[mapped[role]]
        for character in characters:
            code = ord(character)
            if character == "\n":
                continue
            if code in _IDLE:
                table[code] = ""
            elif character in _SPACES:
                table[code] = " "
            elif unicodedata.category(character) in {"Cc", "Cf"} or 0xE0100 <= code <= 0xE01EF:
                missing.add(character)
                table[code] = ""
            elif code in own:
                continue
            elif code in anywhere:
                lent.add(character)
            else:
                missing.add(character)
                table[code] = STAND_IN
    return sorted(missing), sorted(lent), table


# --- Titles -----------------------------------------------------------------------------------------------------------
_NEVER_FIRST = set("，。、；：？！）》」』】〉”’…—·～％,.;:?!)]%的了和与及或等之并")
_NEVER_LAST = set("（《「『【〈“‘([关于在对将把被为以向由从")
_OPEN, _CLOSE = "（《「『【〈“‘", "）》」』】〉”’"


def broken(title: str, *, most: int) -> list[str]:
    """A title in lines of at most `most` characters: broken between words, at the sense, in even lines.

    Line breaks that were typed stand. GB/T 9704-2012, 7.3.1: words whole, lines balanced.
    """
    lines: list[str] = []
    for piece in title.split("\n"):
        text = " ".join(piece.split())
        if text:
            lines += _in_lines(text, most)
    return lines


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.55 for character in text)


def _in_lines(text: str, most: int) -> list[str]:
    if _width(text) <= most:
        return [text]
    words = [part for word in rjieba.cut(text) for part in _short(word, most)]
    edges = [0]
    for word in words:
        edges.append(edges[-1] + len(word))
    anywhere = range(len(text) + 1)
    between_words = [cut for cut in edges if _may_break(text, cut)] if edges[-1] == len(text) else anywhere
    wanted = int(-(-_width(text) // most))
    for allowed in (between_words, anywhere):  # a title of one endless word is broken where it must be
        for count in range(wanted, wanted + 4):
            found = _best(text, allowed, count, most)
            if found:
                return found
    return [text]


def _may_break(text: str, cut: int) -> bool:
    """Between Latin letters only at a space."""
    if cut in {0, len(text)}:
        return True
    before, after = text[cut - 1], text[cut]
    return before == " " or after == " " or not (before.isascii() and after.isascii())


def _short(word: str, most: int) -> Iterator[str]:
    step = max(1, most - 1)
    for at in range(0, len(word), step):
        yield word[at : at + step]


def _best(text: str, edges: Sequence[int], count: int, most: int) -> list[str] | None:
    """The least costly division into `count` lines: dynamic programming over the words' edges."""
    even = _width(text) / count
    best: list[dict[int, tuple[float, list[int]]]] = [{0: (0.0, [0])}]
    for line in range(count):
        reached: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, cuts) in best[-1].items():
            for end in edges:
                if end <= start or (end == len(text)) != (line == count - 1):
                    continue
                width = _width(text[start:end].strip())
                if width > most:
                    break
                total = cost + (width - even) ** 2 + _awkward(text, end)
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, [*cuts, end])
        best.append(reached)
    found = best[-1].get(len(text))
    if not found:
        return None
    cuts = found[1]
    return [text[a:b].strip() for a, b in itertools.pairwise(cuts)]


def _awkward(text: str, cut: int) -> float:
    """What it costs to break before this place."""
    if cut == len(text):
        return 0
    cost = 0.0
    if text[cut] in _NEVER_FIRST:
        cost += 400 if text[cut] in _CLOSE or not text[cut].isalpha() else 60
    if text[cut - 1] in _NEVER_LAST:
        cost += 400 if text[cut - 1] in _OPEN else 40
    depth = sum(text.count(a, 0, cut) - text.count(b, 0, cut) for a, b in zip(_OPEN, _CLOSE, strict=True))
    if depth > 0:
        cost += 25 * depth
    if text.startswith("关于", cut) or text[cut - 1] in "》）、" or text[cut] in "《（":
        cost -= 8
    return cost


# --- Endless words ------------------------------------------------------------------------------------------------
_ENDLESS = re.compile(r"[!-~]{25,}")


def pieces(text: str) -> list[str]:
    """A text in pieces between which a line may end: only words of 25 Latin characters and more are cut, at eights."""
    found, done = [], 0
    for word in _ENDLESS.finditer(text):
        for at in range(word.start() + 8, word.end(), 8):
            found.append(text[done:at])
            done = at
    return [*found, text[done:]]


# --- Tables -----------------------------------------------------------------------------------------------------------
def table(block: Mapping[str, Any]) -> dict[str, Any]:
    """A manuscript's table for the template: widths by what stands in the columns, head rows apart from the others.

    Holes are filled and spans that leave the table are cut, so that no table can stop the setting of a paper.
    """
    rows = block["rows"]
    taken: list[set[int]] = [set() for _ in rows]
    cells: list[list[dict[str, Any]]] = []
    for y, row in enumerate(rows):
        cells.append([])
        for cell in row:
            x = _free(taken[y])
            colspan = max(1, int(cell.get("colspan", 1)))
            colspan = next((n for n in range(1, colspan) if x + n in taken[y]), colspan)
            rowspan = min(max(1, int(cell.get("rowspan", 1))), len(rows) - y)
            for below in taken[y : y + rowspan]:
                below.update(range(x, x + colspan))
            cells[y].append({**cell, "x": x, "y": y, "colspan": colspan, "rowspan": rowspan})
    columns = max((max(places, default=-1) + 1 for places in taken), default=0)
    for y, places in enumerate(taken):
        is_head = bool(cells[y]) and all(cell["header"] for cell in cells[y])
        cells[y] += [
            {"header": is_head, "x": x, "y": y, "colspan": 1, "rowspan": 1, "blocks": []}
            for x in range(columns)
            if x not in places
        ]
    head = _head_rows(cells)
    return {
        "kind": "table",
        "weights": _weights(cells, columns),
        "head": list(itertools.chain.from_iterable(cells[:head])),
        "body": list(itertools.chain.from_iterable(cells[head:])),
    }


def _free(places: set[int]) -> int:
    at = 0
    while at in places:
        at += 1
    return at


def _head_rows(cells: Sequence[Sequence[Mapping[str, Any]]]) -> int:
    """Rows at the top that hold only header cells, as far as no cell of theirs reaches below them."""
    count = 0
    while count < len(cells) and cells[count] and all(cell["header"] for cell in cells[count]):
        count += 1
    while count and any(cell["y"] + cell["rowspan"] > count for row in cells[:count] for cell in row):
        count -= 1
    return count if count < len(cells) else 0


def _weights(cells: Sequence[Sequence[Mapping[str, Any]]], columns: int) -> list[float]:
    widest = [2.0] * columns
    for row in cells:
        for cell in row:
            width = sum(_width(run.get("text", "")) for block in cell["blocks"] for run in block.get("runs", []))
            for x in range(cell["x"], cell["x"] + cell["colspan"]):
                widest[x] = max(widest[x], width / cell["colspan"])
    return [round(min(width, 18.0) + 1.5, 2) for width in widest]
