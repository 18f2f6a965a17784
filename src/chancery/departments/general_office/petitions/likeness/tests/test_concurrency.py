"""Merging crosswise, splitting while another merges: one of the two happens, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.petitions.likeness import services
from chancery.departments.general_office.petitions.likeness.models import PetitionTie
from chancery.departments.general_office.petitions.likeness.tests.letters import registered
from chancery.departments.general_office.petitions.models import Petition
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused

WHY = "同一事项。"


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Each act in a thread of its own; what came of each."""
    begin, said = threading.Barrier(len(acts)), [""] * len(acts)

    def work(place: int, act: Callable[[], object]) -> None:
        try:
            begin.wait(30)
            act()
            said[place] = "done"
        except Refused:
            said[place] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return said


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_crosswise_one_succeeds(cast: Any) -> None:
    one, other = registered(cast, 1), registered(cast, 2)

    def merge(first: Petition, second: Petition, by: Any) -> Callable[[], object]:
        return lambda: services.merge(petition_id=first.pk, into_id=second.pk, reason=WHY, by=by, at=clock.now())

    said = at_once(merge(one, other, cast.petition_officer), merge(other, one, cast.petition_registrar))
    assert sorted(said) == ["done", "refused"]
    with acting_as(SYSTEM), transaction.atomic():
        assert Petition.objects.exclude(merged_into=None).count() == 1
        assert PetitionTie.objects.filter(ended_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_splitting_while_another_is_merged_keeps_one_deep(cast: Any) -> None:
    leading, member, third = (registered(cast, n) for n in range(3))
    by = cast.petition_officer
    services.merge(petition_id=member.pk, into_id=leading.pk, reason=WHY, by=by, at=clock.now())
    said = at_once(
        lambda: services.split(petition_id=member.pk, reason=WHY, by=by, at=clock.now()),
        lambda: services.merge(
            petition_id=third.pk, into_id=leading.pk, reason=WHY, by=cast.petition_registrar, at=clock.now()
        ),
        lambda: services.split(petition_id=member.pk, reason=WHY, by=cast.petition_registrar, at=clock.now()),
    )
    assert said[1] == "done" and sorted([said[0], said[2]]) == ["done", "refused"]
    with acting_as(SYSTEM), transaction.atomic():
        rows = dict(Petition.objects.values_list("pk", "merged_into_id"))
    assert rows == {leading.pk: None, member.pk: None, third.pk: leading.pk}


@pytest.mark.django_db(transaction=True)
def test_two_who_join_the_same_letters_make_one_campaign(cast: Any) -> None:
    ids = [registered(cast, n).pk for n in range(3)]

    def join(by: Any) -> Callable[[], object]:
        return lambda: services.open_campaign(petition_ids=ids, title="要求公开评选程序", by=by, at=clock.now())

    assert sorted(at_once(join(cast.petition_officer), join(cast.petition_registrar))) == ["done", "refused"]
    with acting_as(SYSTEM), transaction.atomic():
        assert Petition.objects.filter(campaign=None).count() == 0
