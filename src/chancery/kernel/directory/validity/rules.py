"""What a change on a day does to a chain of terms: pure, so that it can be tested against plain recomputation.

Each fact is a step function of the day. Recording value `v` from day `d` replaces the value the fact had on `d`, from
`d` until the next day on which it already changed to something else: a change entered late does not overwrite what
was decided to follow it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Refused


class NotThere(Refused):
    """The thing does not exist on that day."""


@dataclass(frozen=True, slots=True)
class Term:
    """Facts that held from `start` until (not including) `end`. `id` None: not stored yet."""

    id: int | None
    start: dt.date
    end: dt.date | None
    facts: Mapping[str, Any]

    def holds_on(self, day: dt.date) -> bool:
        """True when the term covers the day."""
        return self.start <= day and (self.end is None or day < self.end)


def change(terms: Sequence[Term], on: dt.date, changes: Mapping[str, Any]) -> list[Term]:
    """The chain after `changes` take effect on day `on`. Terms left as they were come back as the same objects."""
    chain = sorted(terms, key=lambda term: term.start)
    at = next((place for place, term in enumerate(chain) if term.holds_on(on)), None)
    if at is None:
        raise NotThere(_("It does not exist on that day."), field="on")
    now = chain[at]
    new = {name: value for name, value in changes.items() if now.facts[name] != value}
    if not new:
        return chain
    later = [now if now.start == on else Term(None, on, now.end, now.facts), *chain[at + 1 :]]
    for name, value in new.items():
        for place, term in enumerate(later):
            if term.facts[name] != now.facts[name]:
                break
            later[place] = replace(term, facts={**term.facts, name: value})
    earlier = chain[:at]
    if now.start != on:
        earlier = [*earlier, replace(now, end=on)]
    return [*earlier, *later]


def cut(terms: Sequence[Term], on: dt.date) -> list[Term]:
    """The chain when the thing ends on day `on`: terms beginning on or after it are left out."""
    return [
        term if term.end is not None and term.end <= on else replace(term, end=on)
        for term in sorted(terms, key=lambda term: term.start)
        if term.start < on
    ]
