"""Two people at once: one wins, the other is told. Real connections, real commits."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.procedures import services
from chancery.kernel.procedures.matters.models import Matter, Opinion, Standing, Task
from chancery.kernel.procedures.tests.world import NOW, World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def live(transactional_db: None, procedure: None) -> Iterator[World]:
    with clock.fixed_at(NOW):
        yield build()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all from one starting line; what each returned or raised."""
    line, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n: int, act: Callable[[], Any]) -> None:
        try:
            with clock.fixed_at(NOW):
                line.wait(20)
                answers[n] = act()
        except Exception as error:  # the test looks at it
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_of_two_who_press_one_wins_and_the_other_is_told(live: World) -> None:
    matter = live.open()
    task = live.task(matter, "draft")

    def press(by: Any) -> Callable[[], Any]:
        return lambda: services.complete(task_id=task.pk, outcome="SENT", opinion=by.name, by=by, at=NOW)

    answers = at_once(press(live.clerk), press(live.clerk_too))
    assert sorted(type(answer).__name__ for answer in answers) == ["Stale", "int"]
    with acting_as(SYSTEM), transaction.atomic():
        assert Opinion.objects.filter(matter=matter).count() == 1
    assert live.waiting(matter) == ["check", "countersign", "countersign"]


def test_a_double_click_acts_once(live: World) -> None:
    matter = live.open()
    task = live.task(matter, "draft")

    def click() -> Any:
        return services.complete(task_id=task.pk, outcome="SENT", act_token="click", by=live.clerk, at=NOW)

    assert at_once(click, click, click) == [matter.pk] * 3
    with acting_as(SYSTEM), transaction.atomic():
        assert Opinion.objects.filter(matter=matter).count() == 1


def test_signers_of_one_round_do_not_wait_in_a_ring_nor_lose_one_another(live: World) -> None:
    matter = live.open()
    live.do(matter, "draft", "SENT", live.clerk)
    tasks = [
        (live.task(matter, "countersign", unit="AS"), live.as_deputy, "AGREE"),
        (live.task(matter, "countersign", unit="GO"), live.go_deputy, "AGREE"),
        (live.task(matter, "check"), live.registrar, "PASS"),
    ]
    answers = at_once(
        *(
            lambda task=task, by=by, outcome=outcome: services.complete(task_id=task.pk, outcome=outcome, by=by, at=NOW)
            for task, by, outcome in tasks
        )
    )
    assert answers == [matter.pk] * 3
    assert live.waiting(matter) == ["sign"]


def test_a_return_and_a_completion_at_once_leave_one_truth(live: World) -> None:
    matter = live.open()
    live.do(matter, "draft", "SENT", live.clerk)
    check, sign = live.task(matter, "check"), live.task(matter, "countersign", unit="AS")
    answers = at_once(
        lambda: services.return_to(task_id=check.pk, step="draft", reason="again", by=live.registrar, at=NOW),
        lambda: services.complete(task_id=sign.pk, outcome="AGREE", by=live.as_deputy, at=NOW),
    )
    assert answers[0] is None
    assert answers[1] == matter.pk or isinstance(answers[1], Stale)
    assert live.waiting(matter) == ["draft"]


def test_a_recall_and_a_claim_of_the_next_step_at_once_leave_one_winner(live: World) -> None:
    matter = live.open()
    live.do(matter, "draft", "SENT", live.clerk)
    live.do(matter, "check", "PASS", live.registrar)
    first = live.do(matter, "countersign", "AGREE", live.as_deputy, unit="AS")
    live.do(matter, "countersign", "AGREE", live.go_deputy, unit="GO")
    sign = live.task(matter, "sign")
    recalled, claimed = at_once(
        lambda: services.recall(task_id=first.pk, reason="Wait", by=live.as_deputy, at=NOW),
        lambda: services.claim(task_id=sign.pk, by=live.head, at=NOW),
    )
    if recalled is None:
        assert isinstance(claimed, Stale)
        assert live.waiting(matter) == ["countersign"]
    else:
        assert isinstance(recalled, Stale)
        assert claimed is None
        assert live.waiting(matter) == ["sign"]


def test_two_signers_who_recall_at_once_both_have_it_again(live: World) -> None:
    matter = live.open()
    live.do(matter, "draft", "SENT", live.clerk)
    live.do(matter, "check", "PASS", live.registrar)
    first = live.do(matter, "countersign", "AGREE", live.as_deputy, unit="AS")
    last = live.do(matter, "countersign", "AGREE", live.go_deputy, unit="GO")
    assert at_once(
        lambda: services.recall(task_id=first.pk, reason="Wait", by=live.as_deputy, at=NOW),
        lambda: services.recall(task_id=last.pk, reason="Wait", by=live.go_deputy, at=NOW),
    ) == [None, None]
    assert live.waiting(matter) == ["countersign", "countersign"]


def test_numbers_have_no_gap_and_no_double_whoever_opens(live: World) -> None:
    answers = at_once(*(lambda n=n: live.open(title=f"Matter {n}").number for n in range(6)))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    values = sorted(int(re.findall(r"\d+", number)[1]) for number in answers)
    assert values == list(range(1, 7))


def test_whoever_claims_second_is_told(live: World) -> None:
    matter = live.open()
    task = live.task(matter, "draft")
    answers = at_once(
        lambda: services.claim(task_id=task.pk, by=live.clerk, at=NOW),
        lambda: services.claim(task_id=task.pk, by=live.clerk_too, at=NOW),
    )
    assert sum(1 for answer in answers if answer is None) == 1
    assert sum(1 for answer in answers if isinstance(answer, Refused)) == 1
    with acting_as(SYSTEM), transaction.atomic():
        assert Task.objects.get(pk=task.pk).state == "CLAIMED"
        assert Matter.objects.count() == Standing.objects.count() == 1
