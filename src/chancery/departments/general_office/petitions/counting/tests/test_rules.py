"""Small cells: nothing that was taken out is reckoned back; and what counts as a rise."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.departments.general_office.petitions.counting import rules
from chancery.departments.general_office.petitions.counting.rules import Cell

LEAST = 3


def completions(cells: Sequence[Cell], gone: set[Hashable], total: int) -> Iterator[dict[Hashable, int]]:
    """Every way to fill in what was taken out so that all sums agree: by trying, not by reckoning."""
    unknown = [cell for cell in cells if cell.key in gone]
    nodes = {node for cell in cells for node in (cell.begin, cell.end)}
    flows: dict[Hashable, int] = dict.fromkeys(nodes, 0)
    flows[rules.SOURCE], flows[rules.SINK] = total, -total
    for cell in cells:
        if cell.key not in gone:
            flows[cell.begin] -= cell.value
            flows[cell.end] += cell.value
    last = {node: max((n for n, c in enumerate(unknown) if node in (c.begin, c.end)), default=-1) for node in nodes}
    if any(flows[node] for node in nodes if last[node] < 0):
        return
    found: dict[Hashable, int] = {}

    def fill(place: int) -> Iterator[dict[Hashable, int]]:
        if place == len(unknown):
            yield dict(found)
            return
        cell = unknown[place]
        for value in range(total + 1):
            flows[cell.begin] -= value
            flows[cell.end] += value
            if all(flows[node] == 0 for node in (cell.begin, cell.end) if last[node] == place):
                found[cell.key] = value
                yield from fill(place + 1)
            flows[cell.begin] += value
            flows[cell.end] -= value

    yield from fill(0)


def told_apart(cells: Sequence[Cell], gone: set[Hashable], total: int) -> set[Hashable]:
    """What was taken out and can be only one number."""
    seen: dict[Hashable, set[int]] = {key: set() for key in gone}
    for one in itertools.islice(completions(cells, gone, total), 200_000):
        for key, value in one.items():
            seen[key].add(value)
        if all(len(values) > 1 for values in seen.values()):
            return set()
    return {key for key, values in seen.items() if len(values) == 1}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_no_number_of_a_list_is_reckoned_back(values: list[int]) -> None:
    cells, total = rules.one_way(dict(enumerate(values))), sum(values)
    gone = rules.hidden(cells, total, LEAST)
    assert not [cell for cell in cells if 0 < cell.value < LEAST and cell.key not in gone]
    if gone and total >= LEAST:
        assert told_apart(cells, gone, total) == set()


@settings(max_examples=120, deadline=None)
@given(st.integers(2, 3), st.integers(2, 3), st.data())
def test_no_number_of_a_table_is_reckoned_back_from_its_sums(rows: int, columns: int, data: Any) -> None:
    counts = {(r, c): data.draw(st.integers(0, 6)) for r in range(rows) for c in range(columns)}
    cells, total = rules.two_way(counts), sum(counts.values())
    gone = rules.hidden(cells, total, LEAST)
    assert not [cell for cell in cells if 0 < cell.value < LEAST and cell.key not in gone]
    if total >= LEAST and gone and len(gone) <= 9:
        assert told_apart(cells, gone, total) == set()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(5, 60), min_size=1, max_size=8))
def test_what_is_not_small_is_shown(values: list[int]) -> None:
    assert rules.hidden(rules.one_way(dict(enumerate(values))), sum(values), 5) == set()


def test_one_small_number_takes_another_with_it() -> None:
    gone = rules.hidden(rules.one_way({"a": 2, "b": 9, "c": 40}), 51, 5)
    assert gone == {"a", "b"}


def test_of_few_nothing_at_all_is_shown() -> None:
    cells = rules.one_way({"a": 1, "b": 3})
    assert rules.hidden(cells, 4, 5) == {"a", "b"}


@pytest.mark.parametrize(
    ("count", "mean", "is_rise"), [(3, 0.1, False), (5, 4.0, False), (12, 4.0, True), (4, 0.0, True), (4, 5.0, False)]
)
def test_a_rise_is_more_than_chance(count: int, mean: float, is_rise: bool) -> None:
    assert rules.rises(count, mean, least=4, chance=0.01) is is_rise


@given(st.integers(0, 40), st.floats(0.01, 30))
def test_the_chance_of_so_many_is_a_chance_and_falls_with_their_number(count: int, mean: float) -> None:
    assert 0 <= rules.chance_of(count + 1, mean) <= rules.chance_of(count, mean) <= 1
