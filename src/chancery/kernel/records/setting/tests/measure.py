"""Millimetres on a rendered page: where ink stands, where text stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pypdfium2 as pdfium
from PIL import Image, ImageChops

DPI = 300
Ink = Literal["red", "black"]


@dataclass(frozen=True)
class Box:
    """Millimetres from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def centre(self) -> float:
        return (self.top + self.bottom) / 2


WHOLE = Box(0, 0, 210, 297)


def mm(points: float) -> float:
    return points / 72 * 25.4


def dots(millimetres: float) -> int:
    return round(millimetres / 25.4 * DPI)


class Page:
    """A page as it is seen, and its characters."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self.width, self.height = (mm(size) for size in page.get_size())

    @cached_property
    def _masks(self) -> dict[Ink, Image.Image]:
        red, green, _blue = self._page.render(scale=DPI / 72).to_pil().convert("RGB").split()
        strong, dark = red.point(lambda v: 255 * (v > 150)), green.point(lambda v: 255 * (v < 128))
        return {"red": ImageChops.multiply(strong, dark), "black": ImageChops.multiply(ImageChops.invert(strong), dark)}

    def ink(self, colour: Ink, within: Box = WHOLE) -> Box | None:
        """The smallest box around all ink of a colour within another box."""
        corner = dots(within.left), dots(within.top)
        found = self._masks[colour].crop((*corner, dots(within.right), dots(within.bottom))).getbbox()
        if not found:
            return None
        left, top, right, bottom = found
        along = [(corner[0] + left), (corner[1] + top), (corner[0] + right), (corner[1] + bottom)]
        return Box(*(value / DPI * 25.4 for value in along))

    def is_dark(self, x: float, y: float) -> bool:
        """Whether there is black ink at a point."""
        return bool(self._masks["black"].getpixel((dots(x), dots(y))))

    def rules(self, colour: Ink, *, least: float = 120) -> list[Box]:
        """Horizontal rules at least so many millimetres long, from the top."""
        mask = self._masks[colour]
        rows = mask.resize((1, mask.height), Image.Resampling.BOX).tobytes()
        share = 255 * dots(least) / mask.width
        found: list[Box] = []
        start = None
        for y, filled in enumerate([*rows, 0]):
            if filled >= share and start is None:
                start = y
            elif filled < share and start is not None:
                across = mask.crop((0, start, mask.width, y)).getbbox()
                assert across
                found.append(Box(*(value / DPI * 25.4 for value in (across[0], start, across[2], y))))
                start = None
        return found

    @cached_property
    def text(self) -> str:
        return self._text.get_text_range()

    @cached_property
    def _text(self) -> pdfium.PdfTextPage:
        return self._page.get_textpage()

    @cached_property
    def characters(self) -> list[tuple[str, Box]]:
        """Every character with the box of its place (not its ink)."""
        found = []
        for n in range(self._text.count_chars()):
            left, bottom, right, top = self._text.get_charbox(n, loose=True)
            box = Box(mm(left), self.height - mm(top), mm(right), self.height - mm(bottom))
            found.append((self._text.get_text_range(n, 1), box))
        return found

    def where(self, words: str) -> Box:
        """The box around words as they stand, of their first appearance; spaces and line ends do not count."""
        seen = [(character, box) for character, box in self.characters if character.strip()]
        at = "".join(character for character, _box in seen).find("".join(words.split()))
        assert at >= 0, f"{words!r} is not on the page"
        boxes = [box for _character, box in seen[at : at + len("".join(words.split()))]]
        return around(boxes)

    def seen(self, words: str, colour: Ink = "black") -> Box:
        """The box around the ink of words."""
        place = self.where(words)
        found = self.ink(colour, Box(place.left - 0.5, place.top - 0.5, place.right + 0.5, place.bottom + 0.5))
        assert found, f"{words!r} has no ink"
        return found

    def lines(self) -> list[str]:
        """The text by the height at which it stands."""
        rows: dict[int, list[tuple[float, str]]] = {}
        for character, box in self.characters:
            if character.strip():
                rows.setdefault(round(box.bottom * 2), []).append((box.left, character))
        return ["".join(c for _left, c in sorted(row)) for _height, row in sorted(rows.items())]


def around(boxes: list[Box]) -> Box:
    return Box(
        min(box.left for box in boxes), min(box.top for box in boxes), max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )  # fmt: skip


def pages(content: bytes) -> list[Page]:
    document = pdfium.PdfDocument(content)
    return [Page(document[n]) for n in range(len(document))]
