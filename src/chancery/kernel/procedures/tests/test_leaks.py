"""Row security, asked by raw SQL as the web role."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.guards.services import bar_from_guard
from chancery.kernel.procedures import services
from chancery.kernel.procedures.notices import queries
from chancery.kernel.procedures.tests.world import NOW, World

GUARDED = ("matter", "standing", "task", "opinion", "pause", "urge", "extensionrequest", "notice", "watch", "mail")


def rows(by: Actor, sql: str) -> int:
    with acting_as(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def filled(world: World) -> int:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk, opinion="Secret")
    services.urge(matter_id=matter.pk, by=world.clerk, at=NOW)
    services.watch(matter_id=matter.pk, by=world.clerk, at=NOW)
    services.ask_extension(task_id=world.task(matter, "check").pk, days=1, reason="x", by=world.registrar, at=NOW)
    services.pause(matter_id=matter.pk, reason="x", by=world.clerk, at=NOW)
    with acting_as(SYSTEM):
        services.write_mails(by=SYSTEM, at=NOW)
    return matter.pk


@pytest.mark.parametrize("table", GUARDED)
def test_an_outsider_and_the_public_find_no_row(world: World, table: str) -> None:
    filled(world)
    sql = f"select count(*) from procedures_{table}"
    assert rows(SYSTEM, sql) > 0
    assert rows(world.outsider, sql) == 0
    assert rows(PUBLIC, sql) == 0


@pytest.mark.parametrize(
    "sql",
    [
        "update procedures_opinion set text = 'never said'",
        "delete from procedures_opinion",
        "delete from procedures_matter",
        "delete from procedures_task",
        "truncate procedures_opinion",
        "update procedures_urge set note = 'x'",
        "update procedures_matter set number = 'x'",
        "update procedures_matter set opened_person_id = 1",
        "update procedures_task set matter_id = 1",
        "update procedures_task set outcome = 'OTHER' where state = 'DONE'",
        "update procedures_task set doer_person_id = null where state = 'DONE'",
        "update procedures_definition set source = ''",
        "insert into procedures_definition (code, hash, name_en, name_zh, source, steps, is_current, loaded_at)"
        " values ('x', 'x', 'x', 'x', 'x', '[]', false, now())",
        "insert into procedures_mail (to_email, to_name, subject, text, state, written_at, error, digest_key)"
        " values ('a@b.c', '', 'x', 'x', 'WRITTEN', now(), '', '')",
    ],
)
def test_what_was_said_and_done_stays(world: World, sql: str) -> None:
    filled(world)
    with pytest.raises(DatabaseError), acting_as(world.clerk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_outsider_changes_nothing(world: World) -> None:
    matter_id = filled(world)
    with acting_as(world.outsider), transaction.atomic(), connection.cursor() as cursor:
        for sql in ("update procedures_matter set title = 'x'", "update procedures_task set state = 'CANCELLED'"):
            cursor.execute(sql)
            assert cursor.rowcount == 0
    with pytest.raises(DatabaseError), acting_as(world.outsider), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into procedures_opinion (matter_id, guard_id, kind, step, outcome, text, given_at)"
            " select %s, min(id), 'OPINION', '', '', 'x', now() from access_guard",
            [matter_id],
        )


def test_the_inbox_functions_tell_an_outsider_nothing(world: World) -> None:
    filled(world)
    assert rows(world.outsider, "select count(*) from procedures_asked(false, 100)") == 0
    assert rows(world.outsider, "select todo + read + overdue + notices from procedures_counts(100)") == 0
    assert rows(world.registrar, "select todo from procedures_counts(100)") == 1


def test_a_task_above_ones_clearance_is_not_even_counted(world: World) -> None:
    import dataclasses

    world.open(label=20)
    low = dataclasses.replace(world.clerk, clearance=10)
    assert rows(world.clerk, "select todo from procedures_counts(100)") == 1
    assert rows(low, "select todo from procedures_counts(100)") == 0
    assert rows(low, "select count(*) from procedures_asked(false, 100)") == 0


def test_who_is_kept_from_a_matter_gets_no_mail_about_it(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    services.urge(matter_id=matter.pk, by=world.clerk, at=NOW)

    def told() -> tuple[set[str], set[str]]:
        mailed, listed = queries.unmailed(100)["rows"], queries.digest_rows(NOW)
        return {row["email"] for row in mailed}, {row["email"] for row in listed}

    with acting_as(SYSTEM):
        mailed, listed = told()
        one = Account.objects.filter(email__in=mailed & listed).order_by("pk").first()
        assert one is not None
        bar_from_guard(guard_id=matter.guard_id, person_ids=[one.person_id], how="recused", by=SYSTEM, at=NOW)
        assert told() == (mailed - {one.email}, listed - {one.email})
