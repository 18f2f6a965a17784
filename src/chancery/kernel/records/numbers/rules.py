"""Who may give up a number, and when; how a number is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.numbers.terms import NumberState, series_named

REGISTRAR = "registrar"


class BadPattern(Refused):
    """The rulebook's pattern for a series cannot be used."""


_PLACE = re.compile(r"\{n(?::0(?P<width>\d{1,2}))?\}")


@dataclass(frozen=True, slots=True)
class NumberForm:
    """A pattern for one year, cut at the place of the number."""

    before: str
    width: int
    after: str


def form_of(pattern: str, year: int) -> NumberForm:
    """Read a pattern such as 收〔{year}〕{n}号 or IN-{year}-{n:04}. Exactly one {n} and one {year} must be in it."""
    places = list(_PLACE.finditer(pattern))
    if len(places) != 1 or pattern.count("{year}") != 1:
        raise BadPattern(
            _("The number pattern %(pattern)s needs {year} and {n} once each. Correct it in the rulebook.")
            % {"pattern": pattern}
        )
    before, after = pattern[: places[0].start()], pattern[places[0].end() :]
    width = int(places[0]["width"] or 1)
    return NumberForm(before.replace("{year}", str(year)), width, after.replace("{year}", str(year)))


def may_void(by: Actor, number: IssuedNumber) -> Verdict:
    """The registrar of the unit gives up a number, once; a series may have a rule of its own."""
    series = series_named([number.series]).get(number.series)
    if number.state != NumberState.VOID and series is not None and series.may_void is not None:
        return series.may_void(by, number)
    unit_id = number.guard.unit_id if number.guard else None
    if not (holds := access.holds_role(by, REGISTRAR, unit_id)):
        return holds
    if number.state == NumberState.VOID:
        return no(_("%(number)s is void already.") % {"number": number.text})
    return yes()


def gives_a_reason(reason: str) -> Verdict:
    """Giving up a number takes a reason."""
    if not reason.strip():
        return no(_("Say why the number is given up: it stays visible with the reason."), field="reason")
    return yes()
