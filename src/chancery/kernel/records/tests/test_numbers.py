"""Numbers: without gaps, never twice, never taken back."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook.queries import MissingProvision
from chancery.foundations.verdict import Refused, no
from chancery.kernel.records.models import IssuedNumber
from chancery.kernel.records.numbers import terms
from chancery.kernel.records.numbers.rules import BadPattern, form_of
from chancery.kernel.records.numbers.terms import Series, series_named
from chancery.kernel.records.services import issue_number, void_number
from chancery.kernel.records.tests.world import AT, World, build


def test_numbers_of_a_series_and_year_follow_one_another_in_the_pattern_of_the_rulebook(world: World) -> None:
    issued = [issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT) for _n in range(3)]
    other = issue_number(series="test", year=2027, guard_id=world.guard_id, by=world.clerk, at=AT)
    padded = issue_number(series="neutral", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
    assert [number.text for number in issued] == ["收〔2026〕1号", "收〔2026〕2号", "收〔2026〕3号"]
    assert (other.text, padded.text) == ("收〔2027〕1号", "IN-2026-0001")
    assert issued[0].issued_post_id == world.clerk.post_id


def test_a_series_that_a_function_keeps_brings_its_own_pattern_name_and_rule(world: World, monkeypatch: Any) -> None:
    def kept(codes: Any) -> dict[str, Series]:
        return {code: Series(code, "Kept", "自管", lambda by, number: no("cancel the document")) for code in codes}

    monkeypatch.setitem(terms._sources, "kept.", kept)
    pattern = "科协办发〔{year}〕{n}号"
    issued = [
        issue_number(series="kept.go", pattern=pattern, year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
        for _n in range(2)
    ]
    assert [number.text for number in issued] == ["科协办发〔2026〕1号", "科协办发〔2026〕2号"]
    assert series_named(["kept.go", "unknown"])["kept.go"].name_zh == "自管"
    with pytest.raises(Refused, match="cancel the document"):
        void_number(number_id=issued[0].pk, reason="x", by=world.registrar, at=AT)


def test_a_refused_act_gives_its_number_back(world: World) -> None:
    with pytest.raises(Refused), transaction.atomic():
        issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
        raise Refused("not after all")
    assert issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT).value == 1


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_get_one_to_two_hundred_and_refused_ones_leave_no_gap() -> None:
    world = build()
    issued: list[int] = []

    def work(worker: int) -> None:
        try:
            for turn in range(27):
                try:
                    with transaction.atomic():
                        number = issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
                        if turn % 13 == 12:
                            no("changed my mind").demand()
                    issued.append(number.value)
                except Refused:
                    pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(issued) == 200
    assert sorted(issued) == list(range(1, 201))


def test_a_voided_number_stays_visible_with_its_reason_and_is_not_given_out_again(world: World) -> None:
    number = issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
    void_number(number_id=number.pk, reason="registered twice", by=world.registrar, at=AT)
    with acting_as(world.clerk):
        kept = IssuedNumber.objects.get(pk=number.pk)
    assert (kept.state, kept.void_reason, kept.voided_at) == ("VOID", "registered twice", AT)
    assert issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT).value == 2


def test_voiding_needs_a_reason_and_happens_once(world: World) -> None:
    number = issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
    with pytest.raises(Refused, match="Say why"):
        void_number(number_id=number.pk, reason="  ", by=world.registrar, at=AT)
    void_number(number_id=number.pk, reason="twice", by=world.registrar, at=AT)
    with pytest.raises(Refused, match="void already"):
        void_number(number_id=number.pk, reason="again", by=world.registrar, at=AT)


def test_only_the_registrar_of_the_unit_gives_a_number_up(world: World) -> None:
    number = issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
    with pytest.raises(Refused, match="Registrar"):
        void_number(number_id=number.pk, reason="my own", by=world.clerk, at=AT)


def test_a_number_of_others_does_not_exist_for_an_outsider(world: World) -> None:
    number = issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
    with pytest.raises(Refused, match="no such number"):
        void_number(number_id=number.pk, reason="mischief", by=world.outsider, at=AT)
    with acting_as(world.outsider):
        assert not IssuedNumber.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "delete from records_issuednumber",
        "update records_issuednumber set value = 7",
        "update records_issuednumber set text = 'x'",
        "insert into records_issuednumber (series, year, value, text, state, subject, issued_at, void_reason)"
        " values ('test', 2026, 9, 'x', 'ISSUED', '', now(), '')",
        "select last from records_seriescounter",
        "update records_seriescounter set last = 0",
        "truncate records_issuednumber",
    ],
)
def test_raw_sql_as_the_web_role_cannot_reuse_skip_or_count_numbers(world: World, statement: str) -> None:
    issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
    for by in (world.clerk, SYSTEM):
        with acting_as(by), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_raw_sql_cannot_take_a_void_back_or_hang_a_number_on_something_else(world: World) -> None:
    number = issue_number(
        series="test", year=2026, guard_id=world.guard_id, subject="records.document:1", by=world.clerk, at=AT
    )
    with acting_as(world.clerk):
        with pytest.raises(DatabaseError, match="belongs to"), transaction.atomic():
            connection.cursor().execute("update records_issuednumber set subject = 'x.y:2' where id = %s", [number.pk])
        void_number(number_id=number.pk, reason="twice", by=world.registrar, at=AT)
        with pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
            connection.cursor().execute(
                "update records_issuednumber set state = 'ISSUED', voided_at = null, void_reason = ''"
            )


def test_a_series_without_a_pattern_in_the_rulebook_is_a_clear_error(world: World) -> None:
    with pytest.raises(MissingProvision, match=r"number\.unheard"):
        issue_number(series="unheard", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)


@pytest.mark.parametrize("pattern", ["{year}", "{n}", "{n}{n}{year}", "plain", "{year}{year}{n}"])
def test_a_pattern_without_year_or_number_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        form_of(pattern, 2026)


def test_the_public_issues_no_numbers(world: World, django_db_blocker: Any) -> None:
    from chancery.foundations.actor import PUBLIC

    with pytest.raises(DatabaseError, match="only staff"), transaction.atomic():
        issue_number(series="test", year=2026, by=PUBLIC, at=AT)
