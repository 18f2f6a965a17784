"""The form of codes: what a pattern needs, and that no two places ever share a code."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive import rules
from chancery.kernel.records.archive.rules import Shelf, check_pattern, series_of

CN = "{fonds}-{category}·{year}·{period}·{unit}-{n:04}"
NEUTRAL = "{fonds}/{category}/{year}/{unit}/{n:05}"

code = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=6)
shelves = st.builds(
    Shelf,
    fonds_id=st.integers(1, 9),
    fonds=st.shared(code, key="fonds"),
    category=code,
    year=st.integers(1950, 2100),
    period=st.sampled_from(["Y", "D30", "D10", "P", "T7"]),
    unit=code,
)


def written(pattern: str, shelf: Shelf, n: int) -> str:
    _series, form = series_of(pattern, shelf)
    return f"{form.before}{n:0{form.width}}{form.after}"


def test_the_standards_own_example() -> None:
    assert written(CN, Shelf(1, "Z109", "WS", 2026, "D30", "BGS"), 1) == "Z109-WS·2026·D30·BGS-0001"
    assert written(NEUTRAL, Shelf(1, "A1", "REC", 2026, "T7", "GO"), 12) == "A1/REC/2026/GO/00012"


@given(shelves, shelves, st.integers(1, 99999), st.integers(1, 99999), st.sampled_from([CN, NEUTRAL]))
def test_two_codes_are_alike_only_in_one_series_and_year_at_one_number(
    one: Shelf, other: Shelf, n: int, m: int, pattern: str
) -> None:
    same = written(pattern, one, n) == written(pattern, other, m)
    shelves_alike = (series_of(pattern, one)[0].split(".")[2:], one.year, n) == (
        series_of(pattern, other)[0].split(".")[2:],
        other.year,
        m,
    )
    assert same == shelves_alike


@pytest.mark.parametrize(
    "pattern",
    [
        "{fonds}-{year}",
        "{fonds}-{n}",
        "{year}-{n}",
        "{fonds}-{year}-{n}-{n}",
        "{fonds}-{fonds}-{year}-{n}",
        "{fonds}{year}-{n}",
        "{fonds}-{year}X{n}",
        "{fonds}-{year}-{n}-{box}",
        "{fonds}-{year}-{n:04d}",
        "{fonds-{year}-{n}",
    ],
)
def test_a_pattern_that_could_not_tell_codes_apart_is_refused(pattern: str) -> None:
    with pytest.raises(Refused):
        check_pattern(pattern)


@given(st.integers(1950, 2200), st.one_of(st.none(), st.integers(1, 100)))
def test_a_period_begins_after_the_year_and_lasts_whole_years(year: int, years: int | None) -> None:
    first, last = rules.retained(year, years)
    assert first == dt.date(year + 1, 1, 1)
    assert last is None if years is None else last == dt.date(year + years, 12, 31)


@given(st.one_of(st.none(), st.integers(1, 100)), st.one_of(st.none(), st.integers(1, 100)))
def test_a_period_is_as_long_as_its_classes_or_longer(chosen: int | None, owed: int | None) -> None:
    far = 10_000
    assert bool(rules.is_long_enough(chosen, owed)) == ((chosen or far) >= (owed or far))
