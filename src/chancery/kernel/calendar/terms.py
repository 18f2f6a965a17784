"""Words of the calendar."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """How a day differs from the plain Monday-to-Friday rule."""

    HOLIDAY = "HOLIDAY", _("Holiday")
    ADJUSTED = "ADJUSTED", _("Adjusted working day")


class CountUnit(models.TextChoices):
    """What a period is counted in."""

    WORKING = "WD", _("working days")
    CALENDAR = "CD", _("calendar days")


class Lateness(models.TextChoices):
    """How a deadline stands today."""

    ON_TIME = "ON_TIME", _("On time")
    AMBER = "AMBER", _("Due soon")
    RED = "RED", _("Overdue")


#: Periods longer than this are a typing slip, not a deadline.
LONGEST_PERIOD = 3660
EARLIEST_YEAR, LATEST_YEAR = 1990, 2200

EDITOR_ROLE = "calendar_editor"

ACTS = {
    "calendar_day.marked": _("Day marked"),
    "calendar_day.cleared": _("Day follows the plain rule again"),
    "calendar_year.announced": _("Year announced"),
}
