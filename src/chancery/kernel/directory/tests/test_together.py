"""Two editors at once: one wins, the other is told in words. Real connections, real commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.directory import services
from chancery.kernel.directory.models import Holding, Unit
from chancery.kernel.directory.tests.conftest import NOW, TODAY, Office, build_office, person

pytestmark = pytest.mark.django_db(transaction=True)
BY: dict[str, Any] = {"by": SYSTEM, "at": NOW}


@pytest.fixture
def live(transactional_db: None) -> Iterator[Office]:
    with clock.fixed_at(NOW):
        yield build_office()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all from one starting line; what each returned or raised."""
    line, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n: int, act: Callable[[], Any]) -> None:
        try:
            with clock.fixed_at(NOW), acting_as(SYSTEM):
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


def told(answers: list[Any]) -> list[str]:
    """What the losers were told; anything but a refusal fails the test."""
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(error, Refused) for error in errors), errors
    return [str(error) for error in errors]


def test_two_appoint_to_one_seat(live: Office) -> None:
    with acting_as(SYSTEM):
        post = services.open_post(unit_id=live.b, title_en="Head", **BY).pk
        people = [person(name).pk for name in ("Di Dew", "Ed Elm")]
    answers = at_once(*(lambda who=who: services.appoint(person_id=who, post_id=post, seat=1, **BY) for who in people))
    assert len(told(answers)) == 1
    assert "seat" in told(answers)[0]
    with acting_as(SYSTEM), transaction.atomic():
        assert Holding.objects.filter(post_id=post).count() == 1


def test_two_move_units_under_one_another(live: Office) -> None:
    answers = at_once(
        lambda: services.move_unit(unit_id=live.a, parent_id=live.b, on=TODAY, **BY),
        lambda: services.move_unit(unit_id=live.b, parent_id=live.a, on=TODAY, **BY),
    )
    assert len(told(answers)) == 1
    assert "under itself" in told(answers)[0]
    with acting_as(SYSTEM), transaction.atomic():
        above = dict(Unit.objects.filter(pk__in=[live.a, live.b]).values_list("pk", "parent_id"))
    assert sorted(above.values()) in ([live.hq, live.a], [live.hq, live.b])


def test_one_appoints_while_another_dissolves(live: Office) -> None:
    with acting_as(SYSTEM):
        post = services.open_post(unit_id=live.b, title_en="Head", **BY).pk
        who = person("Di Dew").pk
    answers = at_once(
        lambda: services.appoint(person_id=who, post_id=post, **BY),
        lambda: services.dissolve_unit(unit_id=live.b, on=TODAY, with_posts=True, decision="Reform", **BY),
    )
    told(answers)
    with acting_as(SYSTEM), transaction.atomic():
        dissolved = Unit.objects.filter(pk=live.b, during__contains=TODAY).count() == 0
        held = Holding.objects.filter(post_id=post, during__contains=TODAY).count()
    assert not (dissolved and held), answers
    assert dissolved or held


def test_two_dissolve_one_unit(live: Office) -> None:
    answers = at_once(*[lambda: services.dissolve_unit(unit_id=live.b, on=TODAY, decision="Reform", **BY)] * 2)
    assert len(told(answers)) <= 1
    with acting_as(SYSTEM), transaction.atomic():
        assert not Unit.objects.filter(pk=live.b, during__contains=TODAY).exists()
