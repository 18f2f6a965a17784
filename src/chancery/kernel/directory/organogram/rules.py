"""Where the boxes of an organogram go. Pure geometry, in SVG user units (one unit is one CSS pixel at full size).

The tree grows from left to right: one column a storey, one row a unit without units below it; a unit stands at the
middle of those below it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

BOX = 238
ACROSS = 56
DOWN = 10
LINE = 15
PAD = 9
MARGIN = 8
LETTER = 6.4  # mean width of a Latin letter at 12 px; Chinese characters are square


@dataclass(frozen=True, slots=True)
class Box(Generic[T]):
    """A unit in the picture."""

    of: T
    x: int
    y: int
    height: int
    lines: tuple[str, ...]
    note: str

    @property
    def middle(self) -> int:
        """The height of its middle."""
        return self.y + self.height // 2

    @property
    def texts(self) -> list[tuple[int, str]]:
        """Base line and words of each line of the name."""
        return [(self.y + PAD + 11 + place * LINE, line) for place, line in enumerate(self.lines)]

    @property
    def note_at(self) -> int:
        """The base line of the note."""
        return self.y + PAD + 10 + len(self.lines) * LINE


def wide(text: str) -> float:
    """About how wide a text is at 12 px."""
    return sum(12 if unicodedata.east_asian_width(letter) in "WF" else LETTER for letter in text)


def wrap(text: str, width: float) -> tuple[str, ...]:
    """A text in lines no wider than `width`; Latin text breaks at spaces, Chinese anywhere."""
    lines: list[str] = [""]
    pieces = text.split(" ") if " " in text else list(text)
    joint = " " if " " in text else ""
    for piece in pieces:
        longer = f"{lines[-1]}{joint}{piece}" if lines[-1] else piece
        if lines[-1] and wide(longer) > width:
            lines.append(piece)
        else:
            lines[-1] = longer
    return tuple(lines)


def lay_out(
    root: T, below: Callable[[T], Sequence[T]], name: Callable[[T], str], note: Callable[[T], str]
) -> tuple[list[Box[T]], list[tuple[Box[T], Box[T]]]]:
    """The boxes from the top down, and each pair of a unit and one below it."""
    boxes: list[Box[T]] = []
    pairs: list[tuple[Box[T], Box[T]]] = []
    free = MARGIN

    def place(unit: T, depth: int) -> Box[T]:
        nonlocal free
        at = len(boxes)
        lines = wrap(name(unit), BOX - 2 * PAD)
        said = note(unit)
        height = 2 * PAD + LINE * (len(lines) + bool(said))
        begun = free
        children = [place(child, depth + 1) for child in below(unit)]
        middle = (children[0].middle + children[-1].middle) // 2 if children else begun + height // 2
        y = max(middle - height // 2, begun)
        free = max(free, y + height + DOWN)
        box = Box(unit, MARGIN + depth * (BOX + ACROSS), y, height, lines, said)
        boxes.insert(at, box)
        pairs.extend((box, child) for child in children)
        return box

    place(root, 0)
    return boxes, pairs


def elbow(above: Box[T], under: Box[T]) -> str:
    """The line from a unit to one below it."""
    bend = under.x - ACROSS // 2
    return f"M{above.x + BOX} {above.middle}H{bend}V{under.middle}H{under.x}"


def bow(leader: Box[T], led: Box[T]) -> str:
    """The dashed line from a leading unit to the one it leads, round the right-hand side."""
    right = max(leader.x, led.x) + BOX
    out = right + 26
    return f"M{leader.x + BOX} {leader.middle}C{out} {leader.middle} {out} {led.middle} {led.x + BOX + 5} {led.middle}"
