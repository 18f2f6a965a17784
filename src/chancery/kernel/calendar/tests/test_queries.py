"""Deadlines, checked against plain recomputation with the library they were seeded from."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.kernel.calendar import queries
from chancery.kernel.calendar.models import AnnouncedYear, WorkingDay

pytestmark = pytest.mark.django_db
ONE_DAY = dt.timedelta(days=1)
patient = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
days = st.dates(dt.date(2004, 1, 1), dt.date(2026, 4, 1))
units = st.sampled_from(["WD", "CD"])
plain_days = st.dates(dt.date(2030, 1, 1), dt.date(2090, 1, 1))


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def recomputed(start: dt.date, count: int, unit: str, works) -> dt.date:
    day = start
    if unit == "CD":
        day += count * ONE_DAY
    else:
        for _n in range(count):
            day += ONE_DAY
            while not works(day):
                day += ONE_DAY
    while not works(day):
        day += ONE_DAY
    return day


@pytest.mark.cn
@patient
@given(days)
def test_a_day_is_worked_exactly_when_the_library_says_so(day: dt.date) -> None:
    assert queries.is_working_day(day) == chinese_calendar.is_workday(day)


@pytest.mark.cn
@patient
@given(days, st.integers(0, 150), st.sampled_from(["WD", "CD"]))
def test_a_deadline_is_the_plain_recount(start: dt.date, count: int, unit: str) -> None:
    found = queries.due_date(start, count, unit)
    assert found == queries.Deadline(recomputed(start, count, unit, chinese_calendar.is_workday), False)


@pytest.mark.cn
@patient
@given(plain_days, st.integers(0, 400))
def test_beyond_the_announced_years_the_plain_week_counts_and_the_deadline_is_provisional(
    start: dt.date, count: int
) -> None:
    found = queries.due_date(start, count, "WD")
    assert found == queries.Deadline(recomputed(start, count, "WD", lambda day: day.weekday() < 5), True)


@patient
@given(days, st.integers(0, 200))
def test_counting_back_gives_the_length_of_the_period(start: dt.date, count: int) -> None:
    due = queries.due_date(start, count, "WD").due_on
    if count:
        assert queries.working_days_between(start, due) == count
        assert queries.working_days_between(due, start) == -count


@patient
@given(days, st.integers(0, 60), units, st.lists(st.tuples(days, st.integers(0, 20)), max_size=3))
def test_a_pause_never_brings_a_deadline_forward(start: dt.date, count: int, unit: str, spans: list) -> None:
    pauses = [(begins, begins + n * ONE_DAY) for begins, n in spans]
    plain = queries.due_date(start, count, unit)
    paused = queries.due_date_with_pauses(start, count, unit, pauses=pauses, today=start)
    assert paused.due_on >= plain.due_on


def test_the_first_day_is_not_counted() -> None:
    assert queries.due_date(on("2026-03-02"), 1, "WD").due_on == on("2026-03-03")


@pytest.mark.cn
def test_a_calendar_deadline_in_national_week_rolls_to_the_first_day_worked() -> None:
    assert queries.due_date(on("2026-09-21"), 10, "CD").due_on == on("2026-10-08")


@pytest.mark.cn
def test_a_saturday_that_is_worked_counts() -> None:
    assert queries.due_date(on("2026-10-09"), 1, "WD").due_on == on("2026-10-10")


@pytest.mark.cn
def test_a_deadline_that_reaches_an_unannounced_year_is_provisional() -> None:
    assert queries.due_date(on("2026-12-28"), 3, "WD") == queries.Deadline(on("2026-12-31"), False)
    assert queries.due_date(on("2026-12-28"), 10, "WD").provisional


@pytest.mark.cn
def test_a_period_that_runs_through_an_unannounced_year_into_an_announced_one_is_provisional() -> None:
    AnnouncedYear.objects.create(year=2028, source_en="a notice", source_zh="通知")
    assert queries.due_date(on("2026-12-28"), 300, "WD").due_on.year == 2028
    assert queries.due_date(on("2026-12-28"), 300, "WD").provisional


def test_a_long_closure_is_stepped_over() -> None:
    closure = [on("2027-01-01") + n * ONE_DAY for n in range(90)]
    WorkingDay.objects.bulk_create(
        WorkingDay(day=day, kind="HOLIDAY", name_en="Closed", name_zh="停", source_en="s", source_zh="s")
        for day in closure
    )
    assert queries.due_date(on("2026-12-31"), 1, "WD").due_on == on("2027-04-01")
    assert queries.due_date(on("2026-12-31"), 5, "CD").due_on == on("2027-04-01")


@pytest.mark.parametrize("count", [-1, 3661])
def test_an_absurd_period_is_an_error(count: int) -> None:
    with pytest.raises(ValueError, match="a period has"):
        queries.due_date(on("2026-03-02"), count)


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(ValueError, match="WD or CD"):
        queries.due_date(on("2026-03-02"), 1, "MD")


def test_paused_days_are_added_in_the_unit_of_the_period() -> None:
    start, pause = on("2026-03-02"), (on("2026-03-04"), on("2026-03-09"))
    plain = queries.due_date_with_pauses(start, 10, "WD", today=start)
    working = queries.due_date_with_pauses(start, 10, "WD", pauses=[pause], today=start)
    calendar = queries.due_date_with_pauses(start, 10, "CD", pauses=[pause], today=start)
    assert (plain.due_on, working.due_on, calendar.due_on) == (on("2026-03-16"), on("2026-03-19"), on("2026-03-17"))


def test_overlapping_pauses_count_once_and_an_open_one_runs_until_today() -> None:
    start = on("2026-03-02")
    pauses = [(on("2026-03-04"), on("2026-03-06")), (on("2026-03-05"), None)]
    found = queries.due_date_with_pauses(start, 10, "WD", pauses=pauses, today=on("2026-03-09"))
    assert found.due_on == on("2026-03-19")


def test_a_pause_after_the_deadline_changes_nothing() -> None:
    start = on("2026-03-02")
    found = queries.due_date_with_pauses(start, 2, "WD", pauses=[(on("2026-03-20"), None)], today=on("2026-03-25"))
    assert found.due_on == on("2026-03-04")


@pytest.mark.cn
@pytest.mark.parametrize(
    ("due", "standing"),
    [
        ("2026-09-29", "RED"),
        ("2026-09-30", "AMBER"),
        ("2026-10-08", "AMBER"),  # the next working day, over the National Day week
        ("2026-10-09", "ON_TIME"),
    ],
)
def test_a_deadline_is_amber_on_the_last_working_day_before_it_and_red_after_it(
    rulebook: None, due: str, standing: str
) -> None:
    assert queries.lateness(on(due), on("2026-09-30")) == standing


@pytest.mark.neutral
@patient
@given(st.dates(dt.date(2004, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 150))
def test_without_entered_holidays_the_plain_week_counts_and_nothing_is_provisional(start: dt.date, count: int) -> None:
    found = queries.due_date(start, count, "WD")
    assert found == queries.Deadline(recomputed(start, count, "WD", lambda day: day.weekday() < 5), False)


def test_nothing_due_is_never_late() -> None:
    assert queries.lateness(None, on("2026-09-30")) == "ON_TIME"


def test_a_page_of_deadlines_asks_the_database_twice(rulebook: None, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        for n in range(30):
            queries.lateness(on("2026-09-30") + n * ONE_DAY, on("2026-09-30"))
