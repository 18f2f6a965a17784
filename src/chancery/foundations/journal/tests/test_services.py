"""Writing and sealing: who may, what is kept, what is refused, in the application and in the database."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor, Clearance
from chancery.foundations.journal import command, queries, services, tasks
from chancery.foundations.journal.models import Entry, Seal
from chancery.foundations.journal.tests.history import LETTER, LIN_SHU, MINUTES, MONDAY, TANG_WEI, TUESDAY, Hands, write
from chancery.foundations.postgres.row_security import STAMP, acting_as, stamp_of
from chancery.foundations.rulebook import services as rulebook

LATER = MONDAY + dt.timedelta(days=5)
APPEND = (
    "select journal_append(%s, %s, 'PERSON', %s, %s, %s, %s, null, '', '', '',"
    " 'letter.forged', 'test.letter:1', '{}', null, 0)"
)


@pytest.fixture
def lin_shu(db: None) -> Iterator[Actor]:
    with acting_as(LIN_SHU), transaction.atomic():
        yield LIN_SHU


def test_an_entry_keeps_who_what_and_when(lin_shu: Actor) -> None:
    entry_id = write(LETTER, "letter.registered", number="收〔2026〕1号")
    assert queries.history(LETTER) == [
        {
            "id": entry_id,
            "seq": 1,
            "at": MONDAY,
            "act": "letter.registered",
            "data": {"number": "收〔2026〕1号"},
            "kind": "PERSON",
            "person_id": 11,
            "post_id": 111,
            "body_id": 5,
            "deputising_for": None,
            "person_name": "林舒",
            "post_title": "Registrar",
            "body_name": "General Office",
        }
    ]


def test_history_is_in_order_and_can_be_cut_to_the_newest(lin_shu: Actor) -> None:
    for act in ("letter.registered", "letter.checked", "letter.filed"):
        write(LETTER, act)
    assert [line["act"] for line in queries.history(LETTER)] == ["letter.registered", "letter.checked", "letter.filed"]
    assert [line["act"] for line in queries.history(LETTER, limit=2)] == ["letter.checked", "letter.filed"]


def test_a_write_inside_a_service_is_one_round_trip(lin_shu: Actor, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        write(LETTER, "letter.registered")


def test_dates_decimals_and_lazy_words_may_be_told(lin_shu: Actor) -> None:
    from decimal import Decimal

    from django.utils.translation import gettext_lazy

    write(LETTER, "letter.checked", due=dt.date(2026, 12, 1), amount=Decimal("1.10"), word=gettext_lazy("Journal"))
    (line,) = queries.history(LETTER)
    assert line["data"] == {"due": "2026-12-01", "amount": "1.10", "word": "Journal"}


def test_a_deputy_is_named_with_the_absent_post(db: None) -> None:
    from dataclasses import replace

    deputy = replace(LIN_SHU, deputising_for=999)
    write(LETTER, "letter.checked", by=deputy)
    with acting_as(deputy), transaction.atomic():
        assert [(line["post_id"], line["deputising_for"]) for line in queries.history(LETTER)] == [(111, 999)]


def test_nobody_writes_in_anothers_name(lin_shu: Actor) -> None:
    for ids in ((2, 11, 111, 5), (1, 12, 111, 5), (1, 11, 112, 5), (1, 11, 111, 6), (None, 11, 111, 5)):
        with pytest.raises(DatabaseError, match="another actor"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(APPEND, [MONDAY, MONDAY.date(), *ids])
    assert queries.history(LETTER) == []


def test_nobody_unstamped_writes(db: None) -> None:
    with pytest.raises(DatabaseError, match="another actor"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(APPEND, [MONDAY, MONDAY.date(), 1, 11, 111, 5])


def test_the_public_and_the_system_write_in_their_own_name(db: None) -> None:
    write(LETTER, "letter.received", by=PUBLIC)
    write(LETTER, "letter.sorted", by=SYSTEM)
    with acting_as(SYSTEM), transaction.atomic():
        assert [line["kind"] for line in queries.history(LETTER)] == ["PUBLIC", "SYSTEM"]


def test_an_entry_needs_an_act_a_subject_and_the_day_of_its_time(lin_shu: Actor) -> None:
    for act, subject in (("", LETTER), ("letter.checked", "")):
        with pytest.raises(DatabaseError, match="needs an act"), transaction.atomic():
            write(subject, act)
    with pytest.raises(DatabaseError, match="day of its time"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(APPEND, [MONDAY, dt.date(2026, 11, 1), 1, 11, 111, 5])


@pytest.mark.parametrize("table", ["journal_entry", "journal_head", "journal_seal"])
@pytest.mark.parametrize(
    "statement", ["update {} set {} = {}", "delete from {}", "truncate {}", "insert into {} default values"]
)
def test_raw_sql_as_the_web_role_changes_nothing(lin_shu: Actor, table: str, statement: str) -> None:
    write(LETTER, "letter.registered")
    column = "count" if table == "journal_seal" else "seq"
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("journal_entry", "act", "'x'"), ("journal_head", "seq", "seq + 2"), ("journal_seal", "count", "0")],
)
def test_even_a_slip_in_the_grants_changes_nothing(
    committed_story: dict[str, list[int]],
    owner_connection: psycopg.Connection[object],
    table: str,
    column: str,
    value: str,
) -> None:
    services.seal_day(day=MONDAY.date(), by=SYSTEM, at=LATER)
    owner_connection.execute(f"grant all on {table} to chancery_web")
    owner_connection.execute(f"create policy slip on {table} for all to chancery_web using (true)")
    for statement in (f"update {table} set {column} = {value}", f"delete from {table}", f"truncate {table}"):
        with (
            pytest.raises(DatabaseError, match="the journal only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="the journal only grows"):
            owner_connection.execute(statement)


def test_an_entry_without_guard_shows_to_the_clearance_of_its_label(db: None) -> None:
    for label in (Clearance.PUBLIC, Clearance.INTERNAL, Clearance.RESTRICTED):
        services.write(by=SYSTEM, at=MONDAY, act="letter.sorted", on=LETTER, label=label)
    seen = {}
    for actor in (PUBLIC, LIN_SHU, SYSTEM):
        with acting_as(actor), transaction.atomic():
            seen[actor.kind.value] = len(queries.history(LETTER))
    assert seen == {"PUBLIC": 1, "PERSON": 2, "SYSTEM": 3}
    assert queries.history(LETTER) == []  # unstamped: nothing


def test_a_guarded_entry_is_not_shown_by_its_label(db: None) -> None:
    services.write(by=SYSTEM, at=MONDAY, act="letter.sorted", on=LETTER, label=0, guard_id=987_654)
    with acting_as(LIN_SHU), transaction.atomic():
        assert queries.history(LETTER) == []


def test_heads_show_to_the_system_only_and_seals_to_staff(db: None) -> None:
    from chancery.foundations.journal.models import Head

    write(LETTER, "letter.registered")
    services.seal_day(day=MONDAY.date(), by=SYSTEM, at=LATER)
    seen = {}
    for actor in (PUBLIC, LIN_SHU, SYSTEM):
        with acting_as(actor), transaction.atomic():
            seen[actor.kind.value] = (Head.objects.count(), Seal.objects.count())
    assert seen["PUBLIC"] == (0, 0)
    assert seen["PERSON"] == (0, 1)
    assert seen["SYSTEM"][1] == 1
    assert seen["SYSTEM"][0] >= 1


# --- Sealing ---------------------------------------------------------------------------------------------------------
def test_a_day_is_sealed_once_with_the_days_before_it(db: None) -> None:
    write(LETTER, "letter.registered")
    write(LETTER, "letter.checked", at=MONDAY + dt.timedelta(days=2))
    made = services.seal_day(day=dt.date(2026, 11, 18), by=SYSTEM, at=LATER)
    assert [(seal.day.isoformat(), seal.count) for seal in made] == [
        ("2026-11-16", 1),
        ("2026-11-17", 0),
        ("2026-11-18", 1),
    ]
    assert made[1].previous_digest == made[0].digest
    assert services.seal_day(day=dt.date(2026, 11, 18), by=SYSTEM, at=LATER) == []
    assert services.seal_day(day=dt.date(2026, 11, 16), by=SYSTEM, at=LATER) == []


def test_nothing_is_sealed_before_the_first_entry(db: None) -> None:
    assert services.seal_day(day=MONDAY.date(), by=SYSTEM, at=LATER) == []


def test_a_running_day_is_not_sealed(db: None) -> None:
    with pytest.raises(services.DayNotOver, match="2026-11-16 is not over"):
        services.seal_day(day=MONDAY.date(), by=SYSTEM, at=MONDAY)


def test_the_database_itself_does_not_seal_a_running_day(db: None) -> None:
    today = clock.today()
    services.write(by=SYSTEM, at=clock.now(), act="letter.sorted", on=LETTER)
    with clock.fixed_at(clock.now() + dt.timedelta(days=9)), pytest.raises(DatabaseError, match="is not over"):
        services.seal_day(day=today, by=SYSTEM, at=clock.now())


def test_only_the_system_seals(lin_shu: Actor) -> None:
    write(LETTER, "letter.registered")
    with pytest.raises(DatabaseError, match="only the system seals"), transaction.atomic():
        services.seal_day(day=MONDAY.date(), by=LIN_SHU, at=LATER)


def test_a_late_act_is_booked_on_the_first_open_day(db: None) -> None:
    write(LETTER, "letter.registered")
    services.seal_day(day=MONDAY.date(), by=SYSTEM, at=LATER)
    entry_id = write(LETTER, "letter.checked", at=MONDAY)
    with acting_as(SYSTEM), transaction.atomic():
        late = Entry.objects.get(pk=entry_id)
    assert (late.at, late.day) == (MONDAY, TUESDAY.date())


def test_the_nightly_job_waits_for_its_hour_and_catches_up(db: None) -> None:
    rulebook.load_all(by=SYSTEM, at=MONDAY)
    write(LETTER, "letter.registered")
    night = dt.datetime(2026, 11, 19, 0, 10, tzinfo=timezone.get_default_timezone())
    tasks.seal_the_day_before(timestamp=int(night.timestamp()))
    with acting_as(SYSTEM), transaction.atomic():
        assert not Seal.objects.exists()
    tasks.seal_the_day_before(timestamp=int(night.timestamp()) + 600)
    with acting_as(SYSTEM), transaction.atomic():
        days = list(Seal.objects.values_list("day", flat=True).order_by("-day")[:2])
    assert days == [dt.date(2026, 11, 18), dt.date(2026, 11, 17)]


# --- Several at once -------------------------------------------------------------------------------------------------
def _stamped(actor: Actor) -> psycopg.Connection[object]:
    opened = psycopg.connect(command.own_address())
    opened.execute(STAMP, stamp_of(actor))
    return opened


def _append(opened: psycopg.Connection[object], actor: Actor, subject: str, act: str) -> None:
    opened.execute(STAMP, stamp_of(actor))
    opened.execute(
        "select journal_append(%s, %s, 'PERSON', %s, %s, %s, %s, null, '', '', '', %s, %s, '{}', null, 10)",
        [MONDAY, MONDAY.date(), actor.account_id, actor.person_id, actor.post_id, actor.body_id, act, subject],
    )


def test_several_writers_keep_one_unbroken_chain(transactional_db: None, committed_hands: Hands) -> None:
    each, writers = 25, 4
    failures: list[Exception] = []

    def run(number: int) -> None:
        actor = LIN_SHU if number % 2 else TANG_WEI
        try:
            with _stamped(actor) as opened:
                for turn in range(each):
                    _append(opened, actor, LETTER, f"letter.turn{number}")
                    if turn % 5 == 4:
                        opened.rollback()
                        _append(opened, actor, LETTER, f"letter.again{number}")
                    opened.commit()
        except Exception as error:  # told below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    (count, top) = committed_hands.connection.execute(
        "select count(*), max(seq) from journal_entry where subject = %s", [LETTER]
    ).fetchone()
    assert (count, top) == (each * writers, each * writers)
    assert committed_hands.found() == []


def test_a_seal_waits_for_who_is_writing_and_gives_up_in_time(
    transactional_db: None, committed_hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LONGEST_WAIT", "200ms")
    write(MINUTES, "minutes.drafted")
    with _stamped(LIN_SHU) as slow:
        _append(slow, LIN_SHU, LETTER, "letter.registered")
        with pytest.raises(services.WritersBusy):
            services.seal_day(day=MONDAY.date(), by=SYSTEM, at=LATER)
        slow.commit()
    (seal,) = services.seal_day(day=MONDAY.date(), by=SYSTEM, at=LATER)
    assert seal.count == 2
    assert committed_hands.found() == []
