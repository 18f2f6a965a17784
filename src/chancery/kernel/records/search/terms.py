"""Tokens: how text is cut for the index and for a question; and the kinds of thing that can be found.

PostgreSQL's own parser never sees the text (it takes GB/T for a file path and -2012 for a number): tokens are cut here
with rjieba's dictionary and handed over as `tsvector` literals. A dictionary cuts a name differently in different
surroundings (林舒 | 林 舒手), so every pair of neighbouring ideographs is indexed as well; a question falls back on the
pairs and so never misses what stands there. Traditional characters are indexed as simplified ones, and an English word
under its stem too (notices, notice). A phrase in quotation marks is looked for as it is written.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import opencc
import rjieba
import snowballstemmer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Raise it when the dictionary or the cutting changes; `reindex` cuts older entries anew.
TOKENIZER = 2
LONGEST_QUESTION = 200
#: Text taken into the index of one thing; the rest is stored, and not found by its words.
LONGEST_BODY = 400_000

_WORD = re.compile(r"\w")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2,}")
_COMPOUND = re.compile(r"[^\W_]+(?:[-._+@'][^\W_]+)+", re.ASCII)  # 33480-2016, 9704.1, a_b: found by their parts, too
_PARTS = re.compile(r"[^\W_]+", re.ASCII)
_ENGLISH = re.compile(r"[a-z]{4,}")
_TERM = re.compile(
    r"""(?P<not>(?<!\S)-(?=[\w"“]))?(?:(?P<field>(?i:title|number)|标题|题名|文号|档号):)?"""
    r"""(?:["“”](?P<phrase>[^"“”]+)["“”]|(?P<bare>[^\s"“”]+))"""
)
# Limits of tsvector: positions to 16,383, 255 places a word, a word of 2 kB, 1 MB in all.
_LAST_POSITION, _MOST_PLACES, _LONGEST_WORD = 16_383, 200, 100


def folded(text: str) -> str:
    """One width, small letters: the form in which words and phrases are compared."""
    return unicodedata.normalize("NFKC", text).lower()


_stemmer = snowballstemmer.stemmer("english")


@functools.cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified, sign by sign: what stands around a sign must not change how it is indexed."""
    signs = "".join(map(chr, range(0x3400, 0xA000)))
    simple = opencc.OpenCC("t2s").convert("\n".join(signs)).split("\n")
    return {ord(sign): other for sign, other in zip(signs, simple, strict=True) if sign != other}


def _plain(text: str) -> str:
    """Folded text in simplified characters."""
    return text.translate(_simplified())


@functools.lru_cache(maxsize=50_000)
def stem_of(word: str) -> str:
    """The stem of an English word; the word itself where it has none or is none."""
    stem: str = _stemmer.stemWord(word) if _ENGLISH.fullmatch(word) else word
    return stem


def _pairs(text: str) -> list[str]:
    return [run[i : i + 2] for run in _IDEOGRAPHS.findall(text) for i in range(len(run) - 1)]


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def vector(title: str, body: str = "") -> str:
    """A `tsvector` literal: words of the title weigh A, those of the body D."""
    places: dict[str, list[str]] = {}
    bare: dict[str, None] = {}
    position, room = 0, 900_000
    for weight, text in (("A", _plain(folded(title))), ("", _plain(folded(body)[:LONGEST_BODY]))):
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
                bare[stem_of(token)] = None
            if len(found) < _MOST_PLACES:
                found.append(f"{position}{weight}")
        bare.update(dict.fromkeys(_pairs(text)))
        bare.update(dict.fromkeys(run[-1] for run in _IDEOGRAPHS.findall(text)))  # a pair begins with every other one
    pieces = [f"{_quoted(token)}:{','.join(found)}" for token, found in places.items()]
    for token in bare:
        if token not in places:
            room -= len(token) + 6
            if room < 0:
                break
            pieces.append(_quoted(token))
    return " ".join(pieces)


@dataclass(frozen=True, slots=True)
class Question:
    """A question cut up: the `tsquery` literal; what the text must say, one of each group ({"title": …}, {"text": …});
    what it must not say; the words to highlight."""

    query: str
    says: tuple[tuple[dict[str, str], ...], ...]
    without: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """One word or phrase of a question, as cut."""

    cut: tuple[str, ...]
    text: str
    place: str  # "": anywhere, by its words; "text", "title": word for word

    def query(self, *, prefix: bool) -> str:
        """Its part of the `tsquery`."""
        last = len(self.cut) - 1
        return " & ".join(_asked(word, prefix=prefix and n == last) for n, word in enumerate(self.cut))


def question(text: str, *, prefix: bool = False) -> Question | None:
    """Cut a question; None when nothing in it can be looked for.

    "…" marks a phrase, a minus before it what must not be there, OR (or |) lets either do, title: and number: say where
    it must stand word for word. With `prefix` the last word may be unfinished (suggestions while typing).
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_QUESTION])
    groups: list[list[_Term]] = []
    refused: list[_Term] = []
    either = False
    for found in _TERM.finditer(plain):
        if found[0] in ("OR", "|"):
            either = True
            continue
        term = _term(found)
        if term is None:
            continue
        if found["not"]:
            refused.append(term)
        elif either and groups:
            groups[-1].append(term)
        else:
            groups.append([term])
        either = False
    if not groups:
        return None
    last = groups[-1][-1]
    asked = [
        "(" + " | ".join(f"({term.query(prefix=prefix and term is last and not term.place)})" for term in group) + ")"
        if len(group) > 1
        else group[0].query(prefix=prefix and group[0] is last and not last.place)
        for group in groups
    ]
    asked += [f"!{term.query(prefix=False)}" for term in refused if not term.place and len(term.cut) == 1]
    every = [term for group in groups for term in group]
    shown = [term.text for term in every if term.place]
    shown += [word for t in every if not t.place for word in (*t.cut, *_cut(t.text))]
    return Question(
        " & ".join(asked),
        tuple(tuple({t.place or "text": t.text} for t in group) for group in groups if any(t.place for t in group)),
        tuple(term.text for term in refused if term.place or len(term.cut) > 1),
        tuple(dict.fromkeys(shown)),
    )


def _term(found: re.Match[str]) -> _Term | None:
    text = (found["phrase"] or found["bare"] or "").lower().strip().strip('"“”')
    cut = _cut(_plain(text))
    if not cut:
        return None
    place = {"title": "title", "标题": "title", "题名": "title"}.get((found["field"] or "").lower(), "")
    return _Term(cut, text, place or ("text" if found["phrase"] or found["field"] else ""))


def _cut(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in rjieba.cut(text) if _WORD.search(word)))


def _asked(word: str, *, prefix: bool) -> str:
    token = _quoted(word[:_LONGEST_WORD]) + (":*" if prefix else "")
    if (stem := stem_of(word)) != word:
        return f"({token} | {_quoted(stem)})"
    if _COMPOUND.fullmatch(word):  # a code is found however its parts are joined
        return f"({token} | ({' & '.join(map(_quoted, _PARTS.findall(word)))}))"
    pairs = _pairs(word)
    if len(pairs) > 1:
        return f"({token} | ({' & '.join(map(_quoted, pairs))}))"
    if len(word) == 1 and _IDEOGRAPHS.match(word * 2):
        # A single ideograph stands alone in the index only where the dictionary cut it off: look inside words, too.
        return f"{_quoted(word)}:*"
    return token


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing for the index. `class_code` is its class in the file plan, `state` where it stands, as its kind says."""

    guard_id: int
    kind: str
    subject: str
    dated: dt.date
    title_en: str = ""
    title_zh: str = ""
    body: str = ""
    unit_id: int | None = None
    label: int = 0
    class_code: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class SearchKind:
    """A kind of thing that can be found: its words, the URL name of its page, which takes the key, the words of its
    states by code (what two kinds call alike has one code)."""

    code: str
    name: StrOrPromise
    url_name: str
    states: Mapping[str, StrOrPromise] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where things come from that do not index themselves. `subject` "directory.unit" makes "directory.unit:5", and is
    what the triggers on its tables note (`records_search_due`, migration 0016); `entries(keys, today)` reads those rows
    of `table` as the system, and what it leaves out is taken out of the index."""

    table: str
    subject: str
    entries: Callable[[Sequence[int], dt.date], Iterable[Entry]]


_kinds: dict[str, SearchKind] = {}
_sources: dict[str, Source] = {}


def register_search_kind(
    code: str, name: StrOrPromise, url_name: str, states: Mapping[str, StrOrPromise] | None = None
) -> None:
    """Declare what a kind is called, where its page is, what its states are called; from `AppConfig.ready`."""
    _kinds[code] = SearchKind(code, name, url_name, states or {})


def register_search_source(source: Source) -> None:
    """Declare where things come from that do not index themselves; from `AppConfig.ready`."""
    _sources[source.subject] = source


def all_kinds() -> dict[str, SearchKind]:
    """Every declared kind by code."""
    return dict(_kinds)


def all_states() -> dict[str, StrOrPromise]:
    """The words of every declared state by code."""
    return {code: words for kind in _kinds.values() for code, words in kind.states.items()}


def all_sources() -> dict[str, Source]:
    """Every declared source by subject."""
    return dict(_sources)
