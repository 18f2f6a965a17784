"""The clock is injectable and knows the site's day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations import clock

LATE = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)  # 07:30 on the 21st in Shanghai

zones = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=8))])
moments = st.datetimes(
    dt.datetime(1990, 1, 1),  # noqa: DTZ001  # hypothesis wants its bounds naive
    dt.datetime(2199, 1, 1),  # noqa: DTZ001  # as above: naive bounds
    timezones=zones,
)


def test_the_present_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == dt.timedelta(0)


def test_the_day_is_the_sites(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    assert clock.date_of(LATE) == dt.date(2026, 11, 21)
    with clock.fixed_at(LATE):
        assert clock.today() == dt.date(2026, 11, 21)


@given(moments, moments)
def test_a_fixed_clock_holds_nests_and_runs_on_after(outer: dt.datetime, inner: dt.datetime) -> None:
    before = clock.now()
    with clock.fixed_at(outer):
        assert clock.now() == outer
        with clock.fixed_at(inner) as held:
            assert clock.now() == held == inner
        assert clock.now() == outer
        assert clock.now().utcoffset() == dt.timedelta(0)
    assert clock.now() >= before


def test_the_clock_runs_on_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), clock.fixed_at(LATE):
        raise ZeroDivisionError
    assert clock.now() != LATE


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.fixed_at(dt.datetime(2026, 11, 20)):  # noqa: DTZ001  # the point of the test
        pass


def test_the_fixed_clock_does_not_leak_into_another_thread() -> None:
    import threading

    told: list[dt.datetime] = []
    with clock.fixed_at(LATE):
        thread = threading.Thread(target=lambda: told.append(clock.now()))
        thread.start()
        thread.join()
    assert told[0] != LATE
