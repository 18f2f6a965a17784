"""Narrow guards and bars: in the policy, behind the functions that run as the owner, and asked from the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.guards.models import Guard, GuardBar
from chancery.kernel.access.guards.queries import is_visible
from chancery.kernel.access.guards.services import add_reader, bar_from_guard, lift_bars, open_guard
from chancery.kernel.access.recusal.services import recuse

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db


def sees(actor: Actor, guard: Guard) -> bool:
    with acting_as(actor), transaction.atomic():
        return is_visible(guard.pk)


def opened(cast: Cast, *, is_narrow: bool) -> Guard:
    return open_guard(
        unit_id=cast.units["GO"], label=Clearance.INTERNAL, is_narrow=is_narrow, by=cast.handler, at=clock.now()
    )


def watchers(cast: Cast, guard: Guard) -> set[str]:
    return {key for key in [*cast, "two_hats_enterprise"] if sees(getattr(cast, key), guard)}


def test_a_narrow_guard_is_not_seen_by_those_who_oversee_the_unit(cast: Cast) -> None:
    assert watchers(cast, opened(cast, is_narrow=False)) == {"handler", "registrar", "office_head"}
    narrow = opened(cast, is_narrow=True)
    assert watchers(cast, narrow) == {"handler"}
    add_reader(guard_id=narrow.pk, role="registrar", unit_id=cast.units["GO"], how="x", by=cast.handler, at=clock.now())
    assert watchers(cast, narrow) == {"handler", "registrar"}


def test_who_is_barred_sees_nothing_whichever_reason_they_had(cast: Cast) -> None:
    guard = opened(cast, is_narrow=False)
    people = [cast.registrar.person_id, cast.handler.person_id]
    bar_from_guard(guard_id=guard.pk, person_ids=people, how="subject", by=SYSTEM, at=clock.now())
    assert watchers(cast, guard) == {"office_head"}
    lift_bars(guard_id=guard.pk, how="subject", person_id=people[0], by=SYSTEM, at=clock.now())
    assert watchers(cast, guard) == {"office_head", "registrar"}


def test_a_bar_follows_the_person_into_every_post(cast: Cast) -> None:
    guard = opened(cast, is_narrow=True)
    for actor in (cast.two_hats, cast.two_hats_enterprise):
        add_reader(guard_id=guard.pk, post_id=actor.post_id, how="x", by=cast.handler, at=clock.now())
    assert {"two_hats", "two_hats_enterprise"} <= watchers(cast, guard)
    bar_from_guard(guard_id=guard.pk, unit_ids=[cast.units["EC"]], how="subject", by=SYSTEM, at=clock.now())
    assert watchers(cast, guard) == {"handler"}  # of Enterprise Cooperation, also in the other post


def test_a_barred_unit_bars_what_lies_below_it(cast: Cast) -> None:
    guard = opened(cast, is_narrow=False)
    bar_from_guard(guard_id=guard.pk, unit_ids=[cast.units["HQ"]], how="subject", by=SYSTEM, at=clock.now())
    assert watchers(cast, guard) == set()


def test_a_recusal_bars_from_a_narrow_guard_only(cast: Cast) -> None:
    for is_narrow in (True, False):
        guard = opened(cast, is_narrow=is_narrow)
        recuse(
            person_id=cast.handler.person_id or 0, subject=f"test.thing:{guard.pk}", reason="relative",
            guard_id=guard.pk, by=cast.handler, at=clock.now(),
        )  # fmt: skip
        assert sees(cast.handler, guard) is not is_narrow


def test_functions_of_the_owner_know_bars(cast: Cast) -> None:
    guard = opened(cast, is_narrow=True)
    question = "select access_is_barred(g) from access_guard g where g.id = %s"
    bar_from_guard(guard_id=guard.pk, person_ids=[cast.outsider.person_id], how="x", by=SYSTEM, at=clock.now())
    with acting_as(cast.handler), connection.cursor() as cursor:
        cursor.execute(question, [guard.pk])
        assert cursor.fetchone() == (False,)
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("select distinct person_id from access_who_sees(%s)", [guard.pk])
        assert {row[0] for row in cursor.fetchall()} == {cast.handler.person_id}
        bar_from_guard(guard_id=guard.pk, person_ids=[cast.handler.person_id], how="x", by=SYSTEM, at=clock.now())
        cursor.execute("select count(*) from access_who_sees(%s)", [guard.pk])
        assert cursor.fetchone() == (0,)


def test_nobody_writes_bars_past_the_service(cast: Cast) -> None:
    guard = opened(cast, is_narrow=True)
    bar_from_guard(guard_id=guard.pk, person_ids=[cast.outsider.person_id], how="x", by=cast.handler, at=clock.now())
    with pytest.raises(DatabaseError), acting_as(cast.handler), transaction.atomic():
        Guard.objects.filter(pk=guard.pk).update(barred_people=[])
    with pytest.raises(DatabaseError), acting_as(cast.handler), transaction.atomic():
        Guard.objects.filter(pk=guard.pk).update(is_narrow=False)
    with pytest.raises(DatabaseError), acting_as(cast.handler), transaction.atomic():
        GuardBar.objects.filter(guard=guard).delete()
    for actor in (cast.handler, cast.outsider):
        with acting_as(actor), transaction.atomic():
            assert GuardBar.objects.filter(guard=guard).update(ended_at=clock.now()) == 0
    with pytest.raises(DatabaseError), acting_as(cast.outsider), transaction.atomic():
        bar_from_guard(
            guard_id=guard.pk, person_ids=[cast.handler.person_id], how="x", by=cast.outsider, at=clock.now()
        )
    other = Guard.objects.create  # a new guard carries no bars, whatever is written
    with acting_as(SYSTEM):
        made = other(unit_id=cast.units["GO"], label=10, barred_people=[cast.handler.person_id])
        made.refresh_from_db()
        assert made.barred_people == []
