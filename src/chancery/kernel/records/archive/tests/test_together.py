"""Two at once: the same thing is filed once, and numbers have neither gap nor double."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive import services
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.tests.shelf import AT
from chancery.kernel.records.archive.tests.test_filing import facts

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def _at_once(*works: object) -> None:
    barrier = threading.Barrier(len(works))

    def run(work: object) -> None:
        try:
            barrier.wait(30)
            work()  # type: ignore[operator]  # the tests pass functions
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.django_db(transaction=True)
def test_two_who_file_the_same_thing_make_one_item(cast: Cast) -> None:
    by = cast.registrar
    wanted = facts(cast, by)
    refused: list[str] = []

    def file() -> None:
        try:
            services.file_item(facts=wanted, by=by, at=AT)
        except Refused as refusal:
            refused.append(str(refusal))

    _at_once(file, file, file)
    with acting_as(SYSTEM), transaction.atomic():
        assert ArchivalItem.objects.count() == 1
    assert len(refused) == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_file_many_take_turns(cast: Cast) -> None:
    by = cast.registrar

    def batch(first: int, who: Actor) -> object:
        many = [facts(cast, who, subject=f"test.thing:{n}") for n in range(first, first + 6)]
        return lambda: services.file_many(facts=iter(many), by=who, at=AT, batch=2)

    _at_once(batch(1, by), batch(101, by))
    with acting_as(SYSTEM), transaction.atomic():
        assert sorted(ArchivalItem.objects.values_list("item_number", flat=True)) == list(range(1, 13))
