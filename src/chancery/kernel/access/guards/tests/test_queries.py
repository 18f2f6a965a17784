"""Who sees what: the guard policy, asked through the ORM and by raw SQL as the web role."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor, Clearance
from chancery.foundations.journal import queries as journal
from chancery.foundations.journal.services import write
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.absence.services import come_back, declare_absence
from chancery.kernel.access.guards.models import Guard, GuardReader
from chancery.kernel.access.guards.queries import few_guards, is_visible
from chancery.kernel.access.guards.services import add_reader, add_readers, end_reader, open_guard
from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.services import end_holding, move_unit, open_post

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def at(days: int = 0) -> dt.datetime:
    return clock.now() + days * DAY


def sees(actor: Actor, guard: Guard) -> bool:
    with acting_as(actor), transaction.atomic():
        return is_visible(guard.pk)


def guard_by(actor: Actor, unit_id: int, **more: object) -> Guard:
    return open_guard(unit_id=unit_id, label=more.pop("label", Clearance.INTERNAL), by=actor, at=at(), **more)


def watchers(cast: Cast, guard: Guard) -> set[str]:
    return {key for key in [*cast, "two_hats_enterprise"] if sees(getattr(cast, key), guard)}


def test_an_opened_guard_is_seen_by_its_opener_and_by_head_and_registrar_of_its_unit(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["GO"])
    assert watchers(cast, guard) == {"handler", "registrar", "office_head"}


def test_the_head_of_a_unit_above_sees_it_too(cast: Cast) -> None:
    from chancery.kernel.access.roles.services import grant_role

    guard = guard_by(cast.handler, cast.units["PF"])
    assert not sees(cast.leader, guard)
    grant_role(
        post_id=cast.leader.post_id, role="head", unit_id=cast.units["HQ"], valid_from=clock.today(), by=SYSTEM, at=at()
    )
    assert sees(cast.leader, guard)


def test_a_post_that_is_made_a_reader_sees_it_until_it_is_ended(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    add_reader(guard_id=guard.pk, post_id=cast.outsider.post_id, how="circulated", by=cast.handler, at=at())
    assert watchers(cast, guard) == {"handler", "outsider"}
    end_reader(guard_id=guard.pk, post_id=cast.outsider.post_id, by=cast.handler, at=at())
    assert watchers(cast, guard) == {"handler"}


def test_a_duty_that_is_made_a_reader_is_resolved_when_asked(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    add_reader(guard_id=guard.pk, role="co_handler", unit_id=cast.units["AS"], how="task", by=cast.handler, at=at())
    assert watchers(cast, guard) == {"handler", "co_handler"}


def test_adding_a_reader_twice_changes_nothing(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    for _again in range(2):
        add_readers(
            guard_id=guard.pk,
            readers=[(cast.outsider.post_id, None, None), (None, "leader", cast.units["PF"])],
            how="task",
            by=cast.handler,
            at=at(),
        )
    with acting_as(cast.handler):
        guard.refresh_from_db()
        assert guard.reader_posts == [cast.outsider.post_id]
        assert guard.reader_duties == [f"leader@{cast.units['PF']}"]
        assert GuardReader.objects.count() == 2


def test_a_label_above_the_clearance_hides_it_even_from_its_reader(cast: Cast) -> None:
    guard = guard_by(cast.office_head, cast.units["GO"], label=Clearance.CONFIDENTIAL)
    add_reader(guard_id=guard.pk, post_id=cast.outsider.post_id, how="task", by=cast.office_head, at=at())
    assert watchers(cast, guard) == {"office_head"}


def test_a_public_guard_is_seen_by_everybody_within_its_label(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"], label=Clearance.PUBLIC, is_public=True)
    assert sees(PUBLIC, guard)
    assert watchers(cast, guard) == {*cast, "two_hats_enterprise"}


def test_the_other_hat_of_the_same_person_does_not_see_it(cast: Cast) -> None:
    guard = guard_by(cast.two_hats_enterprise, cast.units["EC"])
    assert sees(cast.two_hats_enterprise, guard)
    assert not sees(cast.two_hats, guard)


def test_a_hat_that_is_no_longer_held_sees_nothing(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    actor = cast.handler
    with acting_as(SYSTEM):
        holding = Holding.objects.get(person_id=actor.person_id)
        end_holding(holding_id=holding.pk, on=clock.today(), by=SYSTEM, at=at())
    assert not sees(actor, guard)


def test_a_deputy_sees_it_from_the_first_day_to_the_last_and_not_after(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    add_reader(guard_id=guard.pk, role="co_handler", unit_id=cast.units["AS"], how="task", by=cast.handler, at=at())
    today = clock.today()
    declare_absence(
        absent_post_id=cast.co_handler.post_id,
        deputy_post_id=cast.outsider.post_id,
        starts_on=today + DAY,
        ends_on=today + 2 * DAY,
        by=cast.co_handler,
        at=at(),
    )
    seen = []
    for day in range(4):
        with clock.fixed_at(at(day)):
            seen.append(sees(cast.outsider, guard))
    assert seen == [False, True, True, False]


def test_coming_back_ends_the_deputys_sight_at_once(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    today = clock.today()
    absence = declare_absence(
        absent_post_id=cast.handler.post_id, deputy_post_id=cast.outsider.post_id,
        starts_on=today, ends_on=today + 9 * DAY, by=cast.handler, at=at(),
    )  # fmt: skip
    assert sees(cast.outsider, guard)
    with clock.fixed_at(at(2)):
        come_back(absence_id=absence.pk, by=cast.handler, at=at())
        assert not sees(cast.outsider, guard)


def test_a_deputy_for_some_procedures_sees_only_those(cast: Cast) -> None:
    ours = guard_by(cast.registrar, cast.units["GO"], scope="incoming_document")
    other = guard_by(cast.registrar, cast.units["GO"], scope="petition")
    by_duty = guard_by(cast.handler, cast.units["PF"], scope="incoming_document")
    add_reader(guard_id=by_duty.pk, role="registrar", unit_id=cast.units["GO"], how="task", by=cast.handler, at=at())
    as_reader = guard_by(cast.handler, cast.units["PF"], scope="incoming_document")
    add_reader(guard_id=as_reader.pk, post_id=cast.registrar.post_id, how="task", by=cast.handler, at=at())
    declare_absence(
        absent_post_id=cast.registrar.post_id, deputy_post_id=cast.outsider.post_id,
        starts_on=clock.today(), ends_on=clock.today(), scopes=["incoming_document"], by=cast.registrar, at=at(),
    )  # fmt: skip
    assert [sees(cast.outsider, guard) for guard in (ours, other, by_duty, as_reader)] == [True, False, True, True]


def test_a_reorganisation_changes_who_oversees_at_once(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    assert not sees(cast.registrar, guard)
    with acting_as(SYSTEM):
        move_unit(unit_id=cast.units["PF"], parent_id=cast.units["GO"], on=clock.today(), by=SYSTEM, at=at())
    assert sees(cast.registrar, guard)
    assert not sees(cast.outsider, guard)


def test_within_one_transaction_a_new_grant_counts_at_once(cast: Cast) -> None:
    from chancery.kernel.access.roles.services import grant_role

    guard = guard_by(cast.handler, cast.units["PF"])
    with acting_as(cast.outsider), transaction.atomic():
        assert not is_visible(guard.pk)
        grant_role(
            post_id=cast.outsider.post_id,
            role="head",
            unit_id=cast.units["PF"],
            valid_from=clock.today(),
            by=SYSTEM,
            at=at(),
        )
        assert is_visible(guard.pk)


def test_the_journal_of_a_guarded_thing_is_read_by_those_who_see_it(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    write(by=cast.handler, at=at(), act="guard.moved", on="demo.thing:1", guard_id=guard.pk)
    with acting_as(cast.handler), transaction.atomic():
        assert len(journal.history("demo.thing:1")) == 1
    with acting_as(cast.outsider), transaction.atomic():
        assert journal.history("demo.thing:1") == []


def raw(actor: Actor | None, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Ask as the web role, with that actor's stamp or none, outside the ORM."""
    from chancery.foundations.postgres.row_security import STAMP, stamp_of

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAMP, stamp_of(actor))
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("table", ["access_guard", "access_guardreader"])
def test_raw_sql_without_a_stamp_or_with_an_outsiders_gets_nothing(cast: Cast, table: str) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    add_reader(guard_id=guard.pk, post_id=cast.co_handler.post_id, how="task", by=cast.handler, at=at())
    assert raw(None, f"select count(*) from {table}") == [(0,)]
    assert raw(PUBLIC, f"select count(*) from {table}") == [(0,)]
    assert raw(cast.outsider, f"select count(*) from {table}") == [(0,)]
    assert raw(cast.administrator, f"select count(*) from {table}") == [(0,)]
    assert raw(cast.handler, f"select count(*) from {table}") == [(1,)]


def refused(actor: Actor | None, sql: str, *values: object) -> str:
    from django.db import DatabaseError

    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        raw(actor, sql, *values)
    return type(caught.value.__cause__).__name__


def test_the_web_role_cannot_forge_guards_or_readers(cast: Cast) -> None:
    guard = guard_by(cast.handler, cast.units["PF"])
    assert (
        refused(cast.outsider, "update access_guard set reader_posts = array[%s]", cast.outsider.post_id)
        == "InsufficientPrivilege"
    )
    assert refused(cast.outsider, "delete from access_guard") == "InsufficientPrivilege"
    assert refused(cast.outsider, "delete from access_guardreader") == "InsufficientPrivilege"
    insert_reader = "insert into access_guardreader (guard_id, post_id, how, since) values (%s, %s, 'x', now())"
    assert refused(cast.outsider, insert_reader, guard.pk, cast.outsider.post_id) == "InsufficientPrivilege"
    forged = "insert into access_guard (unit_id, label, opened_post_id, opened_account_id) values (%s, 10, %s, %s)"
    assert (
        refused(cast.outsider, forged, cast.units["PF"], cast.handler.post_id, cast.outsider.account_id)
        == "InsufficientPrivilege"
    )
    # A change of what one cannot see changes nothing.
    assert raw(cast.outsider, "update access_guard set is_public = true returning id") == []
    with acting_as(SYSTEM):
        guard.refresh_from_db()
    assert (guard.is_public, guard.reader_posts) == (False, [])


def test_readers_named_while_inserting_a_guard_are_ignored(cast: Cast) -> None:
    sql = (
        "insert into access_guard (unit_id, label, opened_post_id, opened_account_id, reader_posts)"
        " values (%s, 10, %s, %s, array[%s]) returning id, reader_posts"
    )
    by = cast.handler
    assert raw(by, sql, cast.units["PF"], by.post_id, by.account_id, cast.outsider.post_id)[0][1] == []


def test_few_guards_names_what_one_sees_and_gives_up_beyond_the_cap(cast: Cast) -> None:
    guards = [guard_by(cast.handler, cast.units["PF"]) for _n in range(3)]
    add_reader(guard_id=guards[0].pk, post_id=cast.outsider.post_id, how="task", by=cast.handler, at=at())
    with acting_as(cast.outsider), transaction.atomic():
        assert few_guards() == [guards[0].pk]
    with acting_as(cast.handler), transaction.atomic():
        assert sorted(few_guards() or []) == [guard.pk for guard in guards]
        assert few_guards(at_most=2) is None
    with acting_as(cast.auditor), transaction.atomic():
        assert few_guards() == []


def test_a_post_nobody_holds_opens_nothing(cast: Cast) -> None:
    with acting_as(SYSTEM):
        empty = open_post(unit_id=cast.units["PF"], title_en="Vacant", on=clock.today(), by=SYSTEM, at=at())
    guard = guard_by(cast.handler, cast.units["PF"])
    add_reader(guard_id=guard.pk, post_id=empty.pk, how="task", by=cast.handler, at=at())
    from dataclasses import replace

    impostor = replace(cast.outsider, post_id=empty.pk)
    assert not sees(impostor, guard)
