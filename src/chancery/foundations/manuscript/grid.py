"""The grid of a table: where each cell stands once spans are counted."""

from __future__ import annotations

from collections.abc import Iterator

from chancery.foundations.manuscript import shape
from chancery.foundations.manuscript.shape import Node, children


def lay(table: Node) -> int:
    """Cut the spans that would leave the table or run into another cell, in place; the number of columns.

    A cell takes the first free place of its row, as in HTML.
    """
    rows = children(table)
    taken: list[set[int]] = [set() for _ in rows]
    for number, row in enumerate(rows):
        for cell in children(row):
            at = _first_free(taken[number])
            if at >= shape.MOST_COLUMNS:
                return at + 1
            span = cell["attrs"]
            span["colspan"] = _free_run(taken[number], at, span["colspan"])
            span["rowspan"] = min(span["rowspan"], len(rows) - number)
            for below in taken[number : number + span["rowspan"]]:
                below.update(range(at, at + span["colspan"]))
    return max((max(places, default=-1) + 1 for places in taken), default=0)


def fill(table: Node, width: int) -> None:
    """Give an empty cell to every place that no cell takes, in place."""
    rows = children(table)
    free = [width] * len(rows)
    for number, row in enumerate(rows):
        for cell in children(row):
            for below in range(number, number + cell["attrs"]["rowspan"]):
                free[below] -= cell["attrs"]["colspan"]
        children(row).extend(shape.cell() for _ in range(free[number]))


def placed(table: Node) -> Iterator[tuple[int, int, Node]]:
    """(row, column, cell) for each cell of a whole table."""
    rows = children(table)
    taken: list[set[int]] = [set() for _ in rows]
    for number, row in enumerate(rows):
        for cell in children(row):
            at = _first_free(taken[number])
            for below in taken[number : number + cell["attrs"]["rowspan"]]:
                below.update(range(at, at + cell["attrs"]["colspan"]))
            yield number, at, cell


def width_of(table: Node) -> int:
    """Columns of a whole table."""
    return max((column + cell["attrs"]["colspan"] for _row, column, cell in placed(table)), default=0)


def _first_free(taken: set[int]) -> int:
    at = 0
    while at in taken:
        at += 1
    return at


def _free_run(taken: set[int], at: int, wanted: int) -> int:
    run = 1
    while run < wanted and at + run not in taken:
        run += 1
    return run
