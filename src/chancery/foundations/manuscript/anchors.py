"""Where a remark hangs: a passage quoted with its surroundings (W3C text quote), found again after edits.

{"exact", "prefix", "suffix", "start"}: `start` counts characters in `plain(doc)`. The browser's editor makes the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypedDict

from django.utils.translation import gettext as _

from chancery.foundations.manuscript import shape
from chancery.foundations.verdict import Refused

AROUND = 32
LONGEST = 2_000


class Anchor(TypedDict):
    """A quoted passage."""

    exact: str
    prefix: str
    suffix: str
    start: int


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """The anchor of a passage of `plain(doc)`."""
    return {
        "exact": text[start:end],
        "prefix": text[max(0, start - AROUND) : start],
        "suffix": text[end : end + AROUND],
        "start": start,
    }


def check_anchor(anchor: object, *, field: str = "anchor") -> Anchor:
    """An anchor as a browser sends it, checked; `Refused` otherwise."""
    if isinstance(anchor, Mapping):
        exact, prefix, suffix = (anchor.get(name, "") for name in ("exact", "prefix", "suffix"))
        start = anchor.get("start", 0)
        if (
            all(isinstance(part, str) and len(part) <= LONGEST for part in (exact, prefix, suffix))
            and isinstance(start, int)
            and 0 <= start <= 4 * shape.MOST_CHARACTERS
            and exact
        ):
            return {
                "exact": str(exact),
                "prefix": str(prefix)[-AROUND:],
                "suffix": str(suffix)[:AROUND],
                "start": int(start),
            }
    raise Refused(_("Mark the passage again: it could not be read."), field=field)


def find(text: str, anchor: Anchor) -> tuple[int, int] | None:
    """(start, end) of the passage in `plain(doc)`; None when it is no longer there.

    Of several places with the quoted words, the one whose surroundings fit best, then the nearest to where it was.
    """
    exact = anchor["exact"]
    if not exact:
        return None

    def fit(at: int) -> tuple[int, int]:
        before = _shared(text[max(0, at - AROUND) : at][::-1], anchor["prefix"][::-1])
        after = _shared(text[at + len(exact) : at + len(exact) + AROUND], anchor["suffix"])
        return before + after, -abs(at - anchor["start"])

    best = max(_places(text, exact), key=fit, default=None)
    return None if best is None else (best, best + len(exact))


def _places(text: str, exact: str) -> Iterator[int]:
    at = text.find(exact)
    while at >= 0:
        yield at
        at = text.find(exact, at + 1)


def _shared(a: str, b: str) -> int:
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count
