"""Lists of documents from CSV: read, checked row by row, each fault with its row and column."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.incoming_documents.intake.forms import RegistrationForm
from chancery.departments.general_office.incoming_documents.terms import Carrier, Kind, Label, Urgency

MOST_ROWS = 500
MOST_BYTES = 2_000_000

# Column heads, English and Chinese, as the register's own export and colleagues' sheets write them.
HEADS = {
    "title": ("title", "标题"),
    "sender": ("sender", "来文单位"),
    "sender_number": ("sender's number", "来文字号"),
    "dated_on": ("dated", "成文日期"),
    "received_on": ("received", "收文日期"),
    "kind": ("type", "文种"),
    "urgency": ("urgency", "紧急程度"),
    "limit_on": ("limit", "办理时限"),
    "copy_no": ("copy no.", "份号"),
    "pages": ("pages", "页数"),
    "addressees": ("addressees", "主送机关"),
    "summary": ("summary", "摘要"),
}
_FIELD_OF = {head: name for name, heads in HEADS.items() for head in (*heads, name)}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row."""

    row: int
    column: str
    reason: str


@dataclass(slots=True)
class Sheet:
    """What a file holds: facts of each good row by its number, and every fault."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class ListForm(forms.Form):
    """A CSV file."""

    sheet = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("UTF-8 with a head row: title, sender, sender's number, received …"),
    )

    def clean_sheet(self) -> Any:
        """Not larger than a list can be."""
        upload = self.cleaned_data["sheet"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than a list of %(rows)d rows.") % {"rows": MOST_ROWS})
        return upload


def read(content: bytes) -> Sheet:
    """Read and check a list; the first row names the columns."""
    sheet = Sheet()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            sheet.faults.append(Fault(1, "", _("The file is neither UTF-8 nor GB 18030.")))
            return sheet
    lines = csv.reader(io.StringIO(text))
    names = [_FIELD_OF.get(head.strip().lower(), "") for head in next(lines, [])]
    if "title" not in names or "sender" not in names:
        sheet.faults.append(Fault(1, "", _("The head row needs at least the columns “title” and “sender”.")))
        return sheet
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(sheet.rows) + len(sheet.faults) >= MOST_ROWS:
            sheet.faults.append(Fault(number, "", _("More than %(rows)d rows: divide the list.") % {"rows": MOST_ROWS}))
            break
        _read_row(sheet, number, {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name})
    return sheet


def _read_row(sheet: Sheet, number: int, cells: dict[str, str]) -> None:
    data: dict[str, Any] = {
        "carrier": Carrier.PAPER,
        "label": Label.INTERNAL,
        **cells,
        "kind": _code(cells.get("kind", ""), Kind.choices) or Kind.LETTER,
        "urgency": _code(cells.get("urgency", ""), Urgency.choices) or Urgency.ROUTINE,
    }
    form = RegistrationForm(data)
    if form.is_valid():
        sheet.rows.append((number, form.facts()))
        return
    for name, errors in form.errors.items():
        column = str(form.fields[name].label) if name in form.fields else ""
        sheet.faults.extend(Fault(number, column, str(error)) for error in errors)


def _code(text: str, choices: Any) -> str:
    """The code of a word or of itself."""
    plain = text.strip().casefold()
    return next(
        (str(code) for code, name in choices if plain and plain in {str(code).casefold(), str(name).casefold()}), ""
    )
