"""Who counts and releases; which cells are taken out so that none is reckoned back; what rises."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.counting.terms import Adopted
from chancery.departments.general_office.petitions.terms import HEAD, OFFICER, REGISTRAR
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access.queries import roles_of

if TYPE_CHECKING:
    import datetime as dt

    from chancery.departments.general_office.petitions.counting.models import PetitionRecommendation

UNIT_HEADS = ("head", "deputy_head")
SOURCE, SINK, TOTAL = "source", "sink", "total"


class TooSoon(Refused):
    """The year is not over."""


def may_count(by: Actor) -> Verdict:
    """Petition staff: registrars, officers, the head."""
    if by.is_system or set(roles_of(by)) & {REGISTRAR, OFFICER, HEAD}:
        return yes()
    return no(_("Exact figures are for those who register and decide; released ones are for everybody."))


def may_release(by: Actor, unit_id: int | None = None) -> Verdict:
    """The head."""
    return access_rules.holds_role(by, HEAD, unit_id)


def is_over(year: int, today: dt.date) -> Verdict:
    """A year is released once, after its end: figures that still grow could be subtracted from one another."""
    if year < today.year:
        return yes()
    return no(_("A year is released when it is over."), field="year", refusal=TooSoon)


# --- Recommendations -------------------------------------------------------------------------------------------------
def may_recommend(by: Actor, unit_id: int | None = None) -> Verdict:
    """Officers and the head."""
    if access_rules.holds_role(by, OFFICER, unit_id) or access_rules.holds_role(by, HEAD, unit_id):
        return yes()
    return no(_("Recommendations are made by officers and the head of petitions."))


def sees_recommendations(by: Actor) -> Verdict:
    """Petition staff, and heads of units."""
    if set(roles_of(by)) & {REGISTRAR, OFFICER, HEAD, *UNIT_HEADS}:
        return yes()
    return no(_("Recommendations are for heads of units and for petition staff."))


def is_recommendation(title: str, text: str, due_on: dt.date | None, today: dt.date) -> Verdict:
    """It says something, by a day to come."""
    if not title.strip():
        return no(_("Give it a title."), field="title")
    if not text.strip():
        return no(_("Say what is recommended."), field="text")
    if due_on is None or due_on <= today:
        return no(_("The unit answers by a day to come."), field="due_on")
    return yes()


def may_answer(by: Actor, advice: PetitionRecommendation) -> Verdict:
    """A head of the unit, once."""
    if advice.state != Adopted.OPEN:
        return no(_("This recommendation was answered."))
    if by.person_id == advice.made_person_id:
        return no(_("Whoever made a recommendation does not answer it."))
    if any(access_rules.holds_role(by, role, advice.unit_id) for role in UNIT_HEADS):
        return yes()
    return no(_("The head of the unit answers."))


def is_answer(state: str, answer: str) -> Verdict:
    """Not adopting, or not all of it, has a reason."""
    if state not in (Adopted.ADOPTED, Adopted.PARTLY, Adopted.NOT_ADOPTED):
        return no(_("Say whether it is adopted."), field="state")
    if state != Adopted.ADOPTED and not answer.strip():
        return no(_("Say why it is not adopted, or not all of it."), field="answer")
    return yes()


# --- What rises ------------------------------------------------------------------------------------------------------
def chance_of(count: int, mean: float) -> float:
    """How likely `count` or more are when `mean` is what comes (Poisson)."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    below, term = 0.0, math.exp(-mean)
    for n in range(count):
        below += term
        term *= mean / (n + 1)
    return max(0.0, 1.0 - below)


def rises(count: int, mean: float, *, least: int, chance: float) -> bool:
    """Whether a period stands out against the mean of those before."""
    return count >= least and count > mean and chance_of(count, mean) < chance


# --- Small cells -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cell:
    """A published number, as an edge of a circulation: what a node takes in it gives out. In a table of two ways a
    cell runs from its row to its column, a row's sum from the source to the row, a column's sum to the sink; in a table
    of one way every cell runs from source to sink. The number of all runs back."""

    key: Hashable
    begin: Hashable
    end: Hashable
    value: int


def one_way(counts: Mapping[Any, int]) -> list[Cell]:
    """Cells of a list of numbers and their sum."""
    return [Cell(key, SOURCE, SINK, value) for key, value in counts.items()]


def two_way(counts: Mapping[tuple[Hashable, Hashable], int]) -> list[Cell]:
    """Cells of a table with the sums of its rows and columns, named (row, None) and (None, column)."""
    rows: dict[Hashable, int] = {}
    columns: dict[Hashable, int] = {}
    found = []
    for (row, column), value in counts.items():
        found.append(Cell((row, column), ("row", row), ("column", column), value))
        rows[row], columns[column] = rows.get(row, 0) + value, columns.get(column, 0) + value
    found += [Cell((row, None), SOURCE, ("row", row), value) for row, value in rows.items()]
    return found + [Cell((None, column), ("column", column), SINK, value) for column, value in columns.items()]


def hidden(cells: Sequence[Cell], total: int, least: int) -> set[Hashable]:
    """The cells that are taken out: those from 1 to below `least`, and as many more as leave each of them at least as
    uncertain as “fewer than `least`” says. `total` itself is shown unless it is small: then all is taken out."""
    every = {cell.key for cell in cells}
    if 0 < total < least:
        return every
    gone = {cell.key for cell in cells if 0 < cell.value < least}
    width = max(1, least - 2)
    order = sorted(cells, key=lambda cell: (cell.value == 0, cell.value, str(cell.key)))
    while gone and gone != every:
        weak = next((cell for cell in order if cell.key in gone and _width(cells, cell, gone, width) < width), None)
        if weak is None:
            break
        more = [cell for cell in order if cell.key not in gone]
        beside = [cell for cell in more if {cell.begin, cell.end} & {weak.begin, weak.end}]
        gone.add((beside or more)[0].key)
    return gone


def _width(cells: Sequence[Cell], cell: Cell, gone: set[Hashable], enough: int) -> int:
    """By how much a hidden number could be another, everything shown staying as it is."""
    low = 0 if any(one.key in gone and one.value == 0 for one in cells) or len(gone) == len(cells) else 1
    up = _flow(cells, cell, gone, low, cell.end, cell.begin, enough)
    down = _flow(cells, cell, gone, low, cell.begin, cell.end, min(enough, cell.value - low))
    return up + down


def _flow(
    cells: Sequence[Cell], but: Cell, gone: set[Hashable], low: int, begin: Hashable, end: Hashable, most: int
) -> int:
    """How much can run from a node to another through hidden numbers other than `but`: more of one along it, less of
    one against it. Shortest ways first (Edmonds and Karp), and no more than `most`."""
    room: dict[tuple[int, bool], int] = {}
    ways: dict[Hashable, list[tuple[int, bool, Hashable]]] = {}
    for place, cell in enumerate(cells):
        if cell.key in gone and cell.key != but.key:
            room[place, True], room[place, False] = most, max(0, cell.value - low)
            ways.setdefault(cell.begin, []).append((place, True, cell.end))
            ways.setdefault(cell.end, []).append((place, False, cell.begin))
    ran = 0
    while ran < most:
        came: dict[Hashable, tuple[Hashable, tuple[int, bool]]] = {}
        waiting = deque([begin])
        while waiting and end not in came:
            node = waiting.popleft()
            for place, along, following in ways.get(node, ()):
                if room[place, along] > 0 and following not in came and following != begin:
                    came[following] = (node, (place, along))
                    waiting.append(following)
        if end not in came:
            return ran
        steps, node = [], end
        while node != begin:
            node, step = came[node]
            steps.append(step)
        much = min(most - ran, *(room[step] for step in steps))
        for place, along in steps:
            room[place, along] -= much
            room[place, not along] += much
        ran += much
    return ran
