"""Keeping out, and keeping doer and approver apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.recusal.queries import recusals_of
from chancery.kernel.access.recusal.rules import IsRecused, OwnAct, not_own_act, not_recused
from chancery.kernel.access.recusal.services import lift_recusal, recuse

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db
SUBJECT = "procedures.matter:7"


def test_nobody_approves_their_own_act_through_a_second_hat(cast: Cast) -> None:
    doer = cast.two_hats
    verdict = not_own_act(cast.two_hats_enterprise, doer.person_id)
    assert (bool(verdict), verdict.refusal) == (False, OwnAct)
    assert not_own_act(cast.outsider, doer.person_id)
    assert not_own_act(SYSTEM, doer.person_id)
    assert not_own_act(cast.outsider, None)


def as_(actor: Actor):
    return acting_as(actor)


def test_who_keeps_out_is_refused_with_the_reason_and_others_are_not(cast: Cast) -> None:
    recuse(person_id=cast.handler.person_id, subject=SUBJECT, reason="Relative", by=cast.handler, at=clock.now())
    with as_(cast.handler), transaction.atomic():
        verdict = not_recused(cast.handler, SUBJECT)
        assert (bool(verdict), verdict.refusal, "Relative" in str(verdict.reason)) == (False, IsRecused, True)
        assert not_recused(cast.handler, "procedures.matter:8")
    with as_(cast.co_handler), transaction.atomic():
        assert not_recused(cast.co_handler, SUBJECT)
        # Whoever routes the work learns who keeps out, not why.
        with connection.cursor() as cursor:
            cursor.execute("select access_recused(%s)", [SUBJECT])
            assert cursor.fetchall() == [(cast.handler.person_id,)]
        assert recusals_of() == []


def test_it_holds_under_every_hat(cast: Cast) -> None:
    recuse(person_id=cast.two_hats.person_id, subject=SUBJECT, reason="Author", by=cast.two_hats, at=clock.now())
    with as_(cast.two_hats_enterprise), transaction.atomic():
        assert not not_recused(cast.two_hats_enterprise, SUBJECT)


def test_one_declares_for_oneself_an_administrator_for_anybody_and_always_with_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused), transaction.atomic():
        recuse(person_id=cast.handler.person_id, subject=SUBJECT, reason="x", by=cast.outsider, at=clock.now())
    with pytest.raises(Refused), transaction.atomic():
        recuse(person_id=cast.handler.person_id, subject=SUBJECT, reason=" ", by=cast.handler, at=clock.now())
    recuse(person_id=cast.handler.person_id, subject=SUBJECT, reason="Marked", by=cast.administrator, at=clock.now())
    with pytest.raises(Refused), transaction.atomic():
        recuse(person_id=cast.handler.person_id, subject=SUBJECT, reason="Again", by=cast.handler, at=clock.now())


def test_only_an_administrator_lifts_it_and_not_their_own(cast: Cast) -> None:
    recusal = recuse(
        person_id=cast.handler.person_id, subject=SUBJECT, reason="Relative", by=cast.handler, at=clock.now()
    )
    own = recuse(
        person_id=cast.administrator.person_id, subject=SUBJECT, reason="Own", by=cast.administrator, at=clock.now()
    )
    for by, which in ((cast.handler, recusal), (cast.administrator, own)):
        with pytest.raises(Refused), transaction.atomic():
            lift_recusal(recusal_id=which.pk, by=by, at=clock.now())
    lift_recusal(recusal_id=recusal.pk, by=cast.administrator, at=clock.now())
    with as_(SYSTEM), transaction.atomic():
        assert not_recused(cast.handler, SUBJECT)
        assert [line["act"] for line in journal.history(SUBJECT)][-1] == "recusal.lifted"
