"""Who answers for what: against a plain recomputation, over random trees, grants, holdings and absences."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.absence.models import Absence
from chancery.kernel.access.roles.models import RoleGrant
from chancery.kernel.access.roles.queries import answering_posts, my_duties, who_answers
from chancery.kernel.access.roles.rules import holds_role
from chancery.kernel.access.roles.services import end_role, grant_role
from chancery.kernel.directory.services import add_person, appoint, create_unit, move_unit, open_post

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

DAY = dt.timedelta(days=1)
ROLES = ("r", "s")


@dataclass
class World:
    """A small federation in plain Python."""

    parents: list[int | None]
    post_units: list[int]
    held: list[bool]
    grants: set[tuple[int, str, int]]  # post, role, unit
    away: dict[int, tuple[int, tuple[str, ...] | None]]  # post → deputy, scopes

    def above(self, unit: int) -> list[int]:
        chain = [unit]
        while (parent := self.parents[chain[-1]]) is not None:
            chain.append(parent)
        return chain

    def stand_ins(self, post: int) -> list[tuple[int, frozenset[str] | None]]:
        found: list[tuple[int, frozenset[str] | None]] = [(post, None)] if self.held[post] else []
        if post in self.away:
            deputy, scopes = self.away[post]
            mine = None if scopes is None else frozenset(scopes)
            found.append((deputy, mine))
            if deputy in self.away and self.away[deputy][0] != post:
                second, theirs = self.away[deputy]
                both = mine if theirs is None else frozenset(theirs) if mine is None else mine & frozenset(theirs)
                found.append((second, both))
        return [(by, s) for by, s in found if self.held[by] and s != frozenset()]

    def able(self, post: int) -> bool:
        return any(scopes is None for _by, scopes in self.stand_ins(post))

    def answering(self, role: str, unit: int) -> set[int]:
        for higher in self.above(unit):
            posts = [p for p, r, u in self.grants if r == role and u == higher and self.able(p)]
            if posts:
                return {by for post in posts for by, _scopes in self.stand_ins(post)}
        return set()

    def duties(self, hat: int) -> set[tuple[str, int, int, frozenset[str] | None]]:
        if not self.held[hat]:
            return set()
        found = set()
        for unit in range(len(self.parents)):
            for role in ROLES:
                for higher in self.above(unit):
                    posts = [p for p, r, u in self.grants if r == role and u == higher and self.able(p)]
                    if posts:
                        found |= {(role, unit, p, s) for p in posts for by, s in self.stand_ins(p) if by == hat}
                        break
        return found


@st.composite
def worlds(draw: st.DrawFn) -> World:
    units = draw(st.integers(1, 5))
    parents: list[int | None] = [None, *(draw(st.integers(0, n - 1)) for n in range(1, units))]
    posts = draw(st.integers(1, 5))
    post_units = [draw(st.integers(0, units - 1)) for _p in range(posts)]
    held = [draw(st.booleans()) or draw(st.booleans()) for _p in range(posts)]
    grants = draw(
        st.sets(st.tuples(st.integers(0, posts - 1), st.sampled_from(ROLES), st.integers(0, units - 1)), max_size=6)
    )
    away = {}
    if posts > 1:
        for post in draw(st.sets(st.integers(0, posts - 1), max_size=3)):
            deputy = draw(st.integers(0, posts - 1).filter(lambda d, p=post: d != p))
            away[post] = (
                deputy,
                draw(st.none() | st.lists(st.sampled_from("xyz"), min_size=1, unique=True).map(tuple)),
            )
    return World(parents, post_units, held, grants, away)


class DutiesTest(TestCase):
    """`TestCase` of hypothesis: each example in a transaction of its own."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds())
    def test_the_database_answers_like_the_recomputation(self, world: World) -> None:
        at, today = clock.now(), clock.today()
        tag = random.randrange(10**9)
        with acting_as(SYSTEM), transaction.atomic():
            units: list[int] = []
            for n, parent in enumerate(world.parents):
                unit = create_unit(
                    code=f"T{tag}-{n}", name_en=f"Unit {n}", kind="OFFICE", on=today, by=SYSTEM, at=at,
                    parent_id=None if parent is None else units[parent],
                )  # fmt: skip
                units.append(unit.pk)
            posts, people = [], []
            for n, unit in enumerate(world.post_units):
                post = open_post(unit_id=units[unit], title_en=f"Post {n}", code=f"p{n}", on=today, by=SYSTEM, at=at)
                person = add_person(name_en=f"P {tag} {n}", code=f"t{tag}-{n}", by=SYSTEM, at=at)
                if world.held[n]:
                    appoint(person_id=person.pk, post_id=post.pk, on=today, by=SYSTEM, at=at)
                posts.append(post.pk)
                people.append(person.pk)
            RoleGrant.objects.bulk_create(
                RoleGrant(post_id=posts[p], role=r, unit_id=units[u], valid_from=today) for p, r, u in world.grants
            )
            Absence.objects.bulk_create(
                Absence(absent_post_id=posts[p], deputy_post_id=posts[d], starts_on=today, ends_on=today + DAY,
                        scopes=list(s) if s else None, declared_at=at)
                for p, (d, s) in world.away.items()
            )  # fmt: skip
            for unit in range(len(units)):
                for role in ROLES:
                    expected = {posts[p] for p in world.answering(role, unit)}
                    assert set(answering_posts(role, units[unit])) == expected
                    assert {row["post_id"] for row in who_answers(role, units[unit], today)} == expected
            for n, post in enumerate(posts):
                hat = Actor(person_id=people[n], post_id=post, account_id=1, clearance=10)
                got = {(r, u, p, frozenset(s) if s else None) for r, u, p, s in my_duties(hat)}
                assert got == {(r, units[u], posts[p], s) for r, u, p, s in world.duties(n)}


@pytest.mark.django_db
def test_a_nearer_grant_takes_over_and_gives_back(cast: Cast) -> None:
    at, hq, pf = clock.now(), cast.units["HQ"], cast.units["PF"]

    def asked(unit: int) -> list[int]:
        with acting_as(SYSTEM), transaction.atomic():
            return answering_posts("clerk", unit)

    grant_role(post_id=cast.auditor.post_id, role="clerk", unit_id=hq, valid_from=clock.today(), by=SYSTEM, at=at)
    assert asked(cast.units["GO"]) == [cast.auditor.post_id]
    with acting_as(SYSTEM):
        nearer = dict(RoleGrant.objects.filter(role="clerk", unit_id=pf).values_list("pk", "post_id"))
    assert asked(pf) == sorted(nearer.values())
    assert cast.handler.post_id in nearer.values()
    for grant in nearer:
        end_role(grant_id=grant, on=clock.today(), by=SYSTEM, at=at)
    assert asked(pf) == [cast.auditor.post_id]


@pytest.mark.django_db
def test_a_reorganisation_changes_who_answers_at_once(cast: Cast) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        assert answering_posts("first_checker", cast.units["PF"]) == []
        move_unit(unit_id=cast.units["PF"], parent_id=cast.units["GO"], on=clock.today(), by=SYSTEM, at=clock.now())
        assert answering_posts("first_checker", cast.units["PF"]) == [cast.first_checker.post_id]


@pytest.mark.django_db
def test_holding_a_role_reaches_down_and_not_up_or_aside(cast: Cast) -> None:
    assert holds_role(cast.leader, "leader", cast.units["PF"])
    assert holds_role(cast.registrar, "registrar", cast.units["GO"])
    assert not holds_role(cast.registrar, "registrar", cast.units["HQ"])
    assert not holds_role(cast.registrar, "registrar", cast.units["PF"])
    assert holds_role(cast.registrar, "registrar")
    assert not holds_role(cast.two_hats, "head")
    assert holds_role(cast.two_hats_enterprise, "head")
    assert holds_role(SYSTEM, "anything", 1)


@pytest.mark.django_db
def test_a_grant_counts_from_its_first_day_to_the_day_before_its_end(cast: Cast) -> None:
    today = clock.today()
    grant_role(post_id=cast.auditor.post_id, role="clerk", unit_id=cast.units["GO"], valid_from=today + DAY,
               valid_to=today + 3 * DAY, by=cast.administrator, at=clock.now())  # fmt: skip
    counted = []
    for day in range(4):
        with clock.fixed_at(clock.now() + day * DAY):
            counted.append(bool(holds_role(cast.auditor, "clerk", cast.units["GO"])))
    assert counted == [False, True, True, False]


@pytest.mark.django_db
def test_only_an_access_administrator_grants_and_not_into_the_past(cast: Cast) -> None:
    def why_not(by: Actor, **more: object) -> tuple[str, str | None]:
        what = {
            "post_id": cast.outsider.post_id,
            "role": "clerk",
            "unit_id": cast.units["GO"],
            "valid_from": clock.today(),
        }
        with pytest.raises(Refused) as caught, transaction.atomic():
            grant_role(**{**what, **more}, by=by, at=clock.now())
        return type(caught.value).__name__, caught.value.field

    assert why_not(cast.office_head) == ("Refused", None)
    assert why_not(cast.administrator, valid_from=clock.today() - DAY) == ("Refused", "valid_from")
    assert why_not(cast.administrator, valid_to=clock.today()) == ("Refused", "valid_to")
    assert why_not(cast.administrator, role="emperor") == ("Refused", "role")
    grant_role(
        post_id=cast.outsider.post_id,
        role="clerk",
        unit_id=cast.units["GO"],
        valid_from=clock.today(),
        by=cast.administrator,
        at=clock.now(),
    )
    assert why_not(cast.administrator) == ("AlreadyHeld", "valid_from")


@pytest.mark.django_db
def test_raw_sql_cannot_give_itself_a_role(cast: Cast) -> None:
    from django.db import DatabaseError

    sql = (
        "insert into access_rolegrant (post_id, role, unit_id, valid_from, note)"
        " values (%s, 'head', %s, current_date, '')"
    )
    actor, forbidden = cast.outsider, pytest.raises(DatabaseError, match="row-level security")
    with acting_as(actor), forbidden, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [actor.post_id, cast.units["HQ"]])
