"""Reading a value by its unit: what an edit form or a TOML file may say, and how it is stored."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from chancery.foundations.rulebook.terms import NUMBERS, WHOLE, Unit
from chancery.foundations.verdict import Refused

_YES = {"yes", "true", "1", "是"}
_NO = {"no", "false", "0", "否"}


class BadValue(Refused):
    """The value cannot be read as its unit asks."""


def _bad(reason: object) -> BadValue:
    return BadValue(str(reason), field="value")


def clean(value: object, unit: str) -> str:
    """The value as it is stored, or `BadValue`. Numbers lose padding; times and days are checked; patterns compile."""
    written = ("yes" if value else "no") if isinstance(value, bool) else str(value).strip()
    if not written:
        raise _bad(_("A provision needs a value."))
    if unit in NUMBERS:
        return _number(written, unit)
    if unit == Unit.FLAG:
        if written.lower() in _YES:
            return "yes"
        if written.lower() in _NO:
            return "no"
        raise _bad(_("Write yes or no."))
    if unit == Unit.TIME:
        return _time(written)
    if unit == Unit.MONTH_DAY:
        return _month_day(written)
    if unit == Unit.PATTERN:
        try:
            re.compile(written)
        except re.error as error:
            raise _bad(_("This is not a regular expression: %(error)s") % {"error": error}) from None
    elif unit != Unit.TEXT:
        raise BadValue(str(_("“%(unit)s” is not a unit the rulebook knows.") % {"unit": unit}), field="unit")
    return written


def _number(written: str, unit: str) -> str:
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise _bad(_("“%(value)s” is not a number.") % {"value": written}) from None
    if not number.is_finite() or number < 0:
        raise _bad(_("The number must be zero or more."))
    if unit in WHOLE and number != number.to_integral_value():
        raise _bad(_("This unit takes whole numbers."))
    if unit == Unit.PERCENT and number > 100:
        raise _bad(_("A percentage goes up to 100."))
    if number >= 10**12:
        raise _bad(_("The number is too large."))
    return f"{number.normalize():f}"


def _time(written: str) -> str:
    try:
        return dt.time.fromisoformat(written).strftime("%H:%M")
    except ValueError:
        raise _bad(_("Write the time of day as 09:00.")) from None


def _month_day(written: str) -> str:
    try:
        # A leap year, so that 02-29 may be written.
        return dt.date.fromisoformat(f"2024-{written}").strftime("%m-%d")
    except ValueError:
        raise _bad(_("Write the day of the year as 06-30 (month-day).")) from None
