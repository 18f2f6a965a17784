"""Tokens: how text is cut for the index and for a question; and the kinds of thing that can be found.

PostgreSQL's own parser never sees the text (it takes GB/T for a file path and -2012 for a number): tokens are cut here
with rjieba's dictionary and handed over as `tsvector` literals. A dictionary cuts a name differently in different
surroundings (林舒 | 林 舒手), so every pair of neighbouring ideographs is indexed as well; a question falls back on the
pairs and so never misses what stands there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rjieba

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Raise it when the dictionary or the cutting changes; `reindex` cuts older entries anew.
TOKENIZER = 1
LONGEST_QUESTION = 200
#: Text taken into the index of one thing; the rest is stored, and not found by its words.
LONGEST_BODY = 400_000

_WORD = re.compile(r"\w")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2,}")
_COMPOUND = re.compile(r"[^\W_]+(?:[-._+@'][^\W_]+)+", re.ASCII)  # 33480-2016, 9704.1, a_b: found by their parts, too
_PARTS = re.compile(r"[^\W_]+", re.ASCII)
_PHRASE = re.compile(r'["“”]([^"“”]+)["“”]')
# Limits of tsvector: positions to 16,383, 255 places a word, a word of 2 kB, 1 MB in all.
_LAST_POSITION, _MOST_PLACES, _LONGEST_WORD = 16_383, 200, 100


def folded(text: str) -> str:
    """One width, small letters: the form in which words and phrases are compared."""
    return unicodedata.normalize("NFKC", text).lower()


def _pairs(text: str) -> list[str]:
    return [run[i : i + 2] for run in _IDEOGRAPHS.findall(text) for i in range(len(run) - 1)]


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def vector(title: str, body: str = "") -> str:
    """A `tsvector` literal: words of the title weigh A, those of the body D."""
    places: dict[str, list[str]] = {}
    bare: dict[str, None] = {}
    position, room = 0, 900_000
    for weight, text in (("A", folded(title)), ("", folded(body)[:LONGEST_BODY])):
        for word in rjieba.cut_for_search(text):
            if not _WORD.search(word):
                continue
            position = min(position + 1, _LAST_POSITION)
            token = word[:_LONGEST_WORD]
            found = places.get(token)
            if found is None:
                room -= len(token.encode()) + 8
                if room < 0:
                    break
                found = places[token] = []
                if _COMPOUND.fullmatch(token):
                    bare.update(dict.fromkeys(_PARTS.findall(token)))
            if len(found) < _MOST_PLACES:
                found.append(f"{position}{weight}")
        bare.update(dict.fromkeys(_pairs(text)))
        bare.update(dict.fromkeys(run[-1] for run in _IDEOGRAPHS.findall(text)))  # a pair begins with every other one
    pieces = [f"{_quoted(token)}:{','.join(found)}" for token, found in places.items()]
    for pair in bare:
        if pair not in places:
            room -= 8
            if room < 0:
                break
            pieces.append(_quoted(pair))
    return " ".join(pieces)


@dataclass(frozen=True, slots=True)
class Question:
    """A question cut up: the `tsquery` literal, the phrases that must stand word for word, the words to highlight."""

    query: str
    phrases: tuple[str, ...]
    words: tuple[str, ...]


def question(text: str, *, prefix: bool = False) -> Question | None:
    """Cut a question; None when nothing in it can be looked for. "…" marks a phrase; with `prefix` the last word may be
    unfinished (suggestions while typing)."""
    plain = folded(text[:LONGEST_QUESTION])
    phrases = tuple(phrase.strip() for phrase in _PHRASE.findall(plain) if _WORD.search(phrase))
    rest = _PHRASE.sub(" ", plain).replace('"', " ")
    words = [word for word in rjieba.cut(" ".join([rest, *phrases])) if _WORD.search(word)]
    if not words:
        return None
    loose = [word for word in rjieba.cut(rest) if _WORD.search(word)]
    asked = [_asked(word, prefix=False) for word in dict.fromkeys(words)]
    if prefix and loose:
        asked[list(dict.fromkeys(words)).index(loose[-1])] = _asked(loose[-1], prefix=True)
    return Question(" & ".join(asked), phrases, tuple(dict.fromkeys([*phrases, *loose])))


def _asked(word: str, *, prefix: bool) -> str:
    token = _quoted(word[:_LONGEST_WORD]) + (":*" if prefix else "")
    pairs = _pairs(word)
    if len(pairs) > 1:
        return f"({token} | ({' & '.join(map(_quoted, pairs))}))"
    if len(word) == 1 and _IDEOGRAPHS.match(word * 2):
        # A single ideograph stands alone in the index only where the dictionary cut it off: look inside words, too.
        return f"{_quoted(word)}:*"
    return token


@dataclass(frozen=True, slots=True)
class SearchKind:
    """A kind of thing that can be found: its words, and the URL name of its page, which takes the key."""

    code: str
    name: StrOrPromise
    url_name: str


_kinds: dict[str, SearchKind] = {}


def register_search_kind(code: str, name: StrOrPromise, url_name: str) -> None:
    """Declare what a kind is called and where its page is; called from `AppConfig.ready`."""
    _kinds[code] = SearchKind(code, name, url_name)


def all_kinds() -> dict[str, SearchKind]:
    """Every declared kind by code."""
    return dict(_kinds)
