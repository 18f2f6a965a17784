"""What the database refuses to the web role, whoever writes the SQL."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from django.db import DataError, IntegrityError, ProgrammingError

from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.directory import rules, services
from chancery.kernel.directory.tests.conftest import CLERK, EDITOR, KEEPER, NOW, Office, person, raw

HOLD = (
    "insert into directory_holding (person_id, post_id, seat, kind, during, decision, is_void, reason, version)"
    " values (%s, %s, %s, %s, %s::daterange, '', false, '', 1)"
)
TERM = (
    "insert into directory_unitterm (unit_id, name_en, name_zh, kind, parent_id, led_by_id, position, functions_en,"
    " functions_zh, during, decision, is_void, reason, version)"
    " values (%s, 'X', '', 'DEPARTMENT', %s, %s, 0, '', '', %s::daterange, '', false, '', 1)"
)
UNIT = (
    "insert into directory_unit (code, name_en, name_zh, kind, position, functions_en, functions_zh, during, is_void,"
    " reason, version)"
    " values (%s, 'X', '', 'DEPARTMENT', 0, '', '', %s::daterange, false, '', 1) returning id"
)
POST = (
    "insert into directory_post (unit_id, code, title_en, title_zh, heading_en, heading_zh, rank, is_leading, seats,"
    " position, is_public, during, is_void, reason, version)"
    " values (%s, %s, 'X', '', '', '', 'STAFF', false, 1, 0, false, %s::daterange, false, '', 1) returning id"
)
CONTACT = (
    'insert into directory_contact (unit_id, kind, "use", value, value_zh, is_public, position, during, is_void,'
    " reason, version)"
    " values (%s, 'PHONE', %s, '123456', '', %s, 0, %s::daterange, false, '', 1) returning id"
)


def law_broken(error: pytest.ExceptionInfo[IntegrityError]) -> str:
    cause = error.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name or ""


def refused(law: str, sql: str, *parameters: object) -> None:
    with pytest.raises(IntegrityError) as error:
        raw(sql, parameters)
    assert law_broken(error) == law
    assert str(rules.law_of(law))


def test_two_substantive_holders_of_one_seat(office: Office) -> None:
    other = person("Dai Dew").pk
    for kind in ("SUBSTANTIVE", "CONCURRENT", "TRIAL"):
        refused("directory_holding_one_holder_a_seat", HOLD, other, office.director, 1, kind, "[2021-01-01,)")


def test_two_people_acting_in_one_seat(office: Office) -> None:
    raw(HOLD, [person("Dai Dew").pk, office.director, 1, "ACTING", "[2021-01-01,)"])
    refused(
        "directory_holding_one_acting_a_seat", HOLD, person("Eve Elm").pk, office.director, 1, "ACTING", "[2021-06-01,)"
    )


def test_overlapping_holdings_of_one_person_in_one_post(office: Office) -> None:
    refused(
        "directory_holding_once_at_a_time", HOLD, office.bo, office.deputies, 1, "ACTING", "[2021-01-01,2022-01-01)"
    )


def test_a_seat_the_post_does_not_have(office: Office) -> None:
    refused("directory_holding_seat_exists", HOLD, office.anna, office.deputies, 3, "SUBSTANTIVE", "[2021-01-01,)")
    refused("directory_holding_seat_counts_from_one", HOLD, office.anna, office.deputies, 0, "ACTING", "[2021-01-01,)")
    refused(
        "directory_holding_seat_exists",
        "update directory_postterm set seats = 1, version = version + 1 where post_id = %s",
        office.deputies,
    )


def test_holding_a_post_before_it_opens(office: Office) -> None:
    refused(
        "directory_holding_within_post",
        HOLD,
        person("Dai Dew").pk,
        office.director,
        1,
        "ACTING",
        "[2019-01-01,2019-06-01)",
    )


def test_an_end_before_its_start(office: Office) -> None:
    with pytest.raises(DataError):
        raw(HOLD, [office.anna, office.deputies, 1, "ACTING", "[2022-01-01,2021-01-01)"])
    for sql, parameters, law in (
        (HOLD, [office.anna, office.deputies, 1, "ACTING", "[2022-01-01,2022-01-01)"], "directory_holding_range"),
        (TERM, [office.b, None, None, "[2022-01-01,2022-01-01)"], "directory_unitterm_range"),
        (UNIT, ["Z", "[2022-01-01,2022-01-01)"], "directory_unit_life"),
        (POST, [office.b, "z", "[2022-01-01,2022-01-01)"], "directory_post_life"),
        (CONTACT, [office.b, "OFFICE", False, "[2022-01-01,2022-01-01)"], "directory_contact_range"),
    ):
        refused(law, sql, *parameters)
    refused("directory_holding_range", HOLD, office.anna, office.deputies, 1, "ACTING", "(,2021-01-01)")


def test_a_unit_under_itself_at_any_depth(office: Office) -> None:
    move = "update directory_unitterm set parent_id = %s, version = version + 1 where unit_id = %s"
    refused("directory_unitterm_not_its_own_parent", move, office.a, office.a)
    refused("directory_tree_has_no_cycle", move, office.a1, office.hq)
    refused("directory_tree_has_no_cycle", move, office.a1, office.a)


def test_a_cycle_on_a_few_days_only(office: Office) -> None:
    services.move_unit(unit_id=office.b, parent_id=office.a1, on=dt.date(2025, 1, 1), decision="x", by=SYSTEM, at=NOW)
    # A stood under B only before that: no day sees both.
    services.move_unit(unit_id=office.b, parent_id=office.hq, on=dt.date(2025, 6, 1), decision="x", by=SYSTEM, at=NOW)
    services.move_unit(unit_id=office.a, parent_id=office.b, on=dt.date(2025, 6, 1), decision="x", by=SYSTEM, at=NOW)
    with pytest.raises(rules.BrokenLaw) as refusal:
        services.move_unit(
            unit_id=office.a, parent_id=office.b, on=dt.date(2025, 5, 31), decision="x", by=SYSTEM, at=NOW
        )
    assert refusal.value.law == "directory_tree_has_no_cycle"
    assert refusal.value.field == "parent"


def test_two_units_leading_each_other(office: Office) -> None:
    lead = "update directory_unitterm set led_by_id = %s, version = version + 1 where unit_id = %s"
    raw(lead, [office.a, office.b])
    refused("directory_leading_has_no_cycle", lead, office.b, office.a)
    refused("directory_unitterm_not_led_by_itself", lead, office.a, office.a)


def test_a_post_in_a_dissolved_unit(office: Office) -> None:
    services.dissolve_unit(unit_id=office.b, on=dt.date(2025, 1, 1), decision="x", by=SYSTEM, at=NOW)
    refused("directory_post_in_living_unit", POST, office.b, "z", "[2024-06-01,)")
    refused("directory_post_in_living_unit", POST, office.b, "z", "[2026-01-01,)")
    assert raw(POST, [office.b, "z", "[2024-06-01,2025-01-01)"])


def test_a_unit_that_ends_before_its_posts(office: Office) -> None:
    refused(
        "directory_unitterm_within_life",
        "update directory_unit set during = '[2020-01-01,2025-01-01)', version = version + 1 where id = %s",
        office.a,
    )


def test_standing_under_a_unit_that_is_not_there(office: Office) -> None:
    services.dissolve_unit(unit_id=office.b, on=dt.date(2025, 1, 1), decision="x", by=SYSTEM, at=NOW)
    refused(
        "directory_parent_lives",
        "update directory_unitterm set parent_id = %s, version = version + 1 where unit_id = %s",
        office.b,
        office.a1,
    )
    refused(
        "directory_parent_lives",
        "update directory_unitterm set led_by_id = %s, version = version + 1 where unit_id = %s",
        office.b,
        office.a1,
    )


def test_two_facts_of_a_unit_on_one_day(office: Office) -> None:
    refused("directory_unitterm_one_at_a_time", TERM, office.a, office.hq, None, "[2025-01-01,2025-02-01)")


def test_a_private_line_on_the_public_page(office: Office) -> None:
    refused("directory_contact_private_is_never_public", CONTACT, office.a, "PRIVATE", True, "[2025-01-01,)")
    contact = raw(CONTACT, [office.a, "PRIVATE", False, "[2025-01-01,)"])[0][0]
    refused(
        "directory_contact_private_is_never_public",
        "update directory_contact set is_public = true, version = version + 1 where id = %s",
        contact,
    )


def test_the_public_view_has_no_column_for_a_private_line(office: Office) -> None:
    services.add_contact(unit_id=office.a, kind="PHONE", value="11111111", use="PRIVATE", by=SYSTEM, at=NOW)
    services.add_contact(unit_id=office.a, kind="PHONE", value="22222222", by=SYSTEM, at=NOW)
    services.add_contact(unit_id=office.a, kind="PHONE", value="33333333", is_public=True, by=SYSTEM, at=NOW)
    assert raw("select value from directory_publiccontact") == [("33333333",)]
    with acting_as(PUBLIC):
        assert raw("select value from directory_contact") == [("33333333",)]
    with acting_as(CLERK):
        assert len(raw("select value from directory_contact")) == 3


@pytest.mark.parametrize(
    "table",
    ["unit", "unitterm", "unitclosure", "post", "postterm", "person", "holding", "contact", "formerversion"],
)
def test_history_is_never_deleted(office: Office, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        raw(f"delete from directory_{table}")
    with pytest.raises(ProgrammingError, match="permission denied"):
        raw(f"truncate directory_{table}")


@pytest.mark.parametrize(
    "statement",
    [
        "update directory_unit set code = 'ZZ', version = version + 1",
        "update directory_unit set parent_id = null, version = version + 1",
        "update directory_post set unit_id = 1, version = version + 1",
        "update directory_person set is_public = true, version = version + 1",
        "update directory_person set code = 'x', version = version + 1",
        "insert into directory_unitclosure (ancestor_id, descendant_id, depth) values (1, 1, 9)",
        "update directory_formerversion set reason = ''",
        "insert into directory_formerversion (row_table, row_id, version, facts, reason, replaced_at)"
        " values ('x', 1, 1, '{}', '', now())",
        "select directory_close_tree(array[1::bigint])",
        "select directory_publish_people(array[1::bigint])",
    ],
)
def test_identity_and_what_the_database_derives_are_out_of_reach(office: Office, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        raw(statement)


def test_every_change_keeps_what_stood_there(office: Office) -> None:
    refused(
        "directory_row_changed_meanwhile",
        "update directory_holding set during = '[2020-01-01,2024-01-01)' where id = %s",
        office.anna_holds,
    )
    raw(
        "update directory_holding set during = '[2020-01-01,2024-01-01)', version = 2 where id = %s",
        [office.anna_holds],
    )
    assert raw(
        "select version, facts ->> 'during' from directory_formerversion where row_table = 'directory_holding'"
    ) == [(1, "[2020-01-01,)")]


def test_a_row_is_struck_out_only_with_a_reason(office: Office) -> None:
    refused(
        "directory_correction_has_a_reason",
        "update directory_holding set during = 'empty', is_void = true, version = version + 1 where id = %s",
        office.anna_holds,
    )


def test_a_row_cannot_vanish_by_losing_its_days(office: Office) -> None:
    refused(
        "directory_holding_range",
        "update directory_holding set during = 'empty', version = version + 1 where id = %s",
        office.anna_holds,
    )


@pytest.mark.parametrize("actor", [PUBLIC, None])
def test_the_public_writes_nothing(office: Office, actor: object) -> None:
    with acting_as(PUBLIC):
        with pytest.raises(ProgrammingError, match="row-level security"):
            raw(UNIT, ["Z", "[2022-01-01,)"])
        assert raw("update directory_holding set version = version + 1 returning id") == []
        assert raw("update directory_unit set version = version + 1 returning id") == []


def test_the_public_sees_public_posts_and_their_holders_only(office: Office) -> None:
    quiet = services.open_post(unit_id=office.a, title_en="Clerk", by=SYSTEM, at=NOW).pk
    services.appoint(person_id=person("Dai Dew").pk, post_id=quiet, by=SYSTEM, at=NOW)
    with acting_as(PUBLIC):
        assert raw("select title_en from directory_post order by id") == [("Director",), ("Deputy director",)]
        assert raw("select count(*) from directory_postterm") == [(2,)]
        assert raw("select name_en from directory_person order by id") == [
            ("Anna Ash",),
            ("Bo Birch",),
            ("Chen Cedar",),
        ]
        assert raw("select count(*) from directory_holding") == [(3,)]
        assert raw("select count(*) from directory_formerversion") == [(0,)]
    with acting_as(CLERK):
        assert raw("select count(*) from directory_person") == [(4,)]
        assert raw("select count(*) from directory_post") == [(3,)]


def test_publication_follows_the_posts_at_once(office: Office) -> None:
    services.publish_post(post_id=office.deputies, is_public=False, by=EDITOR, at=NOW)
    with acting_as(PUBLIC):
        assert raw("select name_en from directory_person") == [("Anna Ash",)]
    services.publish_post(post_id=office.deputies, is_public=True, by=EDITOR, at=NOW)
    services.correct_holding(holding_id=office.bo_holds, is_wrong=True, reason="never was", by=EDITOR, at=NOW)
    with acting_as(PUBLIC):
        assert raw("select name_en from directory_person order by id") == [("Anna Ash",), ("Chen Cedar",)]


def test_a_protected_name_shows_from_its_label_and_never_in_public(office: Office) -> None:
    hidden = person("Hu Hazel", label=20).pk
    quiet = services.open_post(unit_id=office.a, title_en="Clerk", by=SYSTEM, at=NOW).pk
    services.appoint(person_id=hidden, post_id=quiet, by=SYSTEM, at=NOW)
    with acting_as(CLERK):
        assert raw("select 1 from directory_person where id = %s", [hidden]) == []
        assert raw("select 1 from directory_holding where post_id = %s", [quiet]) == []
    with acting_as(KEEPER):
        assert raw("select 1 from directory_holding where post_id = %s", [quiet]) == [(1,)]
    refused("directory_holding_name_protected", HOLD, hidden, office.director, 1, "ACTING", "[2021-01-01,)")
    refused(
        "directory_holding_name_protected",
        "update directory_post set is_public = true, version = version + 1 where id = %s",
        quiet,
    )
    refused(
        "directory_holding_name_protected",
        "update directory_person set label = 20, reason = 'x', version = version + 1 where id = %s",
        office.anna,
    )


def test_the_tree_of_today_follows_every_move(office: Office) -> None:
    pairs = (
        "select a.code, d.code, depth from directory_unitclosure join directory_unit a on a.id = ancestor_id"
        " join directory_unit d on d.id = descendant_id"
    )
    services.move_unit(unit_id=office.a, parent_id=office.b, by=SYSTEM, at=NOW)
    assert set(raw(pairs)) == {
        ("HQ", "HQ", 0), ("A", "A", 0), ("A1", "A1", 0), ("B", "B", 0),
        ("HQ", "B", 1), ("HQ", "A", 2), ("HQ", "A1", 3), ("B", "A", 1), ("B", "A1", 2), ("A", "A1", 1),
    }  # fmt: skip
    # A move that is still to come changes nothing today.
    services.move_unit(unit_id=office.a, parent_id=office.hq, on=dt.date(2026, 9, 1), by=SYSTEM, at=NOW)
    assert ("B", "A", 1) in set(raw(pairs))
    raw("select directory_bring_up_to('2026-09-01')")
    assert ("B", "A", 1) not in set(raw(pairs))
    assert ("HQ", "A", 1) in set(raw(pairs))


def test_every_named_reason_is_put_into_words(office: Office) -> None:
    named = raw(
        "select conname from pg_constraint c join pg_class t on t.oid = c.conrelid"
        " where t.relname like 'directory\\_%%' and contype in ('c', 'x') and conname not like '%%_check%%'"
    )
    assert {name for (name,) in named} - rules.every_law() == {"directory_person_label"}
