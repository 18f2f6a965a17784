"""A period's figures in one statement, its tables, what is released of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.counting import rules
from chancery.departments.general_office.petitions.counting.models import PetitionRecommendation, PetitionRelease
from chancery.departments.general_office.petitions.counting.terms import (
    ENDINGS,
    LEAST_KEY,
    RELEASED,
    Adopted,
    Dimension,
    Ending,
)
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import OPEN_STATES, Channel, Kind, Outcome, Stage, State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.words import words
from chancery.kernel.directory.models import Unit
from chancery.kernel.publishing.notices.terms import NoticeState

# Each petition once; its first handling, the last time it was begun. Days run from receipt to answer.
_COUNT = """
with counted as (
    select p.kind, p.field, coalesce(p.subject_unit_id::text, '') as unit, p.region, p.channel, p.stage, p.state,
           p.outcome, to_char(p.received_on, 'YYYY-MM') as month, p.is_repeat, p.rating, s.answered_on,
           s.answered_on - p.received_on as days, s.answered_on <= s.due_on as on_time,
           coalesce(s.answered_on > s.due_on, s.due_on < %(today)s and p.state = any (%(open)s)) as late
    from general_office_petition p
    left join lateral (select f.answered_on, f.due_on from general_office_petitionstage f
                       where f.petition_id = p.id and f.stage = 'FIRST' order by f.round desc limit 1) s on true
    where p.received_on >= %(begin)s and p.received_on < %(end)s
)
select grouping(kind, field, unit, region, channel, stage, state, outcome, month) as asked,
       kind, field, unit, region, channel, stage, state, outcome, month, count(*) as n, count(days) as answered,
       count(*) filter (where on_time) as on_time, count(*) filter (where late) as late,
       count(*) filter (where is_repeat) as repeated, count(rating) as rated, avg(rating)::float as rating,
       percentile_disc(0.5) within group (order by days) as median,
       percentile_disc(0.9) within group (order by days) as p90
from counted
group by grouping sets ((kind), (field), (unit), (region), (channel), (stage), (state), (outcome), (month),
                        (month, kind), ())
"""
ENDING = "ending"
_NAMES = tuple(dimension.value for dimension in Dimension)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of figures. `rating` is a mean, `median` and `p90` are days; None when there is nothing to take it of."""

    n: int = 0
    answered: int = 0
    on_time: int = 0
    late: int = 0
    repeated: int = 0
    rated: int = 0
    rating: float | None = None
    median: int | None = None
    p90: int | None = None

    @property
    def on_time_share(self) -> int | None:
        """Per cent of those answered or overdue."""
        limited = self.on_time + self.late
        return round(100 * self.on_time / limited) if limited else None


@dataclass(frozen=True, slots=True)
class Figures:
    """A period: the whole, its lines by dimension and code, and months by kind. The end is the day after the last."""

    begin: dt.date
    end: dt.date
    whole: Row
    by: Mapping[str, Mapping[str, Row]]
    months: Mapping[tuple[str, str], int] = field(default_factory=dict)


def figures(begin: dt.date, end: dt.date, *, today: dt.date) -> Figures:
    """What the stamped actor may see of the petitions received in a period, counted."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"begin": begin, "end": end, "today": today, "open": list(OPEN_STATES)})
        heads = [column.name for column in cursor.description or ()]
        rows = [dict(zip(heads, row, strict=True)) for row in cursor.fetchall()]
    by: dict[str, dict[str, Row]] = {name: {} for name in _NAMES}
    months: dict[tuple[str, str], int] = {}
    whole = Row()
    for row in rows:
        told = [name for place, name in enumerate(_NAMES) if not row["asked"] >> (len(_NAMES) - 1 - place) & 1]
        line = Row(**{name: row[name] for name in Row.__slots__})
        if not told:
            whole = line
        elif len(told) == 2:
            months[row["month"], row["kind"]] = line.n
        else:
            by[told[0]][row[told[0]]] = line
    return Figures(begin, end, whole, by, months)


def years() -> list[int]:
    """The years in which something came that the actor may see, the latest first."""
    first = Petition.objects.order_by("received_on").values_list("received_on", flat=True).first()
    this = clock.today().year
    return list(range(this, (first.year if first else this) - 1, -1))


def span(year: int, part: str) -> tuple[dt.date, dt.date]:
    """(first day, day after the last) of a year, of its quarter "Q1"–"Q4" or month "01"–"12"."""
    if part in {"Q1", "Q2", "Q3", "Q4"}:
        first, months = 3 * int(part[1]) - 2, 3
    elif part.isdecimal() and 1 <= int(part) <= 12:
        first, months = int(part), 1
    else:
        first, months = 1, 12
    after = year * 12 + first - 1 + months
    return dt.date(year, first, 1), dt.date(after // 12, after % 12 + 1, 1)


def before(begin: dt.date, end: dt.date, against: str) -> tuple[dt.date, dt.date]:
    """The period to compare with: the one just before, or the same of the year before ("year")."""
    if against == "year":
        return begin.replace(year=begin.year - 1), end.replace(year=end.year - 1)
    months = (end.year - begin.year) * 12 + end.month - begin.month
    earlier = begin.year * 12 + begin.month - 1 - months
    return dt.date(earlier // 12, earlier % 12 + 1, 1), begin


# --- Names -----------------------------------------------------------------------------------------------------------
def names(dimension: str, codes: Any, *, on: dt.date) -> dict[str, str]:
    """Code → words, in the language of the reader; what has no code is “not told”."""
    wanted = {str(code) for code in codes}
    known: dict[str, str] = {}
    if dimension == Dimension.UNIT:
        ids = [int(code) for code in wanted if code.isdecimal()]
        known = {str(unit.pk): words(unit, "name") for unit in Unit.objects.filter(pk__in=ids)}
    elif dimension == Dimension.FIELD:
        known = dict(petitions.fields(on=on))
    else:
        choices = {"kind": Kind, "channel": Channel, "stage": Stage, "state": State, "outcome": Outcome}.get(dimension)
        choices = Ending if dimension == ENDING else choices
        known = {str(code): str(label) for code, label in choices.choices} if choices else {}
    empty = _("none yet") if dimension in (Dimension.OUTCOME, ENDING) else _("not told")
    return {code: known.get(code, code) if code else empty for code in wanted}


# --- What is released ------------------------------------------------------------------------------------------------
def released(year: int, *, today: dt.date) -> dict[str, Any]:
    """A year as everybody may know it: counted by the house, small cells taken out (None) with what could tell them.

    The tables share only the number of all; that is not told either while it is small.
    """
    begin, end = span(year, "")
    least = int(rulebook.number(LEAST_KEY, on=today))
    with acting_as(SYSTEM):
        found = figures(begin, end, today=today)
        whole = found.whole
        shown = not 0 < whole.n < least
        tables = [_released(name, found, least) for name in RELEASED]
        advice = _advice(begin, end)
    cells, gone = _by_time_and_kind(found, least)
    return {
        "year": year,
        "total": whole.n if shown else None,
        "tables": tables,
        "months": [[list(cell.key), None if cell.key in gone else cell.value] for cell in cells],  # type: ignore[call-overload]  # keys are pairs
        **(_rates(whole, least, is_ending_whole=_is_whole(tables, Dimension.OUTCOME)) if shown else {}),
        "recommendations": advice,
    }


def _is_whole(tables: list[dict[str, Any]], dimension: Dimension) -> bool:
    return all(row[-1] is not None for one in tables if one["dimension"] == dimension for row in one["rows"])


def _advice(begin: dt.date, end: dt.date) -> dict[str, int]:
    """Recommendations of a year by what the units made of them. Of nobody's petition: nothing to take out."""
    rows = PetitionRecommendation.objects.filter(made_at__date__gte=begin, made_at__date__lt=end)
    states = list(rows.values_list("state", flat=True))
    return {code: states.count(code) for code in Adopted.values}


def _by_time_and_kind(found: Figures, least: int) -> tuple[list[rules.Cell], set[Hashable]]:
    """Months by kind, or quarters, or the whole year: the finest of which half of what there is may be told."""
    year = found.begin.year
    for months in (1, 3, 12):
        counts: dict[tuple[Hashable, Hashable], int] = {}
        for month in range(12):
            first = month // months * months
            span = {1: f"{year}-{month + 1:02}", 3: f"{year} Q{first // 3 + 1}", 12: f"{year}"}[months]
            for kind in Kind.values:
                n = found.months.get((f"{year}-{month + 1:02}", kind), 0)
                counts[span, kind] = counts.get((span, kind), 0) + n
        cells = rules.two_way(counts) if months < 12 else rules.one_way(counts)  # a year: its sum is that of all
        gone = rules.hidden(cells, found.whole.n, least)
        told = [cell.key not in gone for cell in cells if cell.value]
        if 2 * sum(told) >= len(told):
            break
    return cells, gone


def _released(dimension: Dimension, found: Figures, least: int) -> dict[str, Any]:
    lines = _counts(dimension, found)
    gone = rules.hidden(rules.one_way(lines), found.whole.n, least)
    told: dict[str, dict[str, str]] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            asked = ENDING if dimension == Dimension.OUTCOME else dimension
            told[language[:2]] = names(asked, lines, on=found.end - dt.timedelta(days=1))
    order = sorted(lines, key=lambda code: (code in gone, -lines[code] if code not in gone else 0, told["en"][code]))
    return {
        "dimension": dimension.value,
        "rows": [[told["en"][code], told["zh"][code], None if code in gone else lines[code]] for code in order],
    }


def _counts(dimension: Dimension, found: Figures) -> dict[str, int]:
    counts: dict[str, int] = {}
    for code, row in found.by[dimension].items():
        told = ENDINGS[Outcome(code)].value if code and dimension == Dimension.OUTCOME else code
        counts[told] = counts.get(told, 0) + row.n
    return counts


def _rates(whole: Row, least: int, *, is_ending_whole: bool) -> dict[str, Any]:
    """Rates of the whole, each only if neither side of it is small. How many were answered follows from how they ended:
    it is not told while that table hides something."""

    def both(part: int, rest: int) -> bool:
        return all(side == 0 or side >= least for side in (part, rest))

    answered = is_ending_whole and both(whole.answered, whole.n - whole.answered) and whole.answered >= least
    timely = both(whole.on_time, whole.late) and whole.on_time + whole.late >= least
    return {
        "answered": whole.answered if answered else None,
        "median": whole.median if whole.answered >= least else None,
        "p90": whole.p90 if whole.answered >= 2 * least else None,
        "on_time": whole.on_time_share if timely else None,
        "repeated": whole.repeated if both(whole.repeated, whole.n - whole.repeated) else None,
        "rating": "" if not whole.rated else round(whole.rating or 0, 1) if whole.rated >= least else None,
    }


def release(year: int) -> PetitionRelease | None:
    """What was released of a year."""
    return PetitionRelease.objects.filter(year=year).first()


def releases() -> list[PetitionRelease]:
    """All that was released, the latest year first."""
    return list(PetitionRelease.objects.order_by("-year"))


def has_notice(made: PetitionRelease) -> bool:
    """Whether a public notice of it was begun, and not taken back. Asked of the house: a draft is its editor's."""
    with acting_as(SYSTEM):
        return PetitionRelease.objects.filter(pk=made.pk).exclude(notice=None).exclude(
            notice__state=NoticeState.WITHDRAWN
        ).exists()  # fmt: skip
