"""Review and re-review: asked in time, by others than before, then closed for good."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions import services as core
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.handling import services as handling
from chancery.departments.general_office.petitions.handling.rules import Incomplete, TooLate
from chancery.departments.general_office.petitions.handling.tests.office import (
    AT,
    WHOLE,
    answered,
    assigned,
    later,
    seen,
    stage_of,
    step,
    waits,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionStage, PetitionText
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.second import queries, services
from chancery.departments.general_office.petitions.second.rules import FormerHandler
from chancery.departments.general_office.petitions.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access.roles.services import grant_role
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.procedures.models import Matter

pytestmark = pytest.mark.django_db


def ask(petition: Petition, at: dt.datetime, text: str = "不服，欧阳晓明请求复查。") -> None:
    with acting_as(SYSTEM), transaction.atomic():
        services.ask_review(petition_id=petition.pk, text=text, by=SYSTEM, at=at)


def due(start: dt.date, key: str) -> dt.date:
    period = rulebook.period(key, on=start)
    return calendar.due_date(start, period.count, period.unit).due_on  # type: ignore[arg-type]  # WD or CD


def reviewed(cast: Any, press: str = "UPHOLD") -> Petition:
    made = answered(cast)
    ask(made, later(5))
    step(made, cast.petition_reviewer, "OPINION", later(6))
    step(made, cast.petition_reviewer, press, later(20), **WHOLE)
    return made


def test_the_clock_of_review_begins_by_itself(cast: Any) -> None:
    made = answered(cast)
    offered = queries.offered(made.pk, later(3))
    assert offered is not None
    assert (offered.stage, offered.until) == ("REVIEW", due(clock.date_of(AT), "petition.review.ask"))
    ask(made, later(5))
    stage, now = stage_of(made), seen(made)
    assert (now.state, now.stage, stage.stage) == (State.UNDER_WAY, "REVIEW", "REVIEW")
    assert stage.due_on == now.due_on == due(clock.date_of(later(5)), "petition.review")
    waiting = waits(made)
    assert waiting is not None
    assert (waiting.role, waiting.procedure, waiting.due_on) == ("petition_reviewer", "petition_review", now.due_on)
    with acting_as(cast.petition_reviewer):
        assert petitions.petition(made.pk) is not None
    assert queries.offered(made.pk, later(6)) is None


def test_what_the_sender_writes_waits_for_the_registrar_and_is_blacked_out(cast: Any) -> None:
    made = answered(cast)
    ask(made, later(5))
    with acting_as(cast.petition_reviewer):
        asked = [one for one in petitions.texts(made.pk, cast.petition_reviewer) if one["part"] == "REVIEW_REQUEST"]
    assert [one["text"] for one in asked] == [""] and asked[0]["stage"] == "REVIEW"
    with acting_as(cast.petition_registrar):
        text = PetitionText.objects.get(part="REVIEW_REQUEST")
        custody.release_text(text_id=text.pk, by=cast.petition_registrar, at=later(5))
    with acting_as(cast.petition_reviewer):
        asked = [one for one in petitions.texts(made.pk, cast.petition_reviewer) if one["part"] == "REVIEW_REQUEST"]
    assert "请求复查" in asked[0]["text"] and "晓明" not in asked[0]["text"]


@pytest.mark.parametrize(("press", "outcome"), [("UPHOLD", "UPHELD"), ("CHANGE", "CHANGED")])
def test_upheld_or_changed_the_sender_is_told_and_may_ask_for_re_review(cast: Any, press: str, outcome: str) -> None:
    made = reviewed(cast, press)
    assert (seen(made).state, seen(made).outcome) == (State.ANSWERED, outcome)
    told = [one for one in petitions.told_texts(made.pk) if one["part"] == "OPINION_VIEW"]
    assert [one["stage"] for one in told] == ["FIRST", "REVIEW"]
    offered = queries.offered(made.pk, later(21))
    assert offered is not None
    assert (offered.stage, offered.until) == ("RE_REVIEW", due(clock.date_of(later(20)), "petition.rereview.ask"))


def test_after_re_review_it_is_closed_for_good(cast: Any) -> None:
    made = reviewed(cast)
    ask(made, later(25))
    assert stage_of(made).due_on == due(clock.date_of(later(25)), "petition.rereview")
    step(made, cast.petition_rereviewer, "HEAR", later(26))
    step(made, cast.petition_rereviewer, "DONE", later(46), held_on=clock.date_of(later(40)), record="听证笔录。")
    assert stage_of(made).due_on > due(clock.date_of(later(25)), "petition.rereview")
    step(made, cast.petition_rereviewer, "OPINION", later(46))
    with pytest.raises(Refused):
        step(made, cast.petition_rereviewer, "RETURN", later(46), **WHOLE)
    step(made, cast.petition_rereviewer, "UPHOLD", later(47), **WHOLE)
    assert (seen(made).state, seen(made).outcome) == (State.FINAL, "UPHELD")
    assert waits(made) is None and queries.offered(made.pk, later(48)) is None
    with pytest.raises(WrongState):
        ask(made, later(48))
    officer = cast.petition_officer
    with pytest.raises(WrongState), acting_as(officer), transaction.atomic():
        handling.reopen(petition_id=made.pk, reason="新诉求。", by=officer, at=later(48))
    with pytest.raises(WrongState), acting_as(officer), transaction.atomic():
        core.set_state(petition_id=made.pk, state=State.UNDER_WAY, by=officer, at=later(48))
    with acting_as(officer):
        assert list(PetitionStage.objects.order_by("id").values_list("stage", flat=True)) == [
            "FIRST", "REVIEW", "RE_REVIEW",
        ]  # fmt: skip


def test_returned_it_is_handled_anew_with_a_new_clock(cast: Any) -> None:
    made = reviewed(cast, "RETURN")
    stage = stage_of(made)
    assert (stage.stage, stage.round, seen(made).state) == ("FIRST", 2, State.UNDER_WAY)
    assert stage.due_on == seen(made).due_on == due(clock.date_of(later(20)), "petition.handling")
    waiting = waits(made)
    assert waiting is not None and (waiting.step, waiting.role) == ("assign", "petition_officer")
    given = {"unit": cast.units["AS"], "handler_unit": cast.units["AS"], "handler_post": None}
    step(made, cast.petition_officer, "ASSIGN", later(21), **given)
    step(made, cast.co_handler, "OPINION", later(22))
    step(made, cast.co_handler, "SUBMIT", later(22), **WHOLE, outcome="SUPPORTED")
    step(made, cast.office_head, "APPROVE", later(23))
    offered = queries.offered(made.pk, later(24))
    assert offered is not None and offered.stage == "REVIEW"


def test_review_too_late_or_without_words_is_refused(cast: Any) -> None:
    made = answered(cast)
    until = due(clock.date_of(AT), "petition.review.ask")
    late = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(4), tzinfo=dt.UTC)
    assert queries.offered(made.pk, late) is None
    with pytest.raises(TooLate):
        ask(made, late)
    with pytest.raises(Incomplete):
        ask(made, later(1), text=" ")
    ask(made, dt.datetime.combine(until, dt.time(4), tzinfo=dt.UTC))


def test_no_review_before_the_answer_and_no_re_review_before_review(cast: Any) -> None:
    made = assigned(cast)
    with pytest.raises(WrongState):
        ask(made, later(1))
    made = answered(cast)
    ask(made, later(1))
    with pytest.raises(WrongState):
        ask(made, later(2))
    assert [stage_of(made).stage] == ["REVIEW"]


@pytest.mark.cn
def test_a_suggestion_is_not_reviewed(cast: Any) -> None:
    made = answered(cast, kind="SUGGESTION", outcome="ADOPTED")
    assert queries.offered(made.pk, later(1)) is None
    with pytest.raises(WrongState):
        ask(made, later(1))


@pytest.mark.parametrize("press", ["UPHOLD", "CHANGE", "RETURN"])
@pytest.mark.parametrize("part", ["facts", "basis"])
def test_a_review_says_facts_and_basis_too(cast: Any, press: str, part: str) -> None:
    made = answered(cast)
    ask(made, later(1))
    step(made, cast.petition_reviewer, "OPINION", later(2))
    with pytest.raises(Incomplete) as caught:
        step(made, cast.petition_reviewer, press, later(2), **{**WHOLE, part: ""})
    assert caught.value.field == part


def test_who_handled_it_first_does_not_review_it(cast: Any) -> None:
    made = answered(cast)
    with acting_as(SYSTEM):
        for post in (cast.handler.post_id, cast.office_head.post_id):
            grant_role(
                post_id=post, role="petition_reviewer", unit_id=cast.units["GO"], valid_from=clock.date_of(AT),
                by=SYSTEM, at=AT,
            )  # fmt: skip
    ask(made, later(1))
    for who in ("handler", "office_head"):
        with pytest.raises(FormerHandler):
            step(made, cast[who], "OPINION", later(2))


def test_the_unit_that_handled_it_does_not_review_it(cast: Any) -> None:
    made = assigned(cast, unit="OP")
    step(made, cast.personnel_handler, "OPINION")
    step(made, cast.personnel_handler, "SUBMIT", **WHOLE, outcome="PARTLY")
    step(made, cast.office_head, "APPROVE")
    ask(made, later(1))
    with pytest.raises(FormerHandler):
        step(made, cast.petition_reviewer, "OPINION", later(2))


def test_the_reviewer_does_not_re_review(cast: Any) -> None:
    made = reviewed(cast)
    with acting_as(SYSTEM):
        grant_role(
            post_id=cast.petition_reviewer.post_id, role="petition_rereviewer", unit_id=cast.units["GO"],
            valid_from=clock.date_of(AT), by=SYSTEM, at=AT,
        )  # fmt: skip
    ask(made, later(25))
    with pytest.raises(FormerHandler):
        step(made, cast.petition_reviewer, "OPINION", later(26))


def test_the_night_closes_what_nobody_asked_to_review(cast: Any) -> None:
    made = answered(cast)
    until = due(clock.date_of(AT), "petition.review.ask")
    last = dt.datetime.combine(until, dt.time(4), tzinfo=dt.UTC)
    with acting_as(SYSTEM):
        assert services.close_answered(by=SYSTEM, at=last) == 0
        assert services.close_answered(by=SYSTEM, at=last + dt.timedelta(days=1)) == 1
    assert (seen(made).state, seen(made).outcome) == (State.CLOSED, "PARTLY")


def test_who_is_barred_sees_nothing_of_the_review(cast: Any) -> None:
    made = answered(cast, kind="ACCUSATION", subject_unit_id=cast.units["AS"], outcome="PARTLY")
    ask(made, later(1))
    with acting_as(cast.co_handler):
        assert not Petition.objects.exists() and not PetitionStage.objects.exists() and not Matter.objects.exists()
