"""Searching. Row security decides what is found, so what is counted, listed and suggested are the same rows.

The words are matched in `records_search_found` (migration 0012), a function that runs as the owner and applies the law
of visibility itself: under row security PostgreSQL may not use the index for `@@` (1.5 ms becomes a second at a million
rows). Candidates are cut off only after the invisible ones are gone, and the page reads its rows under row security
once more.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.words import words
from chancery.kernel.directory.models import Unit
from chancery.kernel.records.fileplan.models import PlanClass
from chancery.kernel.records.search.models import SearchEntry
from chancery.kernel.records.search.terms import Question, all_kinds, folded, question, stem_of

#: Ranked at most; a question that finds more is told to be narrower.
CANDIDATES = 2000
#: The same while someone types.
SUGGESTED = 400
_SNIPPET = 160


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search. `unit_ids` mean all that lies below them, too; `classes` of the file plan likewise."""

    kinds: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    unit_ids: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


def filters_of(asked: Mapping[str, Any]) -> Filters:
    """The filters that a page's address or a saved search names."""

    def several(name: str, of: Callable[[Any], Any] = str) -> tuple[Any, ...]:
        return (of(asked[name]),) if asked.get(name) else ()

    def day(name: str) -> dt.date | None:
        return dt.date.fromisoformat(asked[name]) if asked.get(name) else None

    return Filters(
        several("kind"), day("since"), day("until"), several("unit", int), several("label", int),
        several("class_code"), several("state"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found."""

    subject: str
    kind: str
    title: SafeString
    words: str
    snippet: SafeString
    url: str
    dated: dt.date
    label: int
    unit_id: int | None
    class_code: str
    state: str


#: How many have each value of a facet, and whether there may be more ("12+").
Counts = dict[Any, tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Result:
    """A page of things found. `total` counts what the asker may see, up to `CANDIDATES`; `more` says it goes beyond.

    `facets` counts the values of "kind", "unit", "label", "class" and "state", each under all filters but its own: what
    choosing that value would list.
    """

    rows: Sequence[Found] = ()
    total: int = 0
    more: bool = False
    facets: dict[str, Counts] = field(default_factory=dict)

    @property
    def kinds(self) -> dict[str, int]:
        """How many of each kind."""
        return {kind: n for kind, (n, _more) in self.facets.get("kind", {}).items()}


_FACETS = ("kind", "unit", "label", "class", "state")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What is ranked and counted; the rest of a row is read for one page only."""

    id: int
    kind: str
    dated: dt.date
    rank: float
    unit: int | None
    label: int
    class_: str
    state: str

    def value(self, facet: str) -> Any:
        """Its value of a facet."""
        return self.class_ if facet == "class" else getattr(self, facet)


def search(
    q: str,
    *,
    by: Actor,
    limit: int = 20,
    offset: int = 0,
    filters: Filters | None = None,
    prefix: bool = False,
    newest_first: bool = False,
    most: int | None = None,
) -> Result:
    """What `by` may see of what matches: best first, then newest first; or newest first."""
    asked = question(q, prefix=prefix)
    if asked is None:
        return Result()
    filters, most = filters or Filters(), most or CANDIDATES
    bare = Filters(since=filters.since, until=filters.until)
    with acting_as(by):
        base = _candidates(asked, bare, newest_first, most + 1)
        above = _units_above({c.unit for c in base if c.unit is not None}, filters.unit_ids)
        tests = _tests(filters, above)
        if len(base) <= most or filters == bare:
            known, chosen = base, [c for c in base if all(test(c) for test in tests.values())]
        else:
            chosen = _candidates(asked, filters, newest_first, most + 1)
            known = list({c.id: c for c in (*base, *chosen)}.values())
            above = _units_above({c.unit for c in known if c.unit is not None}, filters.unit_ids)
            tests = _tests(filters, above)
        total, more, partial = min(len(chosen), most), len(chosen) > most, len(base) > most
        order = (lambda c: (c.dated, c.id)) if newest_first else (lambda c: (c.rank, c.dated, c.id))
        chosen = sorted(chosen, key=order, reverse=True)[:most]
        rows = _rows([c.id for c in chosen[offset : offset + limit]])
    facets = {facet: _counted(facet, known, tests, (total, more), partial, filters, above) for facet in _FACETS}
    return Result([_found(row, asked) for row in rows], total, more, facets)


def _candidates(asked: Question, filters: Filters, newest_first: bool, most: int) -> list[_Candidate]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, kind, dated, rank, unit_id, label, class_code, state"
            " from records_search_found(%s::tsquery, %s::jsonb, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                asked.query,
                json.dumps(asked.says) if asked.says else None,
                list(asked.without) or None,
                list(filters.kinds) or None,
                filters.since,
                filters.until,
                list(filters.unit_ids) or None,
                list(filters.labels) or None,
                list(filters.classes) or None,
                list(filters.states) or None,
                newest_first,
                most,
            ],
        )
        return [_Candidate(*row) for row in cursor.fetchall()]


def _rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of a page, read under row security once more."""
    found = SearchEntry.objects.filter(id__in=ids).values(
        "id", "subject", "kind", "title_en", "title_zh", "body", "dated", "label", "unit_id", "class_code", "state"
    )
    by_id = {row["id"]: dict(row) for row in found}
    return [by_id[found_id] for found_id in ids if found_id in by_id]


#: Of each unit that occurs, the units that occur or are asked for at or above it.
_Above = dict[int, frozenset[int]]


def _units_above(units: set[int], asked: Sequence[int]) -> _Above:
    if not units:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select descendant_id, array_agg(ancestor_id) from directory_unitclosure"
            " where descendant_id = any(%s) and ancestor_id = any(%s) group by 1",
            [list(units), [*units, *asked]],
        )
        return {unit: frozenset(above) for unit, above in cursor.fetchall()}


def _classes_above(code: str) -> list[str]:
    """A class and those it lies under: "1.2-3" → "1.2-3", "1.2", "1"."""
    return [code, *(code[: mark.start()] for mark in re.finditer(r"[.-]", code))]


def _tests(filters: Filters, above: _Above) -> dict[str, Callable[[_Candidate], bool]]:
    """What each chosen filter lets through: the same as the database's."""
    tests: dict[str, Callable[[_Candidate], bool]] = {}
    if filters.kinds:
        tests["kind"] = lambda c: c.kind in filters.kinds
    if filters.unit_ids:
        tests["unit"] = lambda c: not above.get(c.unit or 0, frozenset()).isdisjoint(filters.unit_ids)
    if filters.labels:
        tests["label"] = lambda c: c.label in filters.labels
    if filters.classes:
        tests["class"] = lambda c: any(code in filters.classes for code in _classes_above(c.class_))
    if filters.states:
        tests["state"] = lambda c: c.state in filters.states
    return tests


def _counted(
    facet: str,
    known: Sequence[_Candidate],
    tests: dict[str, Callable[[_Candidate], bool]],
    listed: tuple[int, bool],
    partial: bool,
    filters: Filters,
    above: _Above,
) -> Counts:
    """How many have each value, under the other filters; a unit or a class has what lies below it, too."""
    others = [test for name, test in tests.items() if name != facet]
    values = [c.value(facet) for c in known if all(test(c) for test in others)]
    occurring = {value for value in values if value not in (None, "")}
    counts: dict[Any, int] = {}
    for value in values:
        within: Iterable[Any] = (value,)
        if facet == "unit":
            within = above.get(value, ())
        elif facet == "class":
            within = _classes_above(value)
        for one in within:
            if one in occurring:
                counts[one] = counts.get(one, 0) + 1
    chosen = {"kind": filters.kinds, "unit": filters.unit_ids, "label": filters.labels, "class": filters.classes,
              "state": filters.states}[facet]  # fmt: skip
    shown: Counts = {value: (n, partial) for value, n in counts.items()}
    return {**shown, chosen[0]: listed} if len(chosen) == 1 else shown


def found_ids(q: str, *, by: Actor, filters: Filters, most: int) -> list[int]:
    """The newest entries that match and that `by` may see, by their row numbers."""
    asked = question(q)
    if asked is None:
        return []
    with acting_as(by):
        found = _candidates(asked, filters, True, most)
    return [c.id for c in sorted(found, key=lambda c: (c.dated, c.id), reverse=True)]


def shown(ids: Sequence[int], q: str) -> list[Found]:
    """Entries by their row numbers, newest first, as far as the stamped actor may see them; highlighted for `q`."""
    asked = question(q)
    rows = sorted(_rows(ids), key=lambda row: (row["dated"], row["id"]), reverse=True)
    return [_found(row, asked) for row in rows] if asked else []


def unit_names(unit_ids: Iterable[int]) -> dict[int, str]:
    """What units are called, for facets."""
    rows = Unit.objects.filter(pk__in=list(unit_ids)).values("id", "name_en", "name_zh")
    return {row["id"]: words(row, "name") for row in rows}


def class_names(codes: Iterable[str]) -> dict[str, str]:
    """What classes of the file plan are called, after the latest version that has them."""
    rows = PlanClass.objects.filter(code__in=list(codes)).order_by("code", "-plan_id").distinct("code")
    return {row["code"]: words(row, "name") for row in rows.values("code", "name_en", "name_zh")}


def suggestions(q: str, *, by: Actor, limit: int = 8) -> list[Found]:
    """The best few while someone types; the last word may be unfinished."""
    return list(search(q, by=by, limit=limit, prefix=True, most=SUGGESTED).rows)


def _found(row: dict[str, Any], asked: Question) -> Found:
    return Found(
        subject=row["subject"],
        kind=row["kind"],
        title=highlighted(words(row, "title"), asked.words),
        words=words(row, "title"),
        snippet=snippet(row["body"], asked.words),
        url=_url(row["kind"], row["subject"]),
        dated=row["dated"],
        label=row["label"],
        unit_id=row["unit_id"],
        class_code=row["class_code"],
        state=row["state"],
    )


def _url(kind: str, subject: str) -> str:
    known = all_kinds().get(kind)
    if known is None:
        return ""
    try:
        return reverse(known.url_name, args=[subject.rpartition(":")[2]])
    except NoReverseMatch:
        return ""


def snippet(body: str, wanted: Sequence[str]) -> SafeString:
    """The place in `body` where most of the wanted words stand together, with the words marked."""
    if not body:
        return SafeString("")
    text = re.sub(r"\s+", " ", body)
    # Folding can change a text's length (½ → 1⁄2) and with it the places; small letters alone are then near enough.
    plain = folded(text)
    plain = plain if len(plain) == len(text) else text.lower()
    pattern = _pattern(wanted)
    places = [found.start() for found, _n in zip(pattern.finditer(plain), range(500), strict=False)] if pattern else []
    best = max(places, key=lambda place: sum(place <= other < place + _SNIPPET for other in places), default=0)
    start = max(0, best - 30)
    piece = text[start : start + _SNIPPET]
    marked = highlighted(piece, wanted)
    return mark_safe(("…" if start else "") + marked + ("…" if start + _SNIPPET < len(text) else ""))  # noqa: S308 - `highlighted` escapes


def highlighted(text: str, wanted: Sequence[str]) -> SafeString:
    """Text escaped, with the wanted words in <mark>."""
    pattern = _pattern(wanted)
    plain = folded(text)
    if pattern is None or len(plain) != len(text):
        return escape(text)
    pieces, end = [], 0
    for found in pattern.finditer(plain):
        pieces += [escape(text[end : found.start()]), "<mark>", escape(text[found.start() : found.end()]), "</mark>"]
        end = found.end()
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece of text is escaped above


def _pattern(wanted: Sequence[str]) -> re.Pattern[str] | None:
    if not wanted:
        return None
    longest_first = sorted(wanted, key=len, reverse=True)
    # Latin words are marked from their beginning (art is not marked in party), and whole in their other endings;
    # ideographs have no word boundary.
    endings = [
        rf"\b{stem_of(word).rstrip('i')}[a-z]{{0,3}}\b" for word in longest_first if re.fullmatch("[a-z]{4,}", word)
    ]
    literal = [rf"\b{re.escape(word)}" if word.isascii() else re.escape(word) for word in longest_first]
    return re.compile("|".join(endings + literal))
