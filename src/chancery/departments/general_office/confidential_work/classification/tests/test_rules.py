"""The arithmetic of periods."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from chancery.departments.general_office.confidential_work.classification import rules
from chancery.departments.general_office.confidential_work.classification.terms import PeriodKind

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))


@given(starts_on=DAYS, cap=st.integers(1, 30), years=st.integers(1, 60))
def test_a_number_of_years_ends_on_the_same_day_or_is_over_the_cap(starts_on, cap, years):
    verdict, last = rules.last_day(
        kind=PeriodKind.YEARS, years=years, until=None, condition="", starts_on=starts_on, cap=cap
    )
    assert bool(verdict) == (years <= cap)
    if verdict:
        assert last.year == starts_on.year + years
        assert (last.month, last.day) in {(starts_on.month, starts_on.day), (2, 28)}


@given(starts_on=DAYS, cap=st.integers(1, 30), days=st.integers(-400, 12_000))
def test_a_date_is_at_most_the_cap_away(starts_on, cap, days):
    until = starts_on + dt.timedelta(days=days)
    verdict, last = rules.last_day(
        kind=PeriodKind.DATE, years=None, until=until, condition="", starts_on=starts_on, cap=cap
    )
    assert bool(verdict) == (until <= rules.years_after(starts_on, cap))
    assert last <= rules.years_after(starts_on, cap)


@given(starts_on=DAYS, cap=st.integers(1, 30))
def test_a_condition_ends_at_the_cap_at_the_latest(starts_on, cap):
    verdict, last = rules.last_day(
        kind=PeriodKind.CONDITION, years=None, until=None, condition="published", starts_on=starts_on, cap=cap
    )
    assert verdict
    assert last == rules.years_after(starts_on, cap)
