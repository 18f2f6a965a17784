"""Pages of the calendar."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

import icalendar
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, anyone, door
from chancery.foundations.web.forms import refuse
from chancery.foundations.words import words
from chancery.kernel.calendar import queries, rules, services
from chancery.kernel.calendar.forms import AnnounceForm, DayForm, DeadlineForm
from chancery.kernel.calendar.models import AnnouncedYear, WorkingDay
from chancery.kernel.calendar.terms import EARLIEST_YEAR, LATEST_YEAR, DayKind


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day as the year view shows it. `kind` is rest, holiday, adjusted or work; None days pad a week."""

    day: dt.date
    kind: str
    name: str
    is_today: bool


Week = list["DayCell | None"]


@door()
def year_page(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Twelve months with their holidays and adjusted days."""
    today = clock.today()
    year = _year_in_range(year or today.year)
    special = queries.days_of(year)
    announced = AnnouncedYear.objects.filter(year=year).first()
    months = [_month(year, month, special, today) for month in range(1, 13)]
    cells = [cell for _first, weeks in months for week in weeks for cell in week if cell]
    return render(
        request,
        "calendar/year.html",
        {
            "year": year,
            "today": today,
            "months": months,
            "special": list(special.values()),
            "announced": announced,
            "working_days": sum(cell.kind in ("work", "adjusted") for cell in cells),
            "rest_days": sum(cell.kind in ("rest", "holiday") for cell in cells),
            "expected": _expected(year) if announced is None else "",
            "weekdays": list(zip(_weekday_marks(), _A_WEEK, strict=True)),
            "may_edit": rules.may_edit_calendar(actor_of(request)),
            "earlier": year - 1 if year > EARLIEST_YEAR else None,
            "later": year + 1 if year < LATEST_YEAR else None,
        },
    )


@door(rules.may_edit_calendar)
def day_page(request: HttpRequest, day: str) -> HttpResponse:
    """Change what one day is."""
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    _year_in_range(date.year)
    row = WorkingDay.objects.filter(day=date).first()
    initial = (
        {"kind": row.kind, "name_en": row.name_en, "name_zh": row.name_zh, "source": words(row, "source")}
        if row
        else {"kind": DayForm.PLAIN}
    )
    form = DayForm(request.POST or None, initial=initial)
    if form.is_valid() and _change_day(request, form, date):
        messages.success(request, _("%(day)s is changed.") % {"day": date.isoformat()})
        return redirect("calendar:year", year=date.year)
    subject = f"calendar.workingday:{date.isoformat()}"
    context = {
        "day": date,
        "row": row,
        "form": form,
        "entries": journal.timeline(subject),
        "trail": [*_trail(date.year), ("", date.isoformat())],
        "cancel": reverse("calendar:year", args=[date.year]),
    }
    return render(request, "calendar/day.html", context, status=_status(form))


@door(rules.may_edit_calendar)
def announce_page(request: HttpRequest) -> HttpResponse:
    """Settle a year from the library or from the notice."""
    form = AnnounceForm(request.POST or None, initial={"year": request.GET.get("year") or clock.today().year + 1})
    if form.is_valid() and _announce(request, form):
        return redirect("calendar:year", year=form.cleaned_data["year"])
    first, last = services.library_years() if services.has_library() else (0, 0)
    context = {
        "form": form,
        "library_first": first,
        "library_last": last,
        "trail": [*_trail(clock.today().year), ("", _("Announce a year"))],
        "cancel": reverse("calendar:this_year"),
    }
    return render(request, "calendar/announce.html", context, status=_status(form))


@door()
def deadline_page(request: HttpRequest) -> HttpResponse:
    """The deadline calculator: a plain GET form, so that an answer can be sent as a link."""
    form = DeadlineForm(request.GET or None, initial={"start": clock.today(), "unit": "WD", "count": 10})
    context: dict[str, Any] = {"form": form, "trail": [*_trail(clock.today().year), ("", _("Reckon a deadline"))]}
    if form.is_valid():
        data = form.cleaned_data
        pauses = [(data["paused_on"], data["resumed_on"])] if data["paused_on"] else []
        deadline = queries.due_date_with_pauses(
            data["start"], data["count"], data["unit"], pauses=pauses, today=clock.today()
        )
        context |= {
            "deadline": deadline,
            "days_on_the_way": WorkingDay.objects.filter(day__gt=data["start"], day__lte=deadline.due_on),
            "working_days": queries.working_days_between(data["start"], deadline.due_on),
            "calendar_days": (deadline.due_on - data["start"]).days,
        }
    return render(request, "calendar/deadline.html", context, status=_status(form))


@door(anyone, methods=("GET",), rate="60/m")
def ics(request: HttpRequest, year: int) -> HttpResponse:
    """The special days of a year as iCalendar (RFC 5545), for subscription."""
    feed = icalendar.Calendar()
    feed.add("prodid", "-//Chancery//Working days//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", _("Working days %(year)s") % {"year": year})
    for row in queries.days_of(_year_in_range(year)).values():
        event = icalendar.Event()
        event.add("uid", f"{row.day.isoformat()}@working-days.chancery")
        event.add("dtstamp", dt.datetime.combine(row.day, dt.time(), dt.UTC))
        event.add("dtstart", row.day)
        event.add("dtend", row.day + dt.timedelta(days=1))
        event.add("summary", f"{words(row, 'name')} ({DayKind(row.kind).label})")
        event.add("transp", "TRANSPARENT")
        event.add("categories", [row.kind])
        feed.add_component(event)
    response = HttpResponse(feed.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="working-days-{year}.ics"'
    return response


def _trail(year: int) -> list[tuple[str, str]]:
    return [(reverse("calendar:year", args=[year]), _("Working days %(year)s") % {"year": year})]


def _year_in_range(year: int) -> int:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Http404
    return year


_A_WEEK = [dt.date(2024, 1, n) for n in range(1, 8)]  # a Monday and the six days after it


def _weekday_marks() -> list[str]:
    """One or two letters a weekday, Monday first: seven columns fit a phone."""
    return pgettext("marks of the weekdays from Monday, separated by spaces", "M Tu W Th F Sa Su").split()


def _expected(year: int) -> str:
    """When the notice for a year is usually out: a month and day of the year before it."""
    month_day = rulebook.text("calendar.announcement_expected", on=clock.today())
    return f"{year - 1}-{month_day}"


def _status(form: DayForm | AnnounceForm | DeadlineForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _month(year: int, month: int, special: dict[dt.date, WorkingDay], today: dt.date) -> tuple[dt.date, list[Week]]:
    weeks: list[Week] = [
        [_cell(day, special.get(day), today) if day.month == month else None for day in week]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
    return dt.date(year, month, 1), weeks


def _cell(day: dt.date, row: WorkingDay | None, today: dt.date) -> DayCell:
    kind = row.kind.lower() if row else ("rest" if day.weekday() >= 5 else "work")
    return DayCell(day, kind, words(row, "name") if row else "", day == today)


def _change_day(request: HttpRequest, form: DayForm, day: dt.date) -> bool:
    data = form.cleaned_data
    by, at = actor_of(request), clock.now()
    try:
        if data["kind"] == DayForm.PLAIN:
            services.clear_day(day=day, reason=data["reason"], by=by, at=at)
        else:
            services.mark_day(
                day=day,
                kind=DayKind(data["kind"]),
                name_en=data["name_en"],
                name_zh=data["name_zh"],
                source=data["source"],
                reason=data["reason"],
                by=by,
                at=at,
            )
    except Refused as refusal:
        refuse(form, refusal)
        return False
    return True


def _announce(request: HttpRequest, form: AnnounceForm) -> bool:
    data = form.cleaned_data
    try:
        days = data["notice"] or services.days_from_library(data["year"])
        services.announce_year(
            year=data["year"],
            days=days,
            source=data["source"],
            announced_on=data["announced_on"],
            reason=data["reason"],
            by=actor_of(request),
            at=clock.now(),
        )
    except Refused as refusal:
        refuse(form, refusal)
        return False
    messages.success(
        request, _("%(year)s is announced with %(count)s special days.") % {"year": data["year"], "count": len(days)}
    )
    return True
