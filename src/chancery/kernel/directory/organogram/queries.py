"""The organogram of a day, ready to print."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from chancery.foundations.words import words
from chancery.kernel.directory.organogram.rules import BOX, MARGIN, Box, bow, elbow, lay_out
from chancery.kernel.directory.publicpage.queries import House, PublicUnit


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes and lines, with the size of the sheet."""

    boxes: list[Box[PublicUnit]]
    lines: list[str]
    led: list[tuple[str, str]]  # path, and in words who leads whom
    width: int
    height: int
    box_width: int = BOX


def head_of(unit: PublicUnit) -> str:
    """Who leads a unit, in words: the first leading post with its holders, or that it is vacant."""
    post = next((post for post in unit.posts if post["is_leading"]), None)
    if post is None:
        return ""
    names = [words(holder) for holder in post["holders"]]
    return _("%(title)s: %(holders)s") % {"title": words(post, "title"), "holders": ", ".join(names) or _("vacant")}


def drawing_of(house: House, language: str) -> Drawing | None:
    """The picture of a house in a language; None when there was no house on that day."""
    if house.root is None:
        return None
    with translation.override(language):
        boxes, pairs = lay_out(house.root, lambda unit: unit.units, lambda unit: words(unit.facts), head_of)
        places = {box.of.id: box for box in boxes}
        led = [
            (
                bow(places[box.of.led_by_id], box),
                _("%(leader)s leads %(unit)s")
                % {"leader": words(box.of.facts, "leader_name"), "unit": words(box.of.facts)},
            )
            for box in boxes
            if box.of.led_by_id in places
        ]
    return Drawing(
        boxes=boxes,
        lines=[elbow(above, under) for above, under in pairs],
        led=led,
        width=max(box.x for box in boxes) + BOX + MARGIN + (30 if led else 0),
        height=max(box.y + box.height for box in boxes) + MARGIN,
    )
