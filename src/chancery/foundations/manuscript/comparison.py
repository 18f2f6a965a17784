"""Two manuscripts side by side: which lines are the same, and in changed lines which words."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chancery.foundations.manuscript.shape import Node
from chancery.foundations.manuscript.tokens import tokens
from chancery.foundations.manuscript.words import Line, lines_of

Mark = Literal["", "ins", "del"]

ALIKE = 0.4  # of the pairs of characters; less is another line, not a changed one
_COMMON = 24  # a pair of characters in more lines than this tells nothing about which line it is
_NEAR = 3
_MANY = 6_000_000  # word by word comparisons that are still quick


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one side; `mark` is "" (on both sides), "ins" or "del"."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of both, None where a side has none.

    `block` is "paragraph", "heading", "list_item" or "table_row"; `level` of a heading, or how deep a list is;
    `was` and `was_level` tell the old side's block where it is another one. `is_restyled`: it looks otherwise (marks,
    alignment, spans). A table's row has a piece "\\t" between cells.
    """

    kind: Literal["same", "changed", "added", "removed"]
    old: list[Piece] | None
    new: list[Piece] | None
    block: str
    level: int = 0
    was: str = ""
    was_level: int = 0
    is_restyled: bool = False

    @property
    def old_cells(self) -> list[list[Piece]]:
        """The old side cell by cell; one cell unless it is a table's row."""
        return _cells(self.old)

    @property
    def new_cells(self) -> list[list[Piece]]:
        """The new side cell by cell."""
        return _cells(self.new)


def compare(old: Node, new: Node) -> list[Row]:
    """The rows of two checked manuscripts. The pieces of one side, rows joined by line feeds, are its `plain` text."""
    before, after = lines_of(old), lines_of(new)
    matcher = difflib.SequenceMatcher(None, [_key(x) for x in before], [_key(x) for x in after], autojunk=False)
    rows: list[Row] = []
    for verb, i, i_end, j, j_end in matcher.get_opcodes():
        if verb == "equal":
            rows += [_row(a, b) for a, b in zip(before[i:i_end], after[j:j_end], strict=True)]
        else:
            rows += _replaced(before[i:i_end], after[j:j_end])
    return rows


def is_changed(rows: Sequence[Row]) -> bool:
    """Whether any row tells of a change of words, blocks or looks."""
    return any(row.kind != "same" or row.was or row.is_restyled for row in rows)


def _key(line: Line) -> tuple[str, str]:
    return ("table_row" if line.kind == "table_row" else "", line.words)


def _replaced(before: list[Line], after: list[Line]) -> Iterator[Row]:
    at_old = at_new = 0
    for i, j in [*_pairs(before, after), (len(before), len(after))]:
        yield from (_row(line, None) for line in before[at_old:i])
        yield from (_row(None, line) for line in after[at_new:j])
        if i < len(before):
            yield _row(before[i], after[j])
        at_old, at_new = i + 1, j + 1


def _pairs(before: list[Line], after: list[Line]) -> list[tuple[int, int]]:
    """Which old line became which new one: the heaviest set of alike pairs that do not cross."""
    signs_old, signs_new = [_signs(line) for line in before], [_signs(line) for line in after]
    where: dict[str, list[int]] = defaultdict(list)
    for j, signs in enumerate(signs_new):
        for sign in signs:
            where[sign].append(j)
    few = len(after) <= _COMMON
    scored: list[tuple[int, int, float]] = []
    for i, signs in enumerate(signs_old):
        votes: Counter[int] = Counter()
        for sign in signs:
            if few or len(where.get(sign, ())) <= _COMMON:
                votes.update(where.get(sign, ()))
        # Lines that are all alike (a list of clauses) have nothing rare about them: so the neighbours are asked too.
        near = i * len(after) // len(before)
        candidates = {j for j, _count in votes.most_common(8)} | set(
            range(max(0, near - _NEAR), min(len(after), near + _NEAR + 1))
        )
        for j in candidates:
            is_kind = (before[i].kind == "table_row") == (after[j].kind == "table_row")
            likeness = 2 * len(signs & signs_new[j]) / max(1, len(signs) + len(signs_new[j]))
            if is_kind and likeness >= ALIKE:
                scored.append((i, j, likeness))
    return _heaviest(scored)


def _heaviest(scored: list[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The heaviest chain of pairs rising on both sides."""
    best = _Best(max((j for _i, j, _w in scored), default=0) + 1)
    chain: list[tuple[int, int, int]] = []  # i, j, the pair before
    for i, j, weight in sorted(scored, key=lambda one: (one[0], -one[1])):  # falling j: none builds on its own i
        before, last = best.up_to(j)
        chain.append((i, j, last))
        best.offer(j + 1, before + weight, len(chain) - 1)
    found: list[tuple[int, int]] = []
    at = best.up_to(best.size)[1]
    while at >= 0:
        i, j, at = chain[at]
        found.append((i, j))
    return found[::-1]


class _Best:
    """The heaviest chain that ends before a place, kept in a binary indexed tree."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)

    def offer(self, place: int, weight: float, pair: int) -> None:
        while place <= self.size:
            if weight > self.tree[place][0]:
                self.tree[place] = (weight, pair)
            place += place & -place

    def up_to(self, place: int) -> tuple[float, int]:
        found = (0.0, -1)
        while place:
            found = max(found, self.tree[place], key=lambda one: one[0])
            place -= place & -place
        return found


def _signs(line: Line) -> frozenset[str]:
    """Pairs of neighbouring characters; a short line counts its single ones as well."""
    words = "".join(line.words.split())
    pairs = {words[n : n + 2] for n in range(len(words) - 1)}
    return frozenset(pairs if len(words) > 4 else pairs | set(words))


def _row(old: Line | None, new: Line | None) -> Row:
    if old is None or new is None:
        line = new or old
        if line is None:
            raise ValueError("a row needs a side")
        pieces = _whole(line.words, "ins" if old is None else "del")
        if old is None:
            return Row("added", None, pieces, line.kind, line.level)
        return Row("removed", pieces, None, line.kind, line.level)
    was = (old.kind, old.level) if (old.kind, old.level) != (new.kind, new.level) else ("", 0)
    is_restyled = old.look != new.look and not was[0]
    if old.words == new.words:
        pieces = _whole(new.words, "")
        return Row("same", pieces, pieces, new.kind, new.level, *was, is_restyled)
    sides = _worded(old.words, new.words)
    return Row("changed", *sides, new.kind, new.level, *was, is_restyled)


def _whole(words: str, mark: Mark) -> list[Piece]:
    return _merged((cell, mark) for cell in _with_tabs(words))


def _with_tabs(words: str) -> list[str]:
    cells = words.split("\t")
    return [part for cell in cells for part in ("\t", cell)][1:]


def _worded(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both sides in pieces. A table's row is compared cell by cell while it has as many cells as before."""
    cells_old, cells_new = old.split("\t"), new.split("\t")
    if len(cells_old) == len(cells_new) > 1:
        sides = [_worded(a, b) for a, b in zip(cells_old, cells_new, strict=True)]
        return _with_stops([a for a, _b in sides]), _with_stops([b for _a, b in sides])
    a, b = tokens(old), tokens(new)
    left: list[tuple[str, Mark]] = []
    right: list[tuple[str, Mark]] = []
    for verb, i, i_end, j, j_end in _opcodes(a, b):
        is_same = verb == "equal"
        left += [(token, "" if is_same else "del") for token in a[i:i_end]]
        right += [(token, "" if is_same else "ins") for token in b[j:j_end]]
    return _merged(left), _merged(right)


def _with_stops(cells: list[list[Piece]]) -> list[Piece]:
    return [piece for cell in cells for piece in (Piece("\t"), *cell)][1:]


def _opcodes(a: list[str], b: list[str]) -> list[tuple[str, int, int, int, int]]:
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if len(middle_a) * len(middle_b) > _MANY:
        inner = [("replace", 0, len(middle_a), 0, len(middle_b))]
    else:
        inner = _readable(difflib.SequenceMatcher(None, middle_a, middle_b, autojunk=False).get_opcodes(), middle_a)
    ends_a, ends_b = len(a) - tail, len(b) - tail
    return [
        ("equal", 0, head, 0, head),
        *((verb, i + head, i_end + head, j + head, j_end + head) for verb, i, i_end, j, j_end in inner),
        ("equal", ends_a, len(a), ends_b, len(b)),
    ]


def _readable(codes: Sequence[tuple[str, int, int, int, int]], a: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Crumbs that happen to be equal between two changes (a 的, a comma, a space) count as changed with them."""
    found: list[tuple[str, int, int, int, int]] = []
    for number, (verb, i, i_end, j, j_end) in enumerate(codes):
        is_inner = 0 < number < len(codes) - 1
        is_crumb = verb == "equal" and is_inner and len("".join(a[i:i_end]).strip()) <= 1 and "\t" not in a[i:i_end]
        verb = "equal" if verb == "equal" and not is_crumb else "replace"
        if found and found[-1][0] == verb == "replace":
            _verb, i, _i, j, _j = found.pop()
        found.append((verb, i, i_end, j, j_end))
    return found


def _merged(marked: Iterable[tuple[str, Mark]]) -> list[Piece]:
    """Neighbours of one mark in one piece; a tab stays alone."""
    found: list[Piece] = []
    for text, mark in marked:
        if not text:
            continue
        if found and found[-1].mark == mark and "\t" not in (text, found[-1].text):
            found[-1] = Piece(found[-1].text + text, mark)
        else:
            found.append(Piece(text, mark))
    return found


def _cells(pieces: list[Piece] | None) -> list[list[Piece]]:
    found: list[list[Piece]] = [[]]
    for piece in pieces or ():
        if piece.text == "\t":
            found.append([])
        else:
            found[-1].append(piece)
    return found
