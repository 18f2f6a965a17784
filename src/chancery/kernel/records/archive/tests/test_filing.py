"""Filing: codes, numbers, who may know and who may read, and what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal.models import Entry
from chancery.foundations.journal.queries import timeline
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.services import open_guard
from chancery.kernel.records.archive import queries, services
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.archive.terms import ItemFacts, PartFacts, PartRole
from chancery.kernel.records.archive.tests.shelf import AT, DATED, filed, leaf, stored
from chancery.kernel.records.numbers.models import IssuedNumber

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def facts(cast: Cast, by: Actor, **changes: object) -> ItemFacts:
    guard = open_guard(unit_id=cast.units["GO"], label=Clearance.INTERNAL, by=by, at=AT)
    file = stored(by, guard.pk)
    base = ItemFacts(
        kind="test",
        subject="test.thing:1",
        content_guard_id=guard.pk,
        unit_id=cast.units["GO"],
        title="A notice",
        dated_on=DATED,
        plan_class_id=leaf(cast).pk,
        parts=[PartFacts(file.pk, PartRole.MAIN)],
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]  # the tests name real fields


@pytest.mark.cn
def test_the_code_is_written_as_the_standard_says(cast: Cast) -> None:
    one, two = filed(cast, 2)
    fonds = one.fonds.code
    assert one.code == f"{fonds}-WS·2026·{one.period}·{one.unit_code}-0001"
    assert two.code == f"{fonds}-WS·2026·{one.period}·{one.unit_code}-0002"


@pytest.mark.neutral
def test_the_neutral_code_has_a_form_of_its_own(cast: Cast) -> None:
    [one] = filed(cast)
    assert one.code == f"{one.fonds.code}/{one.category}/2026/{one.unit_code}/00001"


def test_numbers_run_on_and_a_rollback_leaves_no_gap(cast: Cast) -> None:
    by = cast.registrar
    services.file_item(facts=facts(cast, by, subject="test.thing:1"), by=by, at=AT)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.file_item(facts=facts(cast, by, subject="test.thing:2"), by=by, at=AT)
        raise RuntimeError
    item = services.file_item(facts=facts(cast, by, subject="test.thing:3"), by=by, at=AT)
    assert item.item_number == 2


def test_the_period_runs_from_new_year_after_the_item(cast: Cast) -> None:
    [item] = filed(cast)
    with acting_as(cast.registrar), transaction.atomic():
        years = queries.classes([item.plan_class_id])[item.plan_class_id].years[item.period]
    assert item.retain_from == dt.date(2027, 1, 1)
    assert item.retain_until == dt.date(2026 + (years or 0), 12, 31)
    [for_good] = filed(cast, years=None)
    assert for_good.retain_until is None


def test_all_staff_know_of_an_ordinary_item_and_only_its_readers_read_it(cast: Cast) -> None:
    [item] = filed(cast)
    with acting_as(cast.personnel_handler), transaction.atomic():
        assert queries.item(item.pk) is not None
        assert queries.parts(item.pk) == []
        assert not queries.may_read(item)
    with acting_as(cast.archivist), transaction.atomic():
        assert [part["role"] for part in queries.parts(item.pk)] == ["MAIN"]
        assert queries.may_read(item)


def test_a_restricted_item_is_known_only_to_its_readers(cast: Cast) -> None:
    [item] = filed(cast, label=Clearance.RESTRICTED)
    with acting_as(cast.personnel_handler), transaction.atomic():
        assert queries.item(item.pk) is None
        assert list(queries.catalogue()) == []


def test_a_label_lower_than_that_of_the_files_does_not_show_the_line(cast: Cast) -> None:
    by = cast.registrar
    guard = open_guard(unit_id=cast.units["GO"], label=Clearance.RESTRICTED, by=by, at=AT)
    file = stored(by, guard.pk)
    item = services.file_item(
        facts=facts(cast, by, content_guard_id=guard.pk, parts=[PartFacts(file.pk, PartRole.MAIN)]), by=by, at=AT
    )
    assert (item.label, item.guard_id) == (Clearance.RESTRICTED, guard.pk)


def test_filing_is_written_into_the_journal_and_the_number_register(cast: Cast) -> None:
    [item] = filed(cast)
    with acting_as(cast.registrar), transaction.atomic():
        assert [entry.act for entry in Entry.objects.filter(subject=f"records.archivalitem:{item.pk}")] == [
            "item.filed"
        ]
        assert timeline(item)
        number = IssuedNumber.objects.get(pk=item.number_id)
    assert (number.text, number.subject) == (item.code, f"records.archivalitem:{item.pk}")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"dated_on": None}, "dated_on"), ({"title": "  "}, "title"), ({"plan_class_id": 0}, "plan_class")],
)
def test_what_is_incomplete_is_refused_at_its_field(cast: Cast, changes: dict[str, object], field: str) -> None:
    by = cast.registrar
    with pytest.raises(Refused) as refusal:
        services.file_item(facts=facts(cast, by, **changes), by=by, at=AT)
    assert refusal.value.field == field


def test_a_period_shorter_than_that_of_the_class_is_refused_at_the_field(cast: Cast) -> None:
    by = cast.registrar
    short = leaf(cast).period
    with pytest.raises(Refused) as refusal:
        services.file_item(facts=facts(cast, by, plan_class_id=leaf(cast, None).pk, period=short), by=by, at=AT)
    assert refusal.value.field == "period"


def test_the_same_thing_is_filed_once(cast: Cast) -> None:
    by = cast.registrar
    item = services.file_item(facts=facts(cast, by), by=by, at=AT)
    with pytest.raises(Refused) as refusal:
        services.file_item(facts=facts(cast, by), by=by, at=AT)
    assert item.code in str(refusal.value)


def test_what_one_does_not_see_one_does_not_file(cast: Cast) -> None:
    theirs = facts(cast, cast.registrar)
    with pytest.raises(Refused):
        services.file_item(facts=theirs, by=cast.personnel_handler, at=AT)
    assert not ArchivalItem.objects.exists()


RAW = """
insert into records_archivalitem (guard_id, content_guard_id, fonds_id, plan_class_id, number_id, code, category,
    class_code, year, period, unit_id, unit_code, item_number, title, author, document_number, dated_on, label, note,
    kind, subject, matter_number, carrier, state, filed_at, retain_from, retain_until, version)
select guard_id, content_guard_id, fonds_id, plan_class_id, {number}, {code}, category,
    class_code, year, period, unit_id, unit_code, item_number, title, author, document_number, dated_on, label, note,
    kind, '', matter_number, carrier, state, filed_at, retain_from, retain_until, version
from records_archivalitem where id = %s
"""


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("number_id", "code"),
        ("number_id", "code || 'x'"),
        ("(select max(id) from records_issuednumber)", "code || 'x'"),
    ],
)
def test_raw_sql_cannot_use_a_code_again_nor_invent_one(cast: Cast, number: str, code: str) -> None:
    item, other = filed(cast, 2)
    with acting_as(cast.registrar), pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        connection.cursor().execute(RAW.format(number=number, code=code), [item.pk])
    with acting_as(SYSTEM), transaction.atomic():
        assert ArchivalItem.objects.count() == 2
        assert other.code != item.code


@pytest.mark.parametrize("column", ["code = code || 'x'", "item_number = 9", "content_guard_id = guard_id"])
def test_raw_sql_cannot_change_what_an_item_is(cast: Cast, column: str) -> None:
    [item] = filed(cast)
    with acting_as(cast.registrar), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"update records_archivalitem set {column} where id = %s", [item.pk])


def test_raw_sql_cannot_open_a_restricted_line_to_all(cast: Cast) -> None:
    [ordinary] = filed(cast)
    [item] = filed(cast, label=Clearance.RESTRICTED)
    with acting_as(cast.registrar), pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(
            "update records_archivalitem set guard_id = %s where id = %s", [ordinary.guard_id, item.pk]
        )
    with acting_as(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute("update access_guard set label = 30 where id = %s", [ordinary.guard_id])


def test_a_thousand_items_are_filed_in_a_few_batches(cast: Cast) -> None:
    items = filed(cast, 1000)
    assert [item.item_number for item in items] == list(range(1, 1001))
    assert len({item.code for item in items}) == 1000
    with acting_as(SYSTEM), transaction.atomic():
        assert ItemPart.objects.count() == 1000
        assert Entry.objects.filter(act="item.filed").count() == 1000
