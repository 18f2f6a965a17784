"""Absence: what is refused, and how work is really rerouted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.absence import rules
from chancery.kernel.access.absence.models import Absence
from chancery.kernel.access.absence.services import come_back, declare_absence
from chancery.kernel.access.roles.queries import acting_post_for, answering_posts, my_duties, my_posts
from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.services import appoint, end_holding

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def away(
    absent: Actor, deputy: Actor, first: int = 0, last: int = 5, *, by: Actor | None = None, **more: object
) -> Absence:
    today = clock.today()
    return declare_absence(
        absent_post_id=absent.post_id, deputy_post_id=deputy.post_id,
        starts_on=today + first * DAY, ends_on=today + last * DAY, by=by or absent, at=clock.now(), **more,
    )  # fmt: skip


def why_not(*args: object, **more: object) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        away(*args, **more)
    return type(caught.value).__name__, caught.value.field


def asked(role: str, unit_id: int) -> set[int]:
    with acting_as(SYSTEM), transaction.atomic():
        return set(answering_posts(role, unit_id))


def test_a_deputy_answers_for_the_absent_posts_duties(cast: Cast) -> None:
    pf = cast.units["PF"]
    away(cast.handler, cast.co_handler)
    assert asked("handler", pf) == {cast.handler.post_id, cast.co_handler.post_id}
    assert ("handler", pf, cast.handler.post_id, None) in my_duties(cast.co_handler)
    assert my_posts(cast.co_handler) == [(cast.co_handler.post_id, None), (cast.handler.post_id, None)]


def test_what_a_deputy_does_says_for_whom(cast: Cast) -> None:
    pf = cast.units["PF"]
    away(cast.handler, cast.co_handler, scopes=["incoming_document"])
    may = acting_post_for
    assert may(cast.co_handler, role="handler", unit_id=pf, scope="incoming_document") == cast.handler.post_id
    assert may(cast.co_handler, role="handler", unit_id=pf, scope="petition") is None
    assert may(cast.co_handler, post_id=cast.handler.post_id, scope="incoming_document") == cast.handler.post_id
    assert may(cast.co_handler, role="handler", unit_id=cast.units["AS"]) == cast.co_handler.post_id
    assert may(cast.outsider, role="handler", unit_id=pf) is None


def test_when_the_deputy_is_away_too_the_deputys_deputy_answers_and_no_further(cast: Cast) -> None:
    away(cast.handler, cast.co_handler)
    away(cast.co_handler, cast.outsider)
    posts = [post for post, _scopes in my_posts(cast.outsider)]
    assert posts == [cast.outsider.post_id, cast.co_handler.post_id, cast.handler.post_id]
    assert why_not(cast.outsider, cast.auditor) == ("Refused", "deputy_post")


def test_a_line_of_limited_deputies_covers_what_all_of_them_cover(cast: Cast) -> None:
    away(cast.handler, cast.co_handler, scopes=["incoming_document", "petition"])
    away(cast.co_handler, cast.outsider, scopes=["petition", "seal_use"])
    assert (cast.handler.post_id, ["petition"]) in my_posts(cast.outsider)


def test_two_who_are_away_cannot_stand_in_for_each_other(cast: Cast) -> None:
    away(cast.handler, cast.co_handler)
    assert why_not(cast.co_handler, cast.handler) == ("GoesRound", "deputy_post")


def test_a_deputy_whose_own_deputy_is_away_is_refused(cast: Cast) -> None:
    away(cast.co_handler, cast.outsider)
    away(cast.outsider, cast.auditor)
    assert why_not(cast.handler, cast.co_handler) == ("Refused", "deputy_post")


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 5, "starts_on"), (3, 2, "ends_on"), (0, 180, "ends_on")],
)
def test_days_in_the_past_out_of_order_or_too_many_are_refused(cast: Cast, first: int, last: int, field: str) -> None:
    assert why_not(cast.handler, cast.co_handler, first, last) == ("Refused", field)


def test_one_is_not_ones_own_deputy_in_this_or_another_post(cast: Cast) -> None:
    assert why_not(cast.handler, cast.handler) == ("Refused", "deputy_post")
    assert why_not(cast.two_hats, cast.two_hats_enterprise) == ("Refused", "deputy_post")


def test_a_post_nobody_holds_on_all_those_days_cannot_stand_in(cast: Cast) -> None:
    with acting_as(SYSTEM):
        holding = Holding.objects.get(person_id=cast.outsider.person_id)
        end_holding(holding_id=holding.pk, on=clock.today() + 3 * DAY, by=SYSTEM, at=clock.now())
    assert why_not(cast.handler, cast.outsider) == ("Refused", "deputy_post")


def test_overlapping_absences_are_refused_by_page_and_database(cast: Cast) -> None:
    away(cast.handler, cast.co_handler, 0, 5)
    assert why_not(cast.handler, cast.outsider, 5, 9) == ("Overlapping", "starts_on")
    away(cast.handler, cast.outsider, 6, 9)
    with pytest.raises(IntegrityError, match="access_absence_one_at_a_time"), transaction.atomic(), acting_as(SYSTEM):
        Absence.objects.create(
            absent_post_id=cast.handler.post_id, deputy_post_id=cast.auditor.post_id, starts_on=clock.today(),
            ends_on=clock.today(), declared_at=clock.now(),
        )  # fmt: skip


def test_only_oneself_or_an_access_administrator_declares(cast: Cast) -> None:
    assert why_not(cast.handler, cast.co_handler, by=cast.co_handler) == ("Refused", "absent_post")
    absence = away(cast.handler, cast.co_handler, by=cast.administrator)
    assert (absence.absent_person_id, absence.declared_by_person_id) == (
        cast.handler.person_id,
        cast.administrator.person_id,
    )


def test_coming_back_early_ends_it_and_leaves_a_trace(cast: Cast) -> None:
    absence = away(cast.handler, cast.co_handler)
    with clock.fixed_at(clock.now() + 2 * DAY):
        come_back(absence_id=absence.pk, by=cast.handler, at=clock.now())
        assert my_posts(cast.co_handler) == [(cast.co_handler.post_id, None)]
        with pytest.raises(Refused):
            come_back(absence_id=absence.pk, by=cast.handler, at=clock.now())
    with acting_as(SYSTEM):
        absence.refresh_from_db()
        assert [line["act"] for line in journal.history(absence)] == ["absence.declared", "absence.shortened"]
    assert (absence.ends_on, absence.cancelled_at) == (clock.today() + DAY, None)


def test_one_that_began_today_is_cancelled(cast: Cast) -> None:
    absence = away(cast.handler, cast.co_handler)
    come_back(absence_id=absence.pk, by=cast.handler, at=clock.now())
    assert my_posts(cast.co_handler) == [(cast.co_handler.post_id, None)]
    away(cast.handler, cast.co_handler)


def test_the_deputy_does_not_end_it(cast: Cast) -> None:
    absence = away(cast.handler, cast.co_handler)
    with pytest.raises(Refused):
        come_back(absence_id=absence.pk, by=cast.co_handler, at=clock.now())


def test_a_vacant_post_with_a_full_deputy_still_answers(cast: Cast) -> None:
    away(cast.handler, cast.co_handler, by=cast.administrator)
    with acting_as(SYSTEM):
        holding = Holding.objects.get(person_id=cast.handler.person_id)
        end_holding(holding_id=holding.pk, on=clock.today(), by=SYSTEM, at=clock.now())
    assert asked("handler", cast.units["PF"]) == {cast.co_handler.post_id}


def test_a_successor_in_the_post_takes_the_work_over_at_once(cast: Cast) -> None:
    before, post = cast.handler, cast.posts["handler", "PF"]
    with acting_as(SYSTEM):
        holding = Holding.objects.get(person_id=before.person_id)
        end_holding(holding_id=holding.pk, on=clock.today(), by=SYSTEM, at=clock.now())
        appoint(person_id=cast.outsider.person_id, post_id=post, kind="CONCURRENT", by=SYSTEM, at=clock.now())
    assert asked("handler", cast.units["PF"]) == {post}
    assert my_duties(before) == []


def test_the_rules_speak_without_raising(cast: Cast) -> None:
    assert not rules.may_declare(cast.outsider, cast.handler.post_id or 0, clock.today())
    assert rules.may_declare(SYSTEM, cast.handler.post_id or 0, clock.today())
