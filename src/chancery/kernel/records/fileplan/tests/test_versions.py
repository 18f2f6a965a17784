"""A version: drafted, edited, submitted, approved by another, in force from its day; each refusal at its field."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.records.fileplan import queries
from chancery.kernel.records.fileplan.comparing.queries import compare, shortened
from chancery.kernel.records.fileplan.drafting import services
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass
from chancery.kernel.records.fileplan.sheets.queries import workbook
from chancery.kernel.records.fileplan.sheets.services import take_in
from chancery.kernel.records.fileplan.terms import PlanState

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
WORDS = {"name_en": "Letters", "name_zh": "信函"}


def draft(cast: Cast, note: str = "Letters are kept longer") -> FilePlan:
    return services.draft_version(fonds_id=Fonds.objects.get().pk, note=note, by=cast.archivist, at=AT)


def approve(
    cast: Cast, plan: FilePlan, day: dt.date = TODAY, by: Actor | None = None, number: str = "No. 7"
) -> FilePlan:
    return services.approve_plan(plan_id=plan.pk, approval_number=number, valid_from=day, by=by or cast.leader, at=AT)


def refused(act: Callable[[], object], field: str | None = None) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.field == field
    return str(caught.value)


def leaf(plan: FilePlan) -> PlanClass:
    row = queries.open_leaves(plan.pk).first()
    assert row is not None
    return row


@pytest.fixture(autouse=True)
def noon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The archivist looks on; what is done is done by whoever the test names."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    with acting_as(cast.archivist):
        yield


def change(plan: FilePlan, row: PlanClass, by: Actor, **more: Any) -> PlanClass:
    said = {
        "code": row.code, "category": row.category, "position": row.position, "parent_id": row.parent_id,
        "period": row.period, "words": {"name_en": row.name_en, "name_zh": row.name_zh}, **more,
    }  # fmt: skip
    return services.put_class(plan_id=plan.pk, class_id=row.pk, by=by, at=AT, **said)


def test_a_version_approved_for_a_coming_day_takes_over_on_that_day(cast: Cast) -> None:
    first = FilePlan.objects.get()
    plan = draft(cast)
    assert plan.classes.count() == first.classes.count()
    services.submit_plan(plan_id=plan.pk, by=cast.archivist, at=AT)
    begins = dt.date(2027, 1, 1)
    approve(cast, plan, begins)
    assert queries.plan_on(plan.fonds_id, dt.date(2026, 12, 31)) == first
    assert queries.plan_on(plan.fonds_id, begins) == plan
    first.refresh_from_db()
    assert first.valid_to == dt.date(2026, 12, 31)


def test_one_version_is_in_the_making_at_a_time_and_says_why(cast: Cast) -> None:
    assert refused(lambda: draft(cast, " "), "note")
    draft(cast)
    assert "2" in refused(lambda: draft(cast), "note")


def test_whoever_does_not_keep_the_fonds_drafts_nothing(cast: Cast) -> None:
    fonds = Fonds.objects.get().pk
    for who in (cast.outsider, cast.registrar, cast.leader):
        refused(lambda who=who: services.draft_version(fonds_id=fonds, note="x", by=who, at=AT))  # type: ignore[misc]  # the usual way to bind it


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": "lower"}, "code"),
        ({"category": "W1"}, "category"),
        ({"words": {}}, "name_en"),
        ({"period": "D99"}, "period"),
        ({"proposes": ["what ever"]}, "proposes"),
    ],
)
def test_a_faulty_class_is_refused_at_its_field(cast: Cast, said: dict[str, Any], field: str) -> None:
    plan = draft(cast)
    refused(lambda: change(plan, leaf(plan), cast.archivist, **said), field)


def test_a_class_moves_and_closes_but_never_under_itself(cast: Cast) -> None:
    plan = draft(cast)
    row = leaf(plan)
    other = plan.classes.filter(parent=None).exclude(pk=row.parent_id).first()
    assert other is not None
    moved = change(plan, row, cast.archivist, parent_id=other.pk, is_open=False)
    assert (moved.parent_id, moved.is_open) == (other.pk, False)
    assert refused(lambda: change(plan, other, cast.archivist, parent_id=other.pk), "parent")
    another = leaf(plan)
    assert refused(lambda: change(plan, row, cast.archivist, parent_id=another.pk), "parent")
    assert refused(lambda: change(plan, other, cast.archivist, period=row.period), "period")
    assert refused(lambda: change(plan, row, cast.archivist, code=another.code), "code")
    refused(lambda: services.remove_class(plan_id=plan.pk, class_id=other.pk, by=cast.archivist, at=AT))


def test_a_period_in_use_stays_and_renames_its_classes(cast: Cast) -> None:
    plan = draft(cast)
    one = plan.periods.exclude(years=None).first()
    assert one is not None
    refused(lambda: services.remove_period(plan_id=plan.pk, period_id=one.pk, by=cast.archivist, at=AT))
    services.put_period(
        plan_id=plan.pk, period_id=one.pk, code="Q9", name_en="9", name_zh="9", years=9, by=cast.archivist, at=AT
    )
    assert plan.classes.filter(period="Q9").exists()
    refused(
        lambda: services.put_period(
            plan_id=plan.pk, code="R", name_en="r", name_zh="r", years=500, by=cast.archivist, at=AT
        ),
        "years",
    )


def test_a_shorter_period_is_flagged(cast: Cast) -> None:
    plan = draft(cast)
    first = plan.based_on
    assert first is not None
    lasting = queries.open_leaves(plan.pk).filter(period=plan.periods.get(years=None).code).first()
    shortest = plan.periods.exclude(years=None).order_by("years").first()
    assert lasting is not None
    assert shortest is not None
    change(plan, lasting, cast.archivist, period=shortest.code)
    assert [line.code for line in compare(first, plan) if "shorter" in line.changes] == [lasting.code]
    assert shortened(first, plan)[0].startswith(lasting.code)


def test_two_editors_do_not_overwrite_one_another(cast: Cast) -> None:
    plan = draft(cast)
    change(plan, leaf(plan), cast.archivist, seen=plan.version)
    with pytest.raises(Stale):
        change(plan, leaf(plan), cast.archive_head, seen=plan.version)


def test_approval_asks_for_number_day_and_another_person(cast: Cast) -> None:
    plan = draft(cast)
    services.submit_plan(plan_id=plan.pk, by=cast.archivist, at=AT)
    refused(lambda: approve(cast, plan, number=" "), "approval_number")
    refused(lambda: approve(cast, plan, TODAY - dt.timedelta(days=1)), "valid_from")
    refused(lambda: approve(cast, plan, by=cast.archive_head))
    with acting_as(SYSTEM):
        maker = cast.archivist.person_id
    assert plan.made_person_id == maker
    assert approve(cast, plan).state == PlanState.APPROVED
    refused(lambda: change(plan, leaf(plan), cast.archivist))


def test_no_version_begins_before_one_that_was_approved_already(cast: Cast) -> None:
    plan = draft(cast)
    services.submit_plan(plan_id=plan.pk, by=cast.archivist, at=AT)
    approve(cast, plan, dt.date(2027, 1, 1))
    again = draft(cast)
    services.submit_plan(plan_id=again.pk, by=cast.archivist, at=AT)
    refused(lambda: approve(cast, again, dt.date(2026, 12, 1)), "valid_from")


def _sql(by: Actor, text: str, *told: object) -> None:
    with acting_as(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, told)


def test_raw_sql_neither_approves_ones_own_nor_in_anothers_name(cast: Cast) -> None:
    plan = draft(cast)
    services.submit_plan(plan_id=plan.pk, by=cast.archivist, at=AT)
    put = (
        "update records_fileplan set state = 'APPROVED', valid_from = '2030-01-01', approved_at = now(),"
        " approval_number = %s, approved_person_id = %s where id = %s"
    )
    for by, number, person in (
        (cast.archivist, "x", cast.archivist.person_id),
        (cast.archivist, "x", cast.leader.person_id),
        (cast.archivist, "x", None),
        (cast.leader, " ", cast.leader.person_id),
    ):
        with pytest.raises(DatabaseError):
            _sql(by, put, number, person, plan.pk)
    with pytest.raises(DatabaseError):
        _sql(cast.archivist, "update records_fileplan set made_person_id = null where id = %s", plan.pk)
    first = plan.based_on_id
    for text in (
        "update records_planclass set period = '' where plan_id = %s",
        "delete from records_planclass where plan_id = %s",
        "update records_retentionperiod set years = 1 where plan_id = %s",
        "update records_fileplan set state = 'DRAFT' where id = %s",
        "delete from records_fileplan where id = %s",
    ):
        with pytest.raises(DatabaseError):
            _sql(cast.archivist, text, first)


# --- The workbook --------------------------------------------------------------------------------------------------
def test_a_workbook_goes_out_and_comes_back_the_same(cast: Cast) -> None:
    plan = draft(cast)
    count = take_in(plan_id=plan.pk, file=io.BytesIO(workbook(plan)), by=cast.archivist, at=AT)
    assert plan.based_on is not None
    assert count == plan.based_on.classes.count()
    assert [line for line in compare(plan.based_on, plan) if line.changes] == []


def _spoilt(plan: FilePlan, cells: dict[str, str], sheet: str = "classes") -> io.BytesIO:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook(plan)))
    for place, value in cells.items():
        book[sheet][place] = value
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def test_every_faulty_row_is_named_and_nothing_is_half_taken(cast: Cast) -> None:
    plan = draft(cast)
    before = set(plan.classes.values_list("pk", flat=True))
    file = _spoilt(plan, {"A3": "bad code", "J4": "D77", "E5": "=1+1", "I6": "NOWHERE", "B7": "99"})
    with pytest.raises(queries.BadPlan) as caught, transaction.atomic():
        take_in(plan_id=plan.pk, file=file, by=cast.archivist, at=AT)
    said = "\n".join(caught.value.faults)
    for where in ("row 3, code", "row 4, period", "row 5, name_en", "row 6, unit", "row 7, parent"):
        assert where in said
    assert set(plan.classes.values_list("pk", flat=True)) == before


def test_what_is_no_workbook_is_refused(cast: Cast) -> None:
    plan = draft(cast)
    refused(lambda: take_in(plan_id=plan.pk, file=io.BytesIO(b"words"), by=cast.archivist, at=AT), "file")


# --- Pages ---------------------------------------------------------------------------------------------------------
def test_the_pages_show_and_edit(cast: Cast, client_as: Callable[[Actor], Client]) -> None:
    fonds = Fonds.objects.get()
    reader, keeper = client_as(cast.outsider), client_as(cast.archivist)
    assert fonds.code in reader.get("/records/fileplan/").content.decode()
    assert reader.post(f"/records/fileplan/{fonds.pk}/version/", {"note": "x"}).status_code == 422
    made = keeper.post(f"/records/fileplan/{fonds.pk}/version/", {"note": "Letters are kept longer"})
    plan = FilePlan.objects.get(state=PlanState.DRAFT)
    address = f"/records/fileplan/versions/{plan.pk}/"
    assert made["Location"] == address
    row = leaf(plan)
    told = {
        "code": "bad code", "category": "WS", "name_en": "Letters", "parent": row.parent_id or "", "position": 3,
        "period": row.period, "at_end": row.at_end, "seen": plan.version,
    }  # fmt: skip
    faulty = keeper.post(f"{address}class/{row.pk}/", told)
    assert faulty.status_code == 422
    assert "capital letters" in faulty.content.decode()
    assert keeper.post(f"{address}class/{row.pk}/", {**told, "code": row.code}).status_code == 302
    for page in ("", "compare/", "compare/?all=1", "class/", "period/", "workbook/"):
        assert keeper.get(address + page).status_code == 200
    assert reader.get(address).status_code == 200
    assert reader.get(address + "class/").status_code == 422
    assert keeper.get(address + "plan.xlsx").content[:2] == b"PK"
    assert keeper.post(address + "withdraw/").status_code == 302


def test_a_fonds_is_opened_with_the_shipped_plan_as_its_draft(cast: Cast, client_as: Callable[[Actor], Client]) -> None:
    told = {
        "code": "B002", "name_zh": "国际联络部", "unit_id": cast.units["IA"], "keeper_unit_id": cast.units["GO"],
        "begun_on": "2026-01-01", "with_shipped": "on",
    }  # fmt: skip
    assert client_as(cast.archivist).post("/records/fileplan/new/", told).status_code == 403
    head = client_as(cast.archive_head)
    assert head.post("/records/fileplan/new/", {**told, "unit_id": cast.units["CAST"]}).status_code == 422
    assert head.post("/records/fileplan/new/", told).status_code == 302
    plan = FilePlan.objects.get(fonds__code="B002")
    assert plan.state == PlanState.DRAFT
    assert plan.classes.exists()


def test_a_unit_is_called_otherwise_from_a_day_on(cast: Cast) -> None:
    fonds = Fonds.objects.get()
    day = dt.date(2027, 1, 1)

    def give(unit: str, code: str) -> object:
        return services.put_unit_code(
            fonds_id=fonds.pk, unit_id=cast.units[unit], code=code, valid_from=day, by=cast.archivist, at=AT
        )

    give("PF", "CWB")
    assert queries.unit_code(fonds.pk, cast.units["PF"], day) == "CWB"
    assert queries.unit_code(fonds.pk, cast.units["PF"], TODAY) != "CWB"
    refused(lambda: give("AS", "CWB"), "code")
    refused(lambda: give("AS", "lower"), "code")
    refused(lambda: give("PF", "CWX"), "valid_from")
