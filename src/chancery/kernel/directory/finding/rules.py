"""What a text is found by, and what a question asks for. Pure.

A Latin word is found by its beginning. Chinese has no spaces: every place in a run of characters begins a key of up to
eight characters, so that any piece of the run is found by its beginning too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 8
_WORD = re.compile(r"[a-zÀ-ɏ0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_LETTERS = str.maketrans("üǖǘǚǜ", "vvvvv")


def fold(text: str) -> str:
    """Lower case, ü as pinyin keyboards type it."""
    return text.casefold().translate(_LETTERS)


def words_of(text: str) -> list[str]:
    """The Latin words and numbers of a text."""
    return _WORD.findall(fold(text))


def tails(text: str) -> set[str]:
    """The keys of the Chinese runs of a text."""
    return {run[place : place + LONGEST] for run in _HAN.findall(text) for place in range(len(run))}


def syllables_of(text: str) -> list[str]:
    """The pinyin of the Chinese characters of a text."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take 50 MB, and only who writes a name needs them

    return [fold(part) for part in lazy_pinyin(text, style=Style.NORMAL, errors="ignore") if part.isalpha()]


def name_keys_of(name_en: str, name_zh: str) -> set[str]:
    """A name's words, its Chinese tails, and its pinyin and initials: "办公厅" is found by bangongting and bgt."""
    keys = set(words_of(name_en)) | tails(name_zh)
    for chain in (words_of(name_en), syllables_of(name_zh)):
        keys.update("".join(chain[place:])[:40] for place in range(len(chain)))
        if len(chain) > 1:
            keys.add("".join(part[0] for part in chain)[:40])
    return keys


def as_vector(keys: Iterable[str], weaker: Iterable[str] = ()) -> str:
    """Keys as a tsvector literal: the first of weight A, the second D."""
    strong = set(keys)
    return " ".join(
        [f"'{key}':1A" for key in sorted(strong) if key] + [f"'{key}':2" for key in sorted(set(weaker) - strong) if key]
    )


def unit_keys(name_en: str, name_zh: str, functions_en: str, functions_zh: str) -> str:
    """What a unit is found by: its names first, then what it does."""
    return as_vector(name_keys_of(name_en, name_zh), set(words_of(functions_en)) | tails(functions_zh))


def post_keys(title_en: str, title_zh: str) -> str:
    """What a post is found by."""
    return as_vector(name_keys_of(title_en, title_zh))


def question(text: str) -> str:
    """What someone typed, as a tsquery literal: every word must begin some key. Empty when nothing is asked."""
    return " & ".join(f"'{piece}':*" for piece in pieces_of(text))


def pieces_of(text: str) -> list[str]:
    """The words of what someone typed, at most twelve, each of which must begin some key."""
    pieces = words_of(text)
    for run in _HAN.findall(text):
        pieces += [run[place : place + LONGEST] for place in range(0, len(run), LONGEST)]
    return list(dict.fromkeys(pieces[:12]))
