"""Writing a list as a workbook, reading it back, marking its faults. Formulas are neither written nor believed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.foundations.papers import Limits, Unacceptable, examine
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.web.exports import inert
from chancery.kernel.records.disposal import rules
from chancery.kernel.records.disposal.models import AppraisalList
from chancery.kernel.records.disposal.terms import Verdict
from chancery.kernel.records.files.rules import refusal_of

if TYPE_CHECKING:
    from openpyxl import Workbook

ABOUT = "Chancery"  # the sheet by which a list knows itself again
NUMBER, CODE, TITLE, CLASS, YEAR, PERIOD, UNTIL, PAGES, HELD, VERDICT, NEW_PERIOD, REASON, WRONG = range(1, 14)
COLUMN = {"code": CODE, "title": TITLE, "verdict": VERDICT, "new_period": NEW_PERIOD, "reason": REASON}
MOST_ROWS = 20_000
LANGUAGES = ("en", "zh-hans")


class WrongSheet(Refused):
    """The workbook is not this list."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell. Row 0: the code is missing from the sheet."""

    row: int
    column: int
    reason: str
    code: str = ""

    @property
    def head(self) -> str:
        """The column's head."""
        return heads()[self.column - 1]


@dataclass(frozen=True, slots=True)
class Said:
    """What a right row says."""

    row_id: int
    verdict: str
    new_period: str
    reason: str


@dataclass(slots=True)
class Reading:
    """What a workbook holds: the right rows, and every fault."""

    said: list[Said] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0


def heads() -> list[str]:
    """The heads of the columns."""
    return [
        pgettext("sheet", "No."),
        _("Archival code"),
        _("Title"),
        _("Class"),
        _("Year"),
        _("Period"),
        _("Ran out on"),
        pgettext("of a paper", "Pages"),
        pgettext("hold on archives", "Held"),
        _("Verdict"),
        _("New period"),
        _("Reason"),
    ]


def written(of: AppraisalList, rows: Sequence[Mapping[str, Any]], periods: Sequence[str], fingerprint: str) -> bytes:
    """The workbook: a row an item; what identifies it locked, what is said of it open, with choices."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = pgettext("sheet", "Appraisal")
    sheet.append(heads())
    for head in sheet[1]:
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="E8E8E8")
    for row in rows:
        sheet.append(
            [
                row["position"],
                inert(row["code"]),
                inert(row["title"]),
                inert(row["class_code"]),
                row["year"],
                inert(row["period"]),
                row["retain_until"],
                row["page_count"],
                pgettext("hold on archives", "held") if row["is_held"] else "",
                str(Verdict(row["verdict"]).label) if row["verdict"] else "",
                row["new_period"],
                inert(row["reason"]),
            ]
        )
    last = len(rows) + 1
    is_open, is_wrapped = Protection(locked=False), Alignment(wrap_text=True, vertical="top")
    lines: Any = sheet.iter_rows(min_row=2, max_row=last, min_col=TITLE, max_col=REASON)
    for line in lines:
        for cell in line:
            if cell.column in (TITLE, REASON):
                cell.alignment = is_wrapped
            if cell.column >= VERDICT:
                cell.protection = is_open
    for column, choices in ((VERDICT, [str(label) for label in Verdict.labels]), (NEW_PERIOD, list(periods))):
        choice = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
        choice.showErrorMessage = True
        choice.error = _("Choose from the list.")
        sheet.add_data_validation(choice)
        letter = chr(64 + column)
        choice.add(f"{letter}2:{letter}{max(last, 2)}")
    for letter, width in zip("ABCDEFGHIJKL", (6, 28, 60, 12, 8, 9, 13, 8, 8, 18, 12, 50), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "D2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.autoFilter = False
    sheet.auto_filter.ref = f"A1:L{last}"
    about = book.create_sheet(ABOUT)
    for said in (
        (_("Appraisal list"), of.code),
        (_("Version"), of.version),
        (_("Fingerprint"), fingerprint),
        (_("Rows"), len(rows)),
        (
            "",
            _("Fill in verdict, new period and reason; leave the rest as it is. Every row is checked on return."),
        ),
    ):
        about.append(list(said))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 20, 80
    about.protection.sheet = True
    return _saved(book)


def opened(name: str, content: IO[bytes]) -> Workbook:
    """A workbook that was examined first; refuses what is none, at the field `sheet`."""
    from openpyxl import load_workbook

    try:
        paper = examine(name, content, Limits(size=settings.UPLOAD_LIMIT_BYTES))
    except Unacceptable as fault:
        refusal = refusal_of(fault, name=name)
        raise WrongSheet(refusal.reason, field="sheet") from fault
    if "xlsx" not in paper.media_type.endings:
        raise WrongSheet(_("This is no XLSX workbook."), field="sheet")
    content.seek(0)
    try:
        return load_workbook(content, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl throws whatever its parser meets
        raise WrongSheet(_("The workbook cannot be read."), field="sheet") from error


def read(of: AppraisalList, rows: Mapping[str, Mapping[str, Any]], book: Workbook) -> Reading:
    """Check every row. `rows`: code → what the list says, with `standing` (rules.Standing). Refuses another list's
    workbook, and one taken out before the list was changed."""
    _is_this_list(of, book)
    found = Reading()
    seen: dict[str, int] = {}
    sheet = book.worksheets[0]
    if sheet.max_row > MOST_ROWS + 1:
        raise WrongSheet(_("The workbook has too many rows."), field="sheet")
    words = _verdict_words()
    for number in range(2, sheet.max_row + 1):
        line: dict[str, Any] = {name: sheet.cell(number, column) for name, column in COLUMN.items()}
        if all(cell.value in (None, "") for cell in line.values()):
            continue
        found.rows += 1
        code = _text(line["code"])
        faults = [
            Fault(number, COLUMN[name], _("A formula is not taken: write the value."), code)
            for name, cell in line.items()
            if cell.data_type in {"f", "e"}
        ]
        row = rows.get(code)
        if row is None:
            faults.append(Fault(number, CODE, _("This code is not on the list."), code))
        elif code in seen:
            faults.append(Fault(number, CODE, _("This code stands in row %(n)d already.") % {"n": seen[code]}, code))
        elif not faults:
            faults += _row_faults(number, code, row, line, words)
        seen.setdefault(code, number)
        if faults or row is None:
            found.faults += faults
            continue
        verdict = words.get(_text(line["verdict"]).casefold(), "")
        found.said.append(Said(row["id"], verdict, _text(line["new_period"]), _text(line["reason"])))
    found.faults += [
        Fault(0, CODE, _("The row of %(code)s is missing.") % {"code": code}, code) for code in rows if code not in seen
    ]
    return found


def _row_faults(
    number: int, code: str, row: Mapping[str, Any], line: Mapping[str, Any], words: Mapping[str, str]
) -> list[Fault]:
    faults = []
    if rules.facts_changed(row, {"title": _text(line["title"])}):
        faults.append(Fault(number, TITLE, _("The title was changed; the list says: %(title)s") % row, code))
    said = _text(line["verdict"])
    verdict = words.get(said.casefold(), said)
    wrong = rules.faults_of(verdict, _text(line["new_period"]), _text(line["reason"]), row["standing"])
    return faults + [Fault(number, COLUMN[name], str(reason), code) for name, reason in wrong]


def marked(book: Workbook, faults: Sequence[Fault]) -> bytes:
    """The workbook with each fault in its cell: red, with a note, and in words at the end of its row."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.worksheets[0]
    for line in sheet.iter_rows():
        for cell in line:
            if cell.data_type == "f":
                cell.value = inert(str(cell.value))
    red = PatternFill("solid", fgColor="F8C9C4")
    head = sheet.cell(1, WRONG, _("What is wrong"))
    head.font = Font(bold=True)
    sheet.column_dimensions["M"].width = 60
    told: dict[int, list[str]] = {}
    for fault in faults:
        row = fault.row
        if row == 0:
            row = sheet.max_row + 1
            sheet.cell(row, CODE, inert(fault.code))
        cell = sheet.cell(row, fault.column)
        cell.fill = red
        cell.comment = Comment(fault.reason, "Chancery", width=320, height=90)
        told.setdefault(row, []).append(fault.reason)
    for row, reasons in told.items():
        cell = sheet.cell(row, WRONG, inert(" · ".join(reasons)))
        cell.fill = red
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return _saved(book)


def codes_in(name: str, content: IO[bytes]) -> list[str]:
    """The archival codes of a workbook: its column headed “Code”, or else its first one."""
    sheet = opened(name, content).worksheets[0]
    column, first = 1, 1
    wanted = {
        word.casefold() for language in LANGUAGES for word in _in(language, lambda: [_("Code"), _("Archival code")])
    }
    cell: Any
    for cell in sheet[1]:
        if _text(cell).casefold() in wanted:
            column, first = cell.column, 2
    found = (_text(sheet.cell(number, column)) for number in range(first, min(sheet.max_row, MOST_ROWS) + 1))
    return [code for code in found if code]


def _is_this_list(of: AppraisalList, book: Workbook) -> None:
    if ABOUT not in book.sheetnames or len(book.sheetnames) < 2:
        raise WrongSheet(_("This is no appraisal list: take the list out and fill that in."), field="sheet")
    about = book[ABOUT]
    code, version = _text(about["B1"]), _text(about["B2"])
    if code != of.code:
        raise WrongSheet(
            _("This is another list: %(theirs)s, not %(ours)s.") % {"theirs": code, "ours": of.code}, field="sheet"
        )
    if version != str(of.version):
        raise Stale(
            _("The list was changed since this sheet was taken out. Take it out again and carry your verdicts over."),
            field="sheet",
        )


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return text[1:] if text.startswith("'") else text


def _verdict_words() -> dict[str, str]:
    """Every word for a verdict → its code: the code itself, English, Chinese."""
    found = {code.casefold(): code for code in Verdict.values}
    for language in LANGUAGES:
        for code, label in zip(
            Verdict.values, _in(language, lambda: [str(one) for one in Verdict.labels]), strict=True
        ):
            found[label.casefold()] = code
    return found


def _in(language: str, say: Any) -> list[str]:
    with translation.override(language):
        return list(say())


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
