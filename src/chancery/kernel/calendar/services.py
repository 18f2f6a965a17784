"""Verbs: every change to the calendar, each with its reason, each in the journal.

Deadlines already set stay as they were set; the change counts from the next question on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import chinese_calendar
from chinese_calendar import constants
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook.terms import Profile
from chancery.foundations.verdict import Refused
from chancery.kernel.calendar import queries, rules
from chancery.kernel.calendar.models import AnnouncedYear, WorkingDay
from chancery.kernel.calendar.terms import EARLIEST_YEAR, LATEST_YEAR, DayKind


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that is a holiday, or a weekend day that is worked, as an announcement gives it."""

    day: dt.date
    kind: DayKind
    name_en: str
    name_zh: str


class PlainAlready(Refused):
    """The day already is what the change asks for."""


class YearUnknown(Refused):
    """The library does not know the year yet."""


@service
def mark_day(
    *,
    day: dt.date,
    kind: DayKind,
    name_en: str,
    name_zh: str,
    source: str,
    reason: str,
    by: Actor,
    at: dt.datetime,
) -> WorkingDay:
    """Make a day a holiday or an adjusted working day."""
    rules.may_edit_calendar(by).demand()
    _demand_reason(reason)
    if kind == DayKind.ADJUSTED and day.weekday() < 5:
        raise PlainAlready(_("A weekday is a working day already; only a weekend day can be adjusted."), field="kind")
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise Refused(
            _("The calendar holds the years %(first)s to %(last)s.") % {"first": EARLIEST_YEAR, "last": LATEST_YEAR},
            field="day",
        )
    before = WorkingDay.objects.select_for_update().filter(day=day).first()
    row, _created = WorkingDay.objects.update_or_create(
        day=day,
        defaults={
            "kind": kind,
            "name_en": name_en,
            "name_zh": name_zh or name_en,
            "source_en": source,
            "source_zh": source,
        },
    )
    journal.write(
        by=by,
        at=at,
        act="calendar_day.marked",
        on=f"calendar.workingday:{day.isoformat()}",
        data={
            "kind": kind,
            "was": before.kind if before else None,
            "name_en": name_en,
            "name_zh": name_zh,
            "source": source,
            "reason": reason,
        },
    )
    transaction.on_commit(queries.forget_amber)
    return row


@service
def clear_day(*, day: dt.date, reason: str, by: Actor, at: dt.datetime) -> None:
    """Let a day follow the plain Monday-to-Friday rule again."""
    rules.may_edit_calendar(by).demand()
    _demand_reason(reason)
    row = WorkingDay.objects.select_for_update().filter(day=day).first()
    if row is None:
        raise PlainAlready(_("This day follows the plain rule already."), field="day")
    journal.write(
        by=by,
        at=at,
        act="calendar_day.cleared",
        on=f"calendar.workingday:{day.isoformat()}",
        data={"was": row.kind, "name_en": row.name_en, "name_zh": row.name_zh, "reason": reason},
    )
    row.delete()
    transaction.on_commit(queries.forget_amber)


@service
def announce_year(
    *,
    year: int,
    days: Iterable[NamedDay],
    source: str,
    reason: str,
    by: Actor,
    at: dt.datetime,
    announced_on: dt.date | None = None,
) -> AnnouncedYear:
    """Settle a year: its special days are replaced by the announced ones and its deadlines stop being provisional."""
    rules.may_edit_calendar(by).demand()
    _demand_reason(reason)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Refused(
            _("The calendar holds the years %(first)s to %(last)s.") % {"first": EARLIEST_YEAR, "last": LATEST_YEAR},
            field="year",
        )
    rows = {day.day: day for day in days}
    for day in rows.values():
        if day.day.year != year:
            raise Refused(_("%(day)s is not in %(year)s.") % {"day": day.day.isoformat(), "year": year}, field="notice")
        if day.kind == DayKind.ADJUSTED and day.day.weekday() < 5:
            raise Refused(
                _("%(day)s is a weekday and worked already; only a weekend day can be adjusted.")
                % {"day": day.day.isoformat()},
                field="notice",
            )
    WorkingDay.objects.filter(day__year=year).delete()
    WorkingDay.objects.bulk_create(
        WorkingDay(
            day=row.day,
            kind=row.kind,
            name_en=row.name_en,
            name_zh=row.name_zh or row.name_en,
            source_en=source,
            source_zh=source,
        )
        for row in rows.values()
    )
    settled, _created = AnnouncedYear.objects.update_or_create(
        year=year, defaults={"source_en": source, "source_zh": source, "announced_on": announced_on}
    )
    journal.write(
        by=by,
        at=at,
        act="calendar_year.announced",
        on=f"calendar.announcedyear:{year}",
        data={
            "source": source,
            "reason": reason,
            "days": [[row.day.isoformat(), row.kind, row.name_en, row.name_zh] for row in rows.values()],
        },
    )
    transaction.on_commit(queries.forget_amber)
    return settled


def has_library() -> bool:
    """Whether the installed library tells of this site's holidays: it knows China's and no others."""
    return bool(settings.PROFILE == Profile.CN)


def library_years() -> tuple[int, int]:
    """The first and last year that the installed library knows."""
    years = {day.year for day in constants.holidays}
    return min(years), max(years)


def days_from_library(year: int) -> list[NamedDay]:
    """The special days of a year as the installed `chinesecalendar` knows them, or `YearUnknown`."""
    if not has_library():
        raise YearUnknown(
            _("There is no library of public holidays for this site; enter the days of the notice."), field="notice"
        )
    chinese = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    days = [
        NamedDay(day, kind, name, chinese[name])
        for kind, listed in ((DayKind.HOLIDAY, constants.holidays), (DayKind.ADJUSTED, constants.workdays))
        for day, name in listed.items()
        if day.year == year and not (kind == DayKind.ADJUSTED and day.weekday() < 5)
    ]
    if not days:
        raise YearUnknown(
            _("The installed library (chinesecalendar %(version)s) does not know %(year)s; enter the notice's days.")
            % {"version": chinese_calendar.__version__, "year": year},
            field="year",
        )
    return sorted(days, key=lambda row: row.day)


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the reason stays in the journal."), field="reason")
