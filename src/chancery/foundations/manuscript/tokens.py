"""Words of a line, for marking changes: Chinese by a dictionary, the rest by letters; nothing is lost between them."""

from __future__ import annotations

import re

import rjieba

# Letters with their accents, figures with their stops; every other character stands alone.
_PARTS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\W_]+(?:[.,’'·-][^\W_]+)*|\s|.", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_RUNS = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def tokens(words: str) -> list[str]:
    """The words of a line; joined, they are the line."""
    found: list[str] = []
    for run in _RUNS.findall(words):
        if _HAN.match(run):
            cut = list(rjieba.cut(run))
            found += cut if "".join(cut) == run else list(run)
        else:
            found += _PARTS.findall(run)
    return found
