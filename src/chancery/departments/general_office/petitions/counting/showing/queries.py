"""The page of figures: a period beside another, with charts and their tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.counting import queries, rules
from chancery.departments.general_office.petitions.counting.papers.queries import facts
from chancery.departments.general_office.petitions.counting.queries import Figures, Row
from chancery.departments.general_office.petitions.counting.terms import Dimension, Rising
from chancery.departments.general_office.petitions.terms import Kind
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.web.figures import MONTHS, chosen_year
from chancery.foundations.words import words

MOST_LINES = 15
CHARTED = (Dimension.FIELD, Dimension.UNIT, Dimension.REGION, Dimension.CHANNEL, Dimension.STATE, Dimension.OUTCOME)


def parts() -> list[tuple[str, str]]:
    """The parts of a year to choose from."""
    quarters = [(f"Q{n}", _("Quarter %(n)s") % {"n": n}) for n in range(1, 5)]
    return [("", _("Whole year")), *quarters, *((f"{n:02}", str(MONTHS[n - 1])) for n in range(1, 13))]


def figures_page(asked: Mapping[str, str], by: Actor) -> dict[str, Any]:
    """Everything on the page."""
    today, every = clock.today(), queries.years()
    year = chosen_year(asked.get("year", ""), every)
    part = asked.get("part", "") if asked.get("part", "") in dict(parts()) else ""
    against = "before" if asked.get("against") == "before" else "year"
    begin, end = queries.span(year, part)
    found = queries.figures(begin, end, today=today)
    earlier = queries.figures(*queries.before(begin, end, against), today=today)
    return {
        "years": every,
        "year": year,
        "parts": parts(),
        "part": part,
        "against": against,
        "begin": begin,
        "last": end - dt.timedelta(days=1),
        "facts": facts(found.whole, earlier.whole),
        "tables": list(_charts(found, earlier)),
        "lines": _lines(found, Dimension.KIND),
        "may_release": bool(rules.may_release(by))
        and bool(rules.is_over(year, today))
        and queries.release(year) is None,
    }


def _charts(found: Figures, earlier: Figures) -> Any:
    months = sorted({month for month, _kind in found.months})
    series = [
        {"name": str(kind.label), "values": [found.months.get((month, kind.value), 0) for month in months]}
        for kind in Kind
    ]
    stacked = {"kind": "stack", "labels": months, "unit": "", "series": series}
    yield "by-month", _("By month and kind"), stacked
    for dimension in CHARTED:
        lines, old = found.by[dimension], earlier.by[dimension]
        codes = sorted(lines, key=lambda code: (-lines[code].n, code))[:MOST_LINES]
        named = queries.names(dimension, codes, on=found.end - dt.timedelta(days=1))
        both = [
            {"name": _("This period"), "values": [lines[code].n for code in codes]},
            {"name": _("Period compared"), "values": [old.get(code, Row()).n for code in codes]},
        ]
        data = {"kind": "hbar", "labels": [named[code] for code in codes], "unit": "", "series": both}
        yield f"by-{dimension.value}", str(dimension.label), data


def _lines(found: Figures, dimension: Dimension) -> list[dict[str, Any]]:
    lines = found.by[dimension]
    named = queries.names(dimension, lines, on=found.end - dt.timedelta(days=1))
    return [{"name": named[code], "row": row} for code, row in sorted(lines.items(), key=lambda one: -one[1].n)]


def warned_of(row: Mapping[str, Any]) -> str:
    """What a warning is about, in words."""
    if row["rising"] == Rising.UNIT:
        return words(row, "unit__name")
    return str(dict(petitions.fields(on=clock.today())).get(row["field"], row["field"]))
