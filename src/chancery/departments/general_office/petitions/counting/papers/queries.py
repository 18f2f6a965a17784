"""The yearly report: exact for petition staff, released for everybody; the text of the public notice."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions.counting import queries
from chancery.departments.general_office.petitions.counting.models import PetitionRecommendation, PetitionRelease
from chancery.departments.general_office.petitions.counting.queries import Figures, Row
from chancery.departments.general_office.petitions.counting.terms import Adopted, Dimension
from chancery.departments.general_office.petitions.terms import Kind
from chancery.foundations import typeset
from chancery.foundations.web.exports import inert
from chancery.foundations.words import is_chinese, words

TEMPLATE = Path(__file__).resolve().parents[3] / "templates/general_office/petitions/counting/report.typ"
HIDDEN = "*"
Table = tuple[str, list[str], list[list[Any]]]  # title, heads, rows


def exact(found: Figures, earlier: Figures, year: int) -> dict[str, Any]:
    """The report as the staff have it: every table with the year before, days, and recommendations."""
    tables = [
        _table(dimension, found, earlier) for dimension in Dimension if found.by[dimension] or earlier.by[dimension]
    ]
    return {
        "title": _("Letters and visits %(year)s: yearly report") % {"year": year},
        "note": _("For petition staff. Counted are the petitions that the reader's post may see."),
        "facts": [[str(head), str(value)] for head, value in facts(found.whole, earlier.whole)],
        "tables": [*tables, *_recommendations(found.begin, found.end)],
    }


def facts(now: Row, then: Row | None = None) -> list[tuple[str, str]]:
    """A whole in words: what came, how quickly it was answered."""

    def beside(value: Any, earlier: Any, unit: str = "") -> str:
        told = "—" if value is None else f"{value}{unit}"
        return told if then is None else f"{told} ({'—' if earlier is None else f'{earlier}{unit}'})"

    old = then or Row()
    rating = round(now.rating, 1) if now.rating is not None else None
    old_rating = round(old.rating, 1) if old.rating is not None else None
    return [
        (_("Petitions"), beside(now.n, old.n)),
        (_("Answered"), beside(now.answered, old.answered)),
        (_("Days to the answer, median"), beside(now.median, old.median)),
        (_("Days to the answer, nine of ten"), beside(now.p90, old.p90)),
        (_("Answered in time"), beside(now.on_time_share, old.on_time_share, "%")),
        (_("Wrote before"), beside(now.repeated, old.repeated)),
        (_("Rating of the handling (of 5)"), beside(rating, old_rating)),
    ]


def _table(dimension: Dimension, found: Figures, earlier: Figures) -> Table:
    lines, old = found.by[dimension], earlier.by[dimension]
    codes = sorted({*lines, *old}, key=lambda code: (-lines.get(code, Row()).n, code))
    if dimension == Dimension.MONTH:
        codes = sorted(lines)
    named = queries.names(dimension, codes, on=found.end - dt.timedelta(days=1))
    heads = [str(dimension.label), _("Petitions"), _("Period compared"), _("Median days"), _("In time")]
    heads += [_("Wrote before"), _("Rating")]
    rows = []
    for code in codes:
        line = lines.get(code, Row())
        share = line.on_time_share
        then = "" if dimension == Dimension.MONTH else old.get(code, Row()).n
        rating = None if line.rating is None else round(line.rating, 1)
        timely = None if share is None else f"{share}%"
        rows.append([named[code], line.n, then, line.median, timely, line.repeated, rating])
    return str(dimension.label), heads, rows


def _recommendations(begin: dt.date, end: dt.date) -> list[Table]:
    rows = PetitionRecommendation.objects.filter(made_at__date__gte=begin, made_at__date__lt=end).select_related("unit")
    told = [
        [one.title, words(one.unit, "name"), str(Adopted(one.state).label), one.answer] for one in rows.order_by("id")
    ]
    if not told:
        return []
    return [(_("Recommendations"), [_("Recommendation"), _("Unit"), _("Adopted"), _("What is done, or why not")], told)]


def shown(release: PetitionRelease) -> dict[str, Any]:
    """What was released, for a page or a paper. A cell that was taken out is a star."""
    tables, chinese = release.tables, is_chinese()
    rows: list[Table] = [
        (
            str(Dimension(one["dimension"]).label),
            [str(Dimension(one["dimension"]).label), _("Petitions")],
            [[zh if chinese else en, _star(n)] for en, zh, n in one["rows"]],
        )
        for one in tables["tables"]
        if one["rows"]
    ]
    rows.append(_months(tables["months"]))
    return {
        "title": _("Letters and visits %(year)s") % {"year": release.year},
        "note": _(
            "A star stands for a number below %(least)s, or for one that would let such a number be reckoned."
        ) % {"least": release.least},
        "facts": [[head, value] for head, value in _released_facts(tables)],
        "tables": rows,
    }  # fmt: skip


def _star(value: int | None) -> int | str:
    return HIDDEN if value is None else value


def _months(cells: list[Any]) -> Table:
    held = {tuple(key): value for key, value in cells}
    months = sorted({month for month, _kind in held if month})
    heads = [_("Time"), *(str(kind.label) for kind in Kind)]
    rows = [[month, *(_star(held[month, kind.value]) for kind in Kind)] for month in months]
    if (months[0], None) in held:
        heads.append(_("All"))
        rows = [[*row, _star(held[row[0], None])] for row in rows]
        rows.append([_("All"), *(_star(held[None, kind.value]) for kind in Kind), ""])
    return _("By time and kind"), heads, rows


def _released_facts(told: dict[str, Any]) -> list[tuple[str, str]]:
    rows = (
        (_("Petitions"), told.get("total"), ""),
        (_("Answered"), told.get("answered"), ""),
        (_("Days to the answer, median"), told.get("median"), ""),
        (_("Days to the answer, nine of ten"), told.get("p90"), ""),
        (_("Answered in time"), told.get("on_time"), "%"),
        (_("Wrote before"), told.get("repeated"), ""),
        (_("Rating of the handling (of 5)"), told.get("rating"), ""),
    )
    shown_rows = [(head, HIDDEN if value is None else f"{value}{unit}" or "—") for head, value, unit in rows]
    advice = told.get("recommendations", {})
    made, adopted = sum(advice.values()), advice.get(Adopted.ADOPTED, 0) + advice.get(Adopted.PARTLY, 0)
    shown_rows.append((_("Recommendations to units; adopted, at least in part"), f"{made}; {adopted}"))
    return shown_rows


def as_pdf(report: dict[str, Any]) -> bytes:
    """A report as PDF/A."""
    language = "zh" if is_chinese() else "en"
    tables = [
        {
            "title": title,
            "heads": heads,
            "rows": [["—" if cell is None else str(cell) for cell in row] for row in rows],
            "is_text": title == _("Recommendations"),  # words in every column, not figures
        }
        for title, heads, rows in report["tables"]
    ]
    return typeset.pdf(TEMPLATE, {**report, "tables": tables, "language": language}, language=language)


def as_workbook(report: dict[str, Any]) -> bytes:
    """The same as a workbook: a sheet a table. Nothing in it runs."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    first = book.worksheets[0]
    first.title = _("Summary")
    for line in ([report["title"]], [report["note"]], [], *report["facts"]):
        first.append([inert(cell) for cell in line])
    first.column_dimensions["A"].width = 44
    for title, heads, rows in report["tables"]:
        sheet = book.create_sheet(title.translate(dict.fromkeys(map(ord, "[]:*?/\\"), " "))[:31])
        sheet.append([inert(head) for head in heads])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in rows:
            sheet.append([inert(cell) for cell in row])
        sheet.column_dimensions["A"].width = 40
        sheet.freeze_panes = "A2"
    book.properties.creator = "Chancery"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def notice_of(release: PetitionRelease) -> tuple[tuple[str, str], tuple[str, str]]:
    """(title, text) of the public notice, each in English and Chinese: what was released, line by line."""
    titles, texts = [], []
    before = get_language()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told = shown(release)
            lines = [f"{head}: {value}" for head, value in told["facts"]]
            for title, _heads, rows in told["tables"]:
                listed = "; ".join(f"{row[0]} {row[-1] if row[-1] != '' else '—'}" for row in rows)
                lines.append(f"{title}: {listed}")
            titles.append(str(told["title"]))
            texts.append("\n\n".join([*lines, str(told["note"])]))
    translation.activate(before or "en")
    return (titles[0], titles[1]), (texts[0], texts[1])
