"""The workbook of a version: written with nothing a spreadsheet would run, read with every row checked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from chancery.foundations.web.exports import inert
from chancery.kernel.directory.models import Unit
from chancery.kernel.records.fileplan import rules
from chancery.kernel.records.fileplan.models import FilePlan
from chancery.kernel.records.fileplan.terms import AtEnd

CLASS_COLUMNS = (
    "code", "parent", "category", "position", "name_en", "name_zh", "scope_en", "scope_zh", "unit", "period", "at_end",
    "proposes", "basis_en", "basis_zh", "is_open",
)  # fmt: skip
PERIOD_COLUMNS = ("code", "name_en", "name_zh", "years", "basis_en", "basis_zh")
CLASSES, PERIODS = "classes", "periods"
MOST_ROWS, MOST_BYTES, LONGEST = 5000, 5_000_000, 4000
LIMITS = {"name_en": 300, "name_zh": 300, "code": 40}


@dataclass(slots=True)
class Read:
    """What a workbook says; nothing is taken while there is one fault. A fault names sheet, row and column."""

    classes: list[dict[str, Any]] = field(default_factory=list)
    periods: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def workbook(plan: FilePlan) -> bytes:
    """The version as XLSX: one sheet of classes, one of periods."""
    from openpyxl import Workbook  # 20 MB, wanted by few requests

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=CLASSES)
    sheet.append(CLASS_COLUMNS)
    for row in plan.classes.select_related("parent", "unit"):
        told = {
            **{name: getattr(row, name) for name in CLASS_COLUMNS},
            "parent": row.parent.code if row.parent else "",
            "unit": row.unit.code if row.unit else "",
            "proposes": " ".join(row.proposes),
            "is_open": "yes" if row.is_open else "no",
        }
        sheet.append([inert(told[name]) for name in CLASS_COLUMNS])
    sheet = book.create_sheet(title=PERIODS)
    sheet.append(PERIOD_COLUMNS)
    for one in plan.periods.all():
        sheet.append([inert(getattr(one, name)) for name in PERIOD_COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(file: BinaryIO) -> Read:
    """Read and check a workbook."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    found = Read()
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        found.faults.append(_("The workbook is larger than 5 MB."))
        return found
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        found.faults.append(_("This is no XLSX workbook."))
        return found
    for title in (CLASSES, PERIODS):
        if title not in book.sheetnames:
            found.faults.append(_("The workbook has no sheet “%(name)s”.") % {"name": title})
    if found.faults:
        return found
    for row in _rows(book[PERIODS], PERIODS, PERIOD_COLUMNS, found.faults):
        _period(row, found)
    found.classes = list(_rows(book[CLASSES], CLASSES, CLASS_COLUMNS, found.faults))
    _check_classes(found)
    return found


def _fault(sheet: str, row: int, column: str, what: object) -> str:
    where = {"sheet": sheet, "row": row, "column": column, "what": what}
    return _("%(sheet)s, row %(row)s, %(column)s: %(what)s") % where


def _rows(sheet: Any, title: str, columns: tuple[str, ...], faults: list[str]) -> Iterator[dict[str, Any]]:
    lines = sheet.iter_rows()
    head = [str(cell.value or "").strip() for cell in next(lines, ())]
    missing = [name for name in columns if name not in head]
    if missing:
        faults.append(_fault(title, 1, ", ".join(missing), _("the column is missing")))
        return
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS:
            faults.append(_("There are more than %(n)s rows.") % {"n": MOST_ROWS})
            return
        row: dict[str, Any] = {"row": number}
        for name, cell in zip(head, cells, strict=False):
            if name not in columns:
                continue
            if cell.data_type == "f" or str(cell.value or "").startswith("="):
                faults.append(_fault(title, number, name, _("a formula is not taken in; write its value")))
            text = "" if cell.value is None else str(cell.value).strip()
            row[name] = text.removeprefix("'")
            if len(text) > LIMITS.get(name, LONGEST):
                faults.append(_fault(title, number, name, _("the text is too long")))
        if any(value for name, value in row.items() if name != "row"):
            yield {name: row.get(name, "") for name in ("row", *columns)}


def _whole(text: str) -> int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number == int(number) and 0 <= number < 30_000 else None


def _period(row: dict[str, Any], found: Read) -> None:
    years = _whole(row["years"]) if row["years"] else None
    if row["years"] and years is None:
        found.faults.append(_fault(PERIODS, row["row"], "years", _("a whole number, or nothing for good")))
        return
    row["years"] = years
    verdict = rules.is_sound_period(code=row["code"], name_en=row["name_en"], name_zh=row["name_zh"], years=years)
    if not verdict:
        found.faults.append(_fault(PERIODS, row["row"], verdict.field or "", verdict.reason))
    if row["code"] in {one["code"] for one in found.periods}:
        found.faults.append(_fault(PERIODS, row["row"], "code", _("stands there twice")))
    found.periods.append(row)


def _check_classes(found: Read) -> None:
    periods = {one["code"] for one in found.periods}
    units = dict(Unit.objects.values_list("code", "pk"))
    seen: set[str] = set()
    parents = {row["parent"] for row in found.classes if row["parent"]}
    for place, row in enumerate(found.classes, start=1):

        def fault(column: str, what: object, number: int = row["row"]) -> None:
            found.faults.append(_fault(CLASSES, number, column, what))

        row["proposes"] = row["proposes"].replace(",", " ").replace("，", " ").split()
        verdict = rules.is_sound_class(
            code=row["code"], category=row["category"], name_en=row["name_en"], name_zh=row["name_zh"],
            period=row["period"], periods=periods, proposes=row["proposes"],
        )  # fmt: skip
        if not verdict:
            fault(verdict.field or "", verdict.reason)
        if row["code"] in seen:
            fault("code", _("stands there twice"))
        if row["parent"] and row["parent"] not in seen:
            fault("parent", _("the class above must stand in an earlier row"))
        seen.add(row["code"])
        position = _whole(row["position"]) if row["position"] else place
        if position is None:
            fault("position", _("a whole number"))
        row["position"] = position or 0
        if row["unit"] and row["unit"] not in units:
            fault("unit", _("there is no unit with this code"))
        row["unit_id"] = units.get(row.pop("unit"))
        row["at_end"] = row["at_end"] or AtEnd.APPRAISE
        if row["at_end"] not in AtEnd.values:
            fault("at_end", _("one of %(codes)s") % {"codes": ", ".join(AtEnd.values)})
        if row["is_open"].lower() not in {"", "yes", "no", "true", "false", "1", "0"}:
            fault("is_open", _("yes or no"))
        row["is_open"] = row["is_open"].lower() not in {"no", "false", "0"}
        if row["code"] in parents and row["period"]:
            fault("period", _("other classes stand under this one: it has no period"))
