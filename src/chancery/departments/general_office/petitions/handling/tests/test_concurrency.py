"""Two at once: one acts, the other is told; nobody waits in a ring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.petitions.handling.clocks import services as clocks
from chancery.departments.general_office.petitions.handling.models import PetitionDecision, PetitionExtension
from chancery.departments.general_office.petitions.handling.tests.office import (
    AT,
    answered,
    drafted,
    later,
    registered,
    seen,
    stage_of,
    waits,
)
from chancery.departments.general_office.petitions.models import PetitionStage
from chancery.departments.general_office.petitions.second import services as second
from chancery.departments.general_office.petitions.terms import State
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: tuple[Actor, Callable[[], Any]]) -> list[str]:
    """Do all at the same moment; the names of what was raised, "" for what was done."""
    gate = threading.Barrier(len(acts))
    raised = [""] * len(acts)

    def work(place: int, by: Actor, act: Callable[[], Any]) -> None:
        try:
            gate.wait(30)
            with acting_as(by), transaction.atomic():
                act()
        except Exception as error:
            raised[place] = "refused" if isinstance(error, Refused) else repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n, by, act)) for n, (by, act) in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(raised)


def complete(task_id: int, by: Actor, outcome: str, **data: Any) -> tuple[Actor, Callable[[], Any]]:
    return by, lambda: procedures.complete(task_id=task_id, outcome=outcome, data=data, by=by, at=AT)


def test_two_acceptances_begin_one_clock(cast: Any) -> None:
    made = registered(cast)
    task = waits(made)
    assert task is not None
    officer = cast.petition_officer
    assert at_once(complete(task.pk, officer, "ACCEPT"), complete(task.pk, officer, "ACCEPT")) == ["", "refused"]
    with acting_as(SYSTEM), transaction.atomic():
        assert PetitionDecision.objects.count() == PetitionStage.objects.count() == 1


def test_more_time_against_the_answer(cast: Any) -> None:
    made = drafted(cast)
    with acting_as(cast.handler), transaction.atomic():
        asked = clocks.ask_more_time(petition_id=made.pk, days=10, reason="情况复杂。", by=cast.handler, at=AT)
    task = waits(made)
    with acting_as(SYSTEM), transaction.atomic():
        more = Task.objects.get(matter_id=asked.matter_id, done_at=None)
    assert task is not None
    head = cast.office_head
    done = at_once(complete(task.pk, head, "APPROVE"), complete(more.pk, head, "GRANT"))
    with acting_as(SYSTEM), transaction.atomic():
        granted = PetitionExtension.objects.get().state == "GRANTED"
        stage = PetitionStage.objects.get()
    assert done == (["", ""] if granted else ["", "refused"])
    assert seen(made).state == State.ANSWERED and stage.answered_at is not None
    assert bool(stage.extended_days) == granted


def test_review_asked_twice_begins_one(cast: Any) -> None:
    made = answered(cast)

    def ask() -> None:
        second.ask_review(petition_id=made.pk, text="不服。", by=SYSTEM, at=later(1))

    assert at_once((SYSTEM, ask), (SYSTEM, ask)) == ["", "refused"]
    with acting_as(SYSTEM), transaction.atomic():
        assert PetitionStage.objects.filter(stage="REVIEW").count() == 1
    assert stage_of(made).stage == "REVIEW"
