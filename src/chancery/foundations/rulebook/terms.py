"""Units of provisions, profiles, and the words of the rulebook's acts."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Profile(models.TextChoices):
    """Which body of rules a site runs on (`CHANCERY_PROFILE`)."""

    CN = "cn", _("China")
    NEUTRAL = "neutral", _("Neutral")


class Unit(models.TextChoices):
    """What a value counts. The unit decides how the value is read (`VALUE_KIND`)."""

    WORKING_DAYS = "WD", _("working days")
    CALENDAR_DAYS = "CD", _("calendar days")
    MONTHS = "MONTHS", _("months")
    YEARS = "YEARS", _("years")
    HOURS = "HOURS", _("hours")
    MINUTES = "MINUTES", _("minutes")
    TIME = "TIME", _("time of day")
    MONTH_DAY = "MONTH_DAY", _("day of the year")
    MEGABYTES = "MB", _("MB")
    COUNT = "COUNT", _("count")
    PERCENT = "PERCENT", _("per cent")
    TEXT = "TEXT", _("text")
    PATTERN = "PATTERN", _("pattern")
    FLAG = "FLAG", _("yes or no")


class Origin(models.TextChoices):
    """Who wrote a provision."""

    SHIPPED = "SHIPPED", _("Shipped")
    SITE = "SITE", _("This site")


DAYS = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS})
WHOLE = frozenset({*DAYS, Unit.MONTHS, Unit.YEARS, Unit.COUNT, Unit.MINUTES})
NUMBERS = frozenset({*WHOLE, Unit.HOURS, Unit.MEGABYTES, Unit.PERCENT})
WORDS = frozenset({Unit.TEXT, Unit.PATTERN, Unit.TIME, Unit.MONTH_DAY})


def counted(number: Decimal, unit: str) -> str:
    """A number with its unit in words: "1 working day", "3 working days"."""
    told = {"n": f"{number:f}"}
    n = 1 if number == 1 else 2  # English has one and many; half an hour is many
    match unit:
        case Unit.WORKING_DAYS:
            return ngettext("%(n)s working day", "%(n)s working days", n) % told
        case Unit.CALENDAR_DAYS:
            return ngettext("%(n)s calendar day", "%(n)s calendar days", n) % told
        case Unit.MONTHS:
            return ngettext("%(n)s month", "%(n)s months", n) % told
        case Unit.YEARS:
            return ngettext("%(n)s year", "%(n)s years", n) % told
        case Unit.HOURS:
            return ngettext("%(n)s hour", "%(n)s hours", n) % told
        case Unit.MINUTES:
            return ngettext("%(n)s minute", "%(n)s minutes", n) % told
        case Unit.MEGABYTES:
            return f"{number:f} MB"
        case Unit.PERCENT:
            return f"{number:f} %"
    return f"{number:f}"


ACTS = {
    "provision.loaded": _("Provision loaded"),
    "provision.amended": _("Provision amended"),
    "provision.corrected": _("Provision corrected"),
    "provision.ended": _("Provision ended"),
}
