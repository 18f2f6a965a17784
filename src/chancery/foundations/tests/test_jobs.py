"""Jobs: what is rolled back never runs, what is committed runs once, as the system under the web role."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import pytest
from django.db import connection, transaction

from chancery.foundations import jobs
from chancery.foundations.jobs import enqueue, enqueue_later, periodic, task

seen: list[Any] = []


@task
def note(*, word: str) -> None:
    seen.append(word)


@task
def who(*, word: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user::text, chancery_kind()")
        seen.append((*cursor.fetchone(), connection.in_atomic_block))


@task(atomic=False)
def bare(*, word: str = "") -> None:
    seen.append(connection.in_atomic_block)


@task(attempts=1)
def fails(*, word: str) -> None:
    enqueue(note, word=word)
    raise RuntimeError


@task
def passes_on(*, word: str) -> None:
    enqueue(note, word=word)


@periodic("0 0 1 1 *")
def new_year(*, at: dt.datetime) -> None:
    seen.append(at)


@pytest.fixture(autouse=True)
def _forget() -> None:
    seen.clear()


def work() -> None:
    jobs.work(until_idle=True)


def waiting() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, status::text from procrastinate_jobs order by id")
        return [(name.rsplit(".", 1)[-1], status) for name, status in cursor.fetchall() if ".tests." in name]


@pytest.mark.django_db(transaction=True)
def test_a_committed_job_runs_once() -> None:
    with transaction.atomic():
        enqueue(note, word="once")
    work()
    work()
    assert seen == ["once"]
    assert waiting() == []


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_job_never_runs() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(note, word="never")
        raise ZeroDivisionError
    work()
    assert seen == []


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_as_the_system_under_the_web_role() -> None:
    enqueue(who)
    enqueue(bare)
    work()
    assert seen == [("chancery_web", "SYSTEM", True), False]


@pytest.mark.django_db(transaction=True)
def test_what_a_failing_job_enqueued_is_rolled_back_with_it() -> None:
    enqueue(fails, word="lost")
    work()
    work()
    assert seen == []
    assert waiting() == [("fails", "failed")]


@pytest.mark.django_db(transaction=True)
def test_what_a_job_enqueues_runs_after_it() -> None:
    enqueue(passes_on, word="passed on")
    work()
    assert seen == ["passed on"]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_waits_is_not_added_twice() -> None:
    with transaction.atomic():
        assert enqueue_later(note, {"word": "first"}, once="only") > 0
        assert enqueue_later(note, {"word": "second"}, once="only") == 0
        enqueue(note, word="third")  # the transaction is alive
    work()
    assert seen == ["first", "third"]


@pytest.mark.django_db(transaction=True)
def test_a_job_waits_for_its_time() -> None:
    enqueue_later(note, {"word": "later"}, not_before=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    work()
    assert seen == []
    assert waiting() == [("note", "todo")]


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_is_tried_again() -> None:
    @task
    def stumbles(*, word: str) -> None:
        raise RuntimeError

    enqueue(stumbles, word="x")
    work()
    assert waiting() == [("stumbles", "todo")]


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_dead_worker_is_taken_up(owner_connection) -> None:
    enqueue(note, word="orphan")
    owner_connection.execute(
        "with dead as"
        " (insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id)"
        " update procrastinate_jobs set status = 'doing', worker_id = (select id from dead)"
    )
    work()
    assert seen == []
    jobs.enqueue_later(jobs.Task(jobs.RESCUE, note.function), {"timestamp": 0})
    work()
    work()
    assert seen == ["orphan"]


def test_a_periodic_task_is_told_when_it_was_due(db: None) -> None:
    new_year(timestamp=0)
    assert seen == [dt.datetime(1970, 1, 1, tzinfo=dt.UTC)]


def test_a_task_takes_keywords_only() -> None:
    with pytest.raises(TypeError, match="keyword"):
        enqueue(note, "word")  # type: ignore[misc]  # the point of the test


def test_every_tasks_module_is_found() -> None:
    found = jobs.discover()
    assert "foundations.journal.tasks.seal_the_day_before" in found
    for name, one in found.items():
        if ".tests." not in name:
            module = importlib.import_module(f"chancery.{name.rsplit('.', 1)[0]}")
            assert getattr(module, name.rsplit(".", 1)[1]) is one
