"""The round trip through a spreadsheet: every row checked, every fault in its cell, all or nothing unless asked."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.db import transaction

from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.records.disposal import queries
from chancery.kernel.records.disposal.appraising import services
from chancery.kernel.records.disposal.models import AppraisalList
from chancery.kernel.records.disposal.sheets import queries as sheets
from chancery.kernel.records.disposal.sheets.queries import CODE, NEW_PERIOD, REASON, TITLE, VERDICT, WRONG
from chancery.kernel.records.disposal.terms import SheetState, Verdict
from chancery.kernel.records.disposal.tests import lists
from chancery.kernel.records.holds.services import Cover, place_hold

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def out(cast: Cast, of: AppraisalList) -> openpyxl.Workbook:
    with acting_as(cast.supervisor), transaction.atomic():
        current = AppraisalList.objects.get(pk=of.pk)
        rows = list(queries.rows(of.pk).order_by("position"))
        periods = [code for code, _en, _zh in queries.period_choices(queries.plans_of(of.pk))]
        content = sheets.written(current, rows, periods, queries.fingerprint(of.pk))
    return openpyxl.load_workbook(io.BytesIO(content))


def fill(book: openpyxl.Workbook, *said: tuple[str, str, str]) -> None:
    for number, (verdict, period, reason) in enumerate(said, start=2):
        sheet = book.worksheets[0]
        sheet.cell(number, VERDICT, verdict)
        sheet.cell(number, NEW_PERIOD, period)
        sheet.cell(number, REASON, reason)


def back(cast: Cast, of: AppraisalList, book: openpyxl.Workbook) -> Any:
    content = io.BytesIO()
    book.save(content)
    return services.take_sheet(
        list_id=of.pk, name="back.xlsx", content=content.getvalue(), by=cast.supervisor, at=lists.AT
    )


def verdicts(cast: Cast, of: AppraisalList) -> list[str]:
    with acting_as(cast.supervisor), transaction.atomic():
        return [row["verdict"] for row in queries.rows(of.pk).order_by("position")]


DESTROYED = ("Destroy", "", "No lasting value.")


def test_what_was_filled_in_is_taken_in_either_language(cast: Cast) -> None:
    of = lists.drawn(cast, 3)
    book = out(cast, of)
    fill(book, DESTROYED, ("KEEP", "", "History of the house."), ("销毁", "", "无保存价值"))
    sheet, reading = back(cast, of, book)
    assert (sheet.state, reading.faults) == (SheetState.TAKEN, [])
    assert verdicts(cast, of) == [Verdict.DESTROY, Verdict.KEEP, Verdict.DESTROY]


def test_what_identifies_an_item_is_locked_and_verdicts_are_chosen(cast: Cast) -> None:
    sheet = out(cast, lists.drawn(cast, 2)).worksheets[0]
    assert sheet.protection.sheet
    assert sheet.cell(2, CODE).protection.locked
    assert not sheet.cell(2, VERDICT).protection.locked
    assert len(sheet.data_validations.dataValidation) == 2


def test_every_fault_is_named_by_its_cell_and_nothing_is_taken(cast: Cast) -> None:
    of = lists.drawn(cast, 7)
    book = out(cast, of)
    sheet = book.worksheets[0]
    shortest = sheet.cell(2, 6).value
    fill(
        book,
        DESTROYED,
        ("Burn", "", "x"),
        ("Longer period", shortest, "x"),
        ("Destroy", "", ""),
        ("Destroy", "", "=HYPERLINK(1)"),
        DESTROYED,
        DESTROYED,
    )
    sheet.cell(7, TITLE, "Another title")
    sheet.cell(8, CODE, sheet.cell(2, CODE).value)
    sheet.cell(9, CODE, "NOT-ON-LIST")
    sheet.cell(9, VERDICT, "Destroy")
    kept, reading = back(cast, of, book)
    assert kept.state == SheetState.FAULTY
    found = {(fault.row, fault.column) for fault in reading.faults}
    assert found == {
        (3, VERDICT), (4, NEW_PERIOD), (5, REASON), (6, REASON), (7, TITLE), (8, CODE), (9, CODE), (0, CODE),
    }  # fmt: skip
    assert verdicts(cast, of) == [""] * 7
    marked = openpyxl.load_workbook(io.BytesIO(sheets.marked(book, reading.faults))).worksheets[0]
    assert marked.cell(3, VERDICT).comment is not None
    assert marked.cell(3, WRONG).value
    assert marked.cell(6, REASON).data_type == "s"
    many = services.take_right_rows(list_id=of.pk, sheet_id=kept.pk, by=cast.supervisor, at=lists.AT)
    assert many == 1
    assert verdicts(cast, of).count(Verdict.DESTROY) == 1


def test_a_held_item_is_neither_destroyed_nor_transferred(cast: Cast) -> None:
    items = lists.run_out(cast, 2)
    of = lists.drawn(cast, items=items)
    place_hold(
        kind="PETITION", title="P", reason="R", basis="B", review_on=dt.date(2027, 1, 4),
        covers=[Cover(item_id=items[0].pk)], by=cast.office_head, at=lists.AT,
    )  # fmt: skip
    book = out(cast, of)
    fill(book, DESTROYED, ("Transfer", "", "To the authority."))
    _sheet, reading = back(cast, of, book)
    assert [(fault.row, fault.column) for fault in reading.faults] == [(2, VERDICT)]


def test_a_sheet_of_an_older_version_or_of_another_list_is_refused_whole(cast: Cast) -> None:
    of = lists.drawn(cast, 2)
    old = out(cast, of)
    lists.judge(cast, of)
    with pytest.raises(Stale):
        back(cast, of, old)
    other = lists.drawn(cast, 1)
    with pytest.raises(Refused) as refusal:
        back(cast, other, out(cast, of))
    assert refusal.value.field == "sheet"
    with pytest.raises(Refused) as refusal:
        back(cast, of, openpyxl.Workbook())
    assert refusal.value.field == "sheet"
    with pytest.raises(Refused) as refusal:
        services.take_sheet(list_id=of.pk, name="x.xlsx", content=b"not a book", by=cast.supervisor, at=lists.AT)
    assert refusal.value.field == "sheet"


def test_titles_that_look_like_formulas_come_out_inert_and_come_back_unchanged(cast: Cast) -> None:
    items = lists.run_out(cast, 1, title="=1+1 {n}")
    of = lists.drawn(cast, items=items)
    book = out(cast, of)
    assert book.worksheets[0].cell(2, TITLE).data_type == "s"
    fill(book, DESTROYED)
    assert back(cast, of, book)[1].faults == []


def test_only_an_appraiser_sends_one_in(cast: Cast) -> None:
    of = lists.drawn(cast, 1)
    book = out(cast, of)
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(Refused):
        services.take_sheet(
            list_id=of.pk, name="b.xlsx", content=content.getvalue(), by=cast.archivist, at=lists.AT
        )  # fmt: skip
