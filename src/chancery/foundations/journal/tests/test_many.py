"""One entry to each of many chains at once: chains that the verifier finds in order, and nobody else's name on them."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from chancery.foundations.journal.models import Entry
from chancery.foundations.journal.services import Line, write_many
from chancery.foundations.journal.tests.history import LIN_SHU, MONDAY, TANG_WEI, Hands, write
from chancery.foundations.postgres.row_security import acting_as

SUBJECTS = [f"test.item:{number}" for number in range(1, 251)]


def lines(*subjects: str) -> list[Line]:
    return [Line(subject, {"note": "归档", "place": place}) for place, subject in enumerate(subjects)]


def test_the_verifier_finds_the_chains_in_order(committed_story: dict[str, list[int]], committed_hands: Hands) -> None:
    write("test.item:7", "item.opened")
    assert write_many(act="item.filed", lines=lines(*SUBJECTS), by=LIN_SHU, at=MONDAY) == 250
    write("test.item:7", "item.boxed")
    assert committed_hands.found() == []
    with acting_as(LIN_SHU), transaction.atomic():
        assert list(Entry.objects.filter(subject="test.item:7").order_by("seq").values_list("act", flat=True)) == [
            "item.opened",
            "item.filed",
            "item.boxed",
        ]


def test_nothing_to_say_says_nothing(db: None) -> None:
    assert write_many(act="item.filed", lines=[], by=LIN_SHU, at=MONDAY) == 0


def test_a_subject_stands_once_in_a_set(db: None) -> None:
    with pytest.raises(IntegrityError):
        write_many(act="item.filed", lines=lines("test.item:1", "test.item:1"), by=LIN_SHU, at=MONDAY)


def test_nobody_writes_in_anothers_name(db: None) -> None:
    other = dataclasses.replace(TANG_WEI, person_id=99)
    with acting_as(LIN_SHU), transaction.atomic(), pytest.raises(ProgrammingError), transaction.atomic():
        from django.db import connection

        from chancery.foundations.journal.services import _APPEND_MANY, _who_and_when

        connection.cursor().execute(
            _APPEND_MANY, [*_who_and_when(other, MONDAY), "item.filed", ["test.item:1"], ["{}"], [None], [10]]
        )
