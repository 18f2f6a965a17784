"""Questions to the calendar. Working days are public, so nothing here depends on who asks.

One deadline is one round trip to `calendar_due`; nothing is cached between transactions, so a corrected day counts
from the next question on, in every process.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import connection

from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.calendar.models import WorkingDay
from chancery.kernel.calendar.terms import LONGEST_PERIOD, DayKind

Unit = Literal["WD", "CD"]
Standing = Literal["ON_TIME", "AMBER", "RED"]
Pause = tuple[dt.date, dt.date | None]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day, and whether it touches a year whose working days are not announced yet."""

    due_on: dt.date
    provisional: bool


def due_date(start: dt.date, count: int, unit: Unit = "WD") -> Deadline:
    """The last day of a period of `count` working ("WD") or calendar ("CD") days that starts on `start`.

    The first day is not counted; a last day on a rest day rolls forward.
    """
    if not 0 <= count <= LONGEST_PERIOD:
        raise ValueError(f"a period has 0 to {LONGEST_PERIOD} days, not {count}")
    if unit not in ("WD", "CD"):
        raise ValueError(f"a period is counted in WD or CD, not {unit!r}")
    with connection.cursor() as cursor:
        cursor.execute(
            "select due, calendar_provisional(%s, due) from calendar_due(%s::date, %s, %s) due",
            [start, start, count, unit],
        )
        due, provisional = cursor.fetchone()
    return Deadline(due, provisional)


def is_working_day(day: dt.date) -> bool:
    """Whether the office works on `day`."""
    with connection.cursor() as cursor:
        cursor.execute("select calendar_is_working(%s::date)", [day])
        return bool(cursor.fetchone()[0])


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is the earlier day."""
    if end < start:
        return -working_days_between(end, start)
    with connection.cursor() as cursor:
        cursor.execute("select calendar_working_days(%s::date, %s::date)", [start, end])
        return int(cursor.fetchone()[0])


def due_date_with_pauses(
    start: dt.date, count: int, unit: Unit = "WD", *, pauses: Iterable[Pause] = (), today: dt.date
) -> Deadline:
    """`due_date`, moved on by the days on which the clock stood still.

    A pause is (first day, day of resuming); the days after its first day up to the resuming day are not counted, so a
    pause ended on the day it began costs nothing. An open pause (None) stands still up to `today`. Overlapping
    pauses count once.
    """
    deadline = due_date(start, count, unit)
    for begins, ends in merged_pauses(pauses, today=today):
        if begins >= deadline.due_on:
            break  # paused after it had run out: nothing left to stop
        begins = max(begins, start)
        if ends <= begins:
            continue
        count += (ends - begins).days if unit == "CD" else working_days_between(begins, ends)
        deadline = due_date(start, count, unit)
    return deadline


def merged_pauses(pauses: Iterable[Pause], *, today: dt.date) -> Sequence[tuple[dt.date, dt.date]]:
    """Pauses in order, overlaps joined, open ones closed at `today`."""
    merged: list[tuple[dt.date, dt.date]] = []
    for begins, ends in sorted((begins, ends or max(today, begins)) for begins, ends in pauses):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((begins, ends))
    return merged


# Amber is a colour, not a limit: a minute-old answer is good enough for it, and lists ask once a row.
_AMBER_FOR_SECONDS = 60.0
_amber: dict[dt.date, tuple[float, dt.date]] = {}


def amber_until(today: dt.date) -> dt.date:
    """The last due date that is "due soon" on `today`, as far ahead as `calendar.amber.days` says. Remembered for a
    minute."""
    known = _amber.get(today)
    if known and time.monotonic() - known[0] < _AMBER_FOR_SECONDS:
        return known[1]
    until = due_date(today, rulebook.days("calendar.amber.days", on=today), "WD").due_on
    if len(_amber) > 64:
        _amber.clear()
    _amber[today] = (time.monotonic(), until)
    return until


def lateness(due_on: dt.date | None, today: dt.date) -> Standing:
    """How a deadline stands: RED after its last day, AMBER from the working day before it, else ON_TIME."""
    if due_on is None:
        return "ON_TIME"
    if due_on < today:
        return "RED"
    return "AMBER" if due_on <= amber_until(today) else "ON_TIME"


def forget_amber() -> None:
    """Drop the remembered amber limits (after the calendar was edited)."""
    _amber.clear()


def days_of(year: int) -> dict[dt.date, WorkingDay]:
    """The days of a year that are holidays or adjusted working days."""
    return {row.day: row for row in WorkingDay.objects.filter(day__year=year)}


def rests(day: dt.date, special: dict[dt.date, WorkingDay]) -> bool:
    """Whether `day` is a rest day, given the year's special days."""
    found = special.get(day)
    return found.kind == DayKind.HOLIDAY if found else day.weekday() >= 5
