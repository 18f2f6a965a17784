"""Words of numbers, and the series that apps declare."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from chancery.foundations.actor import Actor
    from chancery.foundations.verdict import Verdict
    from chancery.kernel.records.numbers.models import IssuedNumber


class NumberState(models.TextChoices):
    """A number is in use, or was given up."""

    ISSUED = "ISSUED", _("In use")
    VOID = "VOID", _("Voided")


@dataclass(frozen=True, slots=True)
class Series:
    """A declared series. Its pattern is the provision `number.<code>` of the rulebook, unless its function gives one.

    `may_void`: asked in place of the instrument's own rule before one of its numbers is given up.
    """

    code: str
    name_en: str
    name_zh: str
    may_void: Callable[[Actor, IssuedNumber], Verdict] | None = None


Named = Callable[[Collection[str]], Mapping[str, Series]]

_series: dict[str, Series] = {}
_sources: dict[str, Named] = {}


def register_series(code: str, name_en: str, name_zh: str) -> None:
    """Declare a number series; called from `AppConfig.ready`."""
    _series[code] = Series(code, name_en, name_zh)


def register_series_source(prefix: str, named: Named) -> None:
    """Declare series that a function keeps as rows: all whose code begins with `prefix`. Called from ready()."""
    _sources[prefix] = named


def series_named(codes: Iterable[str]) -> dict[str, Series]:
    """The series behind codes: the declared ones, and those that functions keep. One call a function."""
    wanted = set(codes)
    found = {code: _series[code] for code in wanted & _series.keys()}
    for prefix, named in _sources.items():
        theirs = {code for code in wanted - found.keys() if code.startswith(prefix)}
        if theirs:
            found.update(named(theirs))
    return found


def all_series() -> dict[str, Series]:
    """Every declared series by code."""
    return dict(_series)
