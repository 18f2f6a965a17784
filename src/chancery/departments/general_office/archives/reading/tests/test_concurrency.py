"""Two press at once: one request is decided once, one person asks once, one copy has one number."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.archives.reading import services
from chancery.departments.general_office.archives.reading.models import ReadingCopy, ReadingRequest
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.procedures.moving.queries import NotThere
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.models import ItemPart

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of acts begun together."""
    said: list[str] = []
    gate = threading.Barrier(len(acts))

    def work(act: Callable[[], object]) -> None:
        try:
            gate.wait(30)
            with clock.fixed_at(AT):
                act()
            said.append("done")
        except (Refused, NotThere):
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said)


def ask(by: Actor, item: ArchivalItem) -> ReadingRequest:
    return services.ask_to_read(
        item_id=item.pk, purpose="To answer a society", wanted_until=TODAY, wants_copy=True, by=by, at=AT
    )


def decide(task_id: int, outcome: str, by: Actor) -> None:
    procedures.complete(task_id=task_id, outcome=outcome, opinion="So decided", data={"may_copy": True}, by=by, at=AT)


def test_one_person_asks_once(cast: Cast) -> None:
    with clock.fixed_at(AT):
        item = filed(cast)[0]
    assert at_once(*[lambda: ask(cast.outsider, item)] * 3) == ["done", "refused", "refused"]


def test_a_request_is_decided_once_and_copies_have_numbers_of_their_own(cast: Cast) -> None:
    with clock.fixed_at(AT):
        item = filed(cast)[0]
        made = ask(cast.outsider, item)
    with acting_as(SYSTEM), transaction.atomic():
        task = Task.objects.get(matter_id=made.matter_id, done_at=None).pk
        part = ItemPart.objects.get(item=item).pk
    by = cast.archive_head
    assert at_once(lambda: decide(task, "GRANT", by), lambda: decide(task, "REFUSE", by)) == ["done", "refused"]
    with acting_as(SYSTEM), transaction.atomic():
        decided = ReadingRequest.objects.get(pk=made.pk)
        # The other outcome left nothing behind.
        assert (decided.state, bool(decided.ends_on)) in {("GRANTED", True), ("REFUSED", False)}
    if decided.state == "REFUSED":
        with clock.fixed_at(AT):
            made = ask(cast.outsider, item)
            with acting_as(SYSTEM), transaction.atomic():
                task = Task.objects.get(matter_id=made.matter_id, done_at=None).pk
            decide(task, "GRANT", by)

    def copy() -> None:
        services.copy_part(request_id=made.pk, part_id=part, by=cast.outsider, at=AT)

    assert at_once(copy, copy, copy) == ["done"] * 3
    with acting_as(SYSTEM), transaction.atomic():
        assert sorted(ReadingCopy.objects.values_list("number", flat=True)) == [1, 2, 3]
