"""Amending, ending, loading: history is kept, in the application and in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from chancery.foundations.actor import PUBLIC, SYSTEM, Actor, Clearance
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import loading, queries, services, values
from chancery.foundations.rulebook.models import Provision
from chancery.foundations.verdict import Refused, Stale

AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
DAY = dt.date
XU_AN = Actor(account_id=3, person_id=13, post_id=113, body_id=5, clearance=Clearance.INTERNAL, name="许安")
KEY = "test.limit"
LONG_AGO = DAY(2020, 1, 1)
TEXT = services.Text(value="3", unit="WD", name_en="Limit", name_zh="时限", basis_en="Rule 1", basis_zh="规定一")


@pytest.fixture
def xu_an(db: None) -> Iterator[Actor]:
    with acting_as(XU_AN), transaction.atomic():
        yield XU_AN


def amend(value: str, valid_from: dt.date, *, by: Actor = XU_AN, reason: str = "New rule", **more: object) -> Provision:
    words = {name: more.pop(name) for name in ("unit", "basis_en", "basis_zh") if name in more}
    text = replace(TEXT, value=value, **words)
    return services.amend_provision(
        profile="cn", key=KEY, text=text, valid_from=valid_from, reason=reason, by=by, at=AT, **more
    )


def periods() -> list[tuple[str, str, str | None, bool]]:
    rows = Provision.objects.filter(key=KEY).order_by("valid_from", "id")
    return [
        (row.value, str(row.valid_from), row.valid_to and str(row.valid_to), row.withdrawn_at is not None)
        for row in rows
    ]


# --- Asking ----------------------------------------------------------------------------------------------------------
def test_the_figure_is_the_one_that_held_on_the_day(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    amend("5", DAY(2026, 1, 1))
    assert [queries.days(KEY, on=day) for day in (DAY(2020, 1, 1), DAY(2025, 12, 31), DAY(2026, 1, 1))] == [3, 3, 5]
    assert queries.period(KEY, on=DAY(2026, 1, 1)) == queries.Period(5, "WD")


def test_a_missing_provision_is_a_clear_refusal(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    with pytest.raises(queries.MissingProvision, match=r"no provision “test.limit” \(cn\) for 2019-12-31"):
        queries.days(KEY, on=DAY(2019, 12, 31))
    with pytest.raises(queries.MissingProvision, match=r"no provision “test\.unknown”"):
        queries.days("test.unknown", on=DAY(2020, 1, 1))
    with pytest.raises(queries.MissingProvision, match=r"\(neutral\)"):
        queries.provision(KEY, on=DAY(2020, 1, 1), profile="neutral")


def test_an_expired_provision_is_a_clear_refusal(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1), valid_to=DAY(2024, 12, 31))
    with pytest.raises(queries.ExpiredProvision, match="ended on 2024-12-31 and nothing holds on 2025-01-01"):
        queries.days(KEY, on=DAY(2025, 1, 1))


def test_several_figures_are_one_query(xu_an: Actor, django_assert_num_queries) -> None:
    amend("3", DAY(2020, 1, 1))
    with django_assert_num_queries(1):
        assert queries.held([KEY], on=DAY(2020, 1, 1))[KEY].value == "3"
    with pytest.raises(queries.MissingProvision, match=r"test\.other"):
        queries.held([KEY, "test.other"], on=DAY(2020, 1, 1))


def test_a_figure_is_not_read_as_something_else(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    for question in (queries.text, queries.flag):
        with pytest.raises(queries.WrongUnit):
            question(KEY, on=DAY(2020, 1, 1))
    amend("yes", DAY(2021, 1, 1), unit="FLAG")
    assert queries.flag(KEY, on=DAY(2021, 1, 1)) is True
    with pytest.raises(queries.WrongUnit):
        queries.days(KEY, on=DAY(2021, 1, 1))
    amend("06-30", DAY(2022, 1, 1), unit="MONTH_DAY")
    assert queries.text(KEY, on=DAY(2022, 1, 1)) == "06-30"


# --- Amending --------------------------------------------------------------------------------------------------------
def test_a_new_value_ends_the_old_the_day_before(xu_an: Actor) -> None:
    first = amend("3", DAY(2020, 1, 1))
    second = amend("5", DAY(2026, 1, 1))
    assert periods() == [("3", "2020-01-01", "2025-12-31", False), ("5", "2026-01-01", None, False)]
    first.refresh_from_db()
    assert first.superseded_by_id == second.pk


def test_a_value_from_the_same_day_withdraws_the_old(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    amend("4", DAY(2020, 1, 1), reason="Misread")
    assert periods() == [("3", "2020-01-01", None, True), ("4", "2020-01-01", None, False)]
    assert [line["act"] for line in journal.history(services.subject("cn", KEY))] == [
        "provision.amended",
        "provision.corrected",
    ]


def test_a_value_between_keeps_what_follows(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    amend("5", DAY(2026, 1, 1))
    amend("4", DAY(2023, 1, 1))
    assert periods() == [
        ("3", "2020-01-01", "2022-12-31", False),
        ("4", "2023-01-01", "2025-12-31", False),
        ("5", "2026-01-01", None, False),
    ]


def test_a_value_before_all_ends_where_the_first_begins(xu_an: Actor) -> None:
    amend("5", DAY(2026, 1, 1))
    amend("3", DAY(2020, 1, 1))
    assert periods() == [("3", "2020-01-01", "2025-12-31", False), ("5", "2026-01-01", None, False)]


def test_the_journal_tells_was_is_and_why(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    amend("5", DAY(2026, 1, 1), reason="Order 12 of 2025")
    line = journal.history(services.subject("cn", KEY))[-1]
    assert (line["data"]["was"]["value"], line["data"]["is"]["value"], line["data"]["reason"]) == (
        "3",
        "5",
        "Order 12 of 2025",
    )
    assert line["person_name"] == "许安"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "soon"}, "value"),
        ({"value": ""}, "value"),
        ({"value": "1.5"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "x", "unit": "LEAGUES"}, "unit"),
        ({"value": "25:00", "unit": "TIME"}, "value"),
        ({"value": "13-01", "unit": "MONTH_DAY"}, "value"),
        ({"value": "(", "unit": "PATTERN"}, "value"),
        ({"value": "perhaps", "unit": "FLAG"}, "value"),
        ({"value": "101", "unit": "PERCENT"}, "value"),
        ({"basis_en": " "}, "basis_en"),
        ({"basis_zh": ""}, "basis_zh"),
        ({"reason": " "}, "reason"),
        ({"valid_to": DAY(2025, 12, 31)}, "valid_to"),
        ({"value": "3"}, "value"),  # already holds
    ],
)
def test_a_faulty_edit_is_refused_at_its_field(xu_an: Actor, change: dict[str, object], field: str) -> None:
    amend("3", DAY(2020, 1, 1))
    with pytest.raises(Refused) as refused:
        amend(**{"value": "5", "valid_from": DAY(2026, 1, 1), **change})  # type: ignore[arg-type]  # parametrised
    assert refused.value.field == field
    assert periods() == [("3", "2020-01-01", None, False)]


def test_an_end_beyond_the_next_beginning_is_refused(xu_an: Actor) -> None:
    amend("5", DAY(2026, 1, 1))
    with pytest.raises(Refused, match="begins after 2025-12-31"):
        amend("3", DAY(2020, 1, 1), valid_to=DAY(2026, 6, 1))


def test_a_stale_edit_changes_nothing(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    seen = queries.version(queries.history(KEY, profile="cn"))
    amend("4", DAY(2023, 1, 1))
    with pytest.raises(Stale):
        amend("5", DAY(2026, 1, 1), seen=seen)
    assert len(periods()) == 2


def test_the_public_may_not_edit(db: None) -> None:
    with pytest.raises(Refused, match="signed in"):
        amend("3", DAY(2020, 1, 1), by=PUBLIC)


# --- Ending ----------------------------------------------------------------------------------------------------------
def test_a_provision_ends_without_successor(xu_an: Actor) -> None:
    row = amend("3", DAY(2020, 1, 1))
    services.end_provision(provision_id=row.pk, last_day=DAY(2026, 6, 30), reason="Repealed", by=XU_AN, at=AT)
    assert periods() == [("3", "2020-01-01", "2026-06-30", False)]
    for day, reason in ((DAY(2019, 1, 1), "before the first"), (DAY(2026, 7, 1), "already ends")):
        with pytest.raises(Refused, match=reason):
            services.end_provision(provision_id=row.pk, last_day=day, reason="Repealed", by=XU_AN, at=AT)


# --- The database ----------------------------------------------------------------------------------------------------
def refused_by_database(statement: str, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_raw_sql_cannot_rewrite_or_delete(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    refused_by_database("delete from rulebook_provision", "permission denied")
    refused_by_database("truncate rulebook_provision", "permission denied")
    for column, value in (("value", "'9'"), ("basis_en", "'x'"), ("valid_from", "'2019-01-01'"), ("key", "'x.y'")):
        refused_by_database(f"update rulebook_provision set {column} = {value}", "permission denied")


def test_raw_sql_cannot_bring_a_withdrawn_row_back(xu_an: Actor) -> None:
    amend("3", DAY(2020, 1, 1))
    amend("4", DAY(2020, 1, 1))
    refused_by_database(
        "update rulebook_provision set withdrawn_at = null where withdrawn_at is not null", "is history"
    )


def test_two_values_never_hold_on_one_day(xu_an: Actor) -> None:
    row = amend("3", DAY(2020, 1, 1))
    copy = Provision(
        **{
            field.attname: getattr(row, field.attname)
            for field in Provision._meta.concrete_fields
            if field.name != "id"
        }
    )
    copy.valid_from = DAY(2026, 1, 1)
    with pytest.raises(DatabaseError, match="rulebook_one_provision_at_a_time"), transaction.atomic():
        copy.save()


def test_the_public_reads_and_does_not_write(db: None) -> None:
    with acting_as(XU_AN), transaction.atomic():
        amend("3", DAY(2020, 1, 1))
    with acting_as(PUBLIC), transaction.atomic():
        assert queries.days(KEY, on=DAY(2020, 1, 1)) == 3
        with connection.cursor() as cursor:
            cursor.execute("update rulebook_provision set valid_to = '2030-01-01'")
            assert cursor.rowcount == 0


# --- Loading ---------------------------------------------------------------------------------------------------------
def shipped(value: str = "3", valid_from: dt.date = LONG_AGO, valid_to: dt.date | None = None) -> loading.Shipped:
    words = {name: getattr(TEXT, name) for name in services.Text.__slots__}
    return loading.Shipped("cn", KEY, valid_from, valid_to, {**words, "value": value}, "test.toml:7")


def load(*lines: loading.Shipped) -> services.Loaded:
    return services.load_all(by=SYSTEM, at=AT, shipped=lines)


def test_loading_twice_changes_nothing(db: None) -> None:
    assert load(shipped()).added == [f"cn/{KEY}"]
    again = load(shipped())
    assert (again.added, again.corrected, again.kept, again.unchanged) == ([], [], [], 1)


def test_a_new_release_corrects_what_the_site_left_alone(db: None) -> None:
    load(shipped("3"))
    report = load(shipped("3", valid_to=DAY(2026, 12, 31)), shipped("4", DAY(2027, 1, 1)))
    assert report.corrected == [f"cn/{KEY}"]
    assert [line for line in periods() if not line[3]] == [
        ("3", "2020-01-01", "2026-12-31", False),
        ("4", "2027-01-01", None, False),
    ]


def test_a_new_release_leaves_the_sites_edit_and_tells_the_difference(db: None) -> None:
    load(shipped("3"))
    with acting_as(XU_AN):
        amend("7", DAY(2026, 1, 1))
    before = periods()
    report = load(shipped("4"))
    assert periods() == before
    assert report.added == report.corrected == []
    assert report.kept == [
        "cn/test.limit: + test.limit = 4 WD (cn, 2020-01-01–)",
        "cn/test.limit: - test.limit = 3 WD (cn, 2020-01-01–2025-12-31)",
        "cn/test.limit: - test.limit = 7 WD (cn, 2026-01-01–)",
    ]


def test_an_ended_provision_is_a_sites_edit_too(db: None) -> None:
    load(shipped("3"))
    with acting_as(XU_AN), transaction.atomic():
        row = Provision.objects.get(key=KEY)
        services.end_provision(provision_id=row.pk, last_day=DAY(2026, 6, 30), reason="Repealed", by=XU_AN, at=AT)
    assert load(shipped("3")).kept == []  # known when it was ended: no news
    assert periods() == [("3", "2020-01-01", "2026-06-30", False)]
    assert load(shipped("4")).kept == [
        "cn/test.limit: + test.limit = 4 WD (cn, 2020-01-01–)",
        "cn/test.limit: - test.limit = 3 WD (cn, 2020-01-01–2026-06-30)",
    ]
    assert periods() == [("3", "2020-01-01", "2026-06-30", False)]


def test_the_shipped_rulebook_loads_and_answers(db: None) -> None:
    first = services.load_all(by=SYSTEM, at=AT)
    assert first.corrected == first.kept == []
    second = services.load_all(by=SYSTEM, at=AT)
    assert (second.added, second.unchanged) == ([], len(loading.read_all()))
    on = DAY(2026, 11, 20)
    assert queries.period("incoming.limit.urgent", on=on) == queries.Period(1, "WD")
    assert queries.period("incoming.limit.expedited", on=on) == queries.Period(3, "WD")


def test_numbers_are_stored_without_padding() -> None:
    assert [values.clean(value, "HOURS") for value in (1, "01", "1.50", 1.5, "1E2")] == ["1", "1", "1.5", "1.5", "100"]
    assert [values.clean(value, "FLAG") for value in (True, False, "是", "No")] == ["yes", "no", "yes", "no"]
    assert values.clean("9:00", "TEXT") == "9:00"
    assert values.clean("09:00", "TIME") == "09:00"
    assert values.clean("02-29", "MONTH_DAY") == "02-29"
