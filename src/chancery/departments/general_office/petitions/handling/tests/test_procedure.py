"""The way of a petition: every step, every refusal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.handling import queries, services
from chancery.departments.general_office.petitions.handling.models import PetitionDecision, PetitionMeeting
from chancery.departments.general_office.petitions.handling.rules import Incomplete, TooLate
from chancery.departments.general_office.petitions.handling.tests.office import (
    AT,
    WHOLE,
    accepted,
    answered,
    assigned,
    drafted,
    later,
    registered,
    seen,
    stage_of,
    step,
    waits,
)
from chancery.departments.general_office.petitions.models import PetitionHand, PetitionPause
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import Part, State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access.rules import IsRecused
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.directory.models import Unit
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Matter

pytestmark = pytest.mark.django_db


def told(petition: Any) -> list[tuple[str, str]]:
    return [(one["part"], one["text"]) for one in petitions.told_texts(petition.pk) if one["side"] == "OFFICE"]


def due(start: dt.date, key: str) -> dt.date:
    period = rulebook.period(key, on=start)
    return calendar.due_date(start, period.count, period.unit).due_on  # type: ignore[arg-type]  # WD or CD


def test_registered_it_waits_for_an_officer_until_the_notice_is_due(cast: Any) -> None:
    made = registered(cast)
    task = waits(made)
    assert task is not None and (task.step, task.role) == ("decide", "petition_officer")
    assert task.due_on == due(clock.date_of(AT), "petition.receipt_notice") == seen(made).due_on
    with acting_as(SYSTEM):
        matter = Matter.objects.get(pk=seen(made).matter_id)
    assert matter.title == made.title and matter.number == made.number


def test_from_registration_to_the_answer(cast: Any) -> None:
    made = drafted(cast)
    assert seen(made).state == State.UNDER_WAY
    assert not any(part.startswith("OPINION") for part, _text in told(made))
    step(made, cast.office_head, "APPROVE", later(10))
    assert (seen(made).state, seen(made).outcome) == (State.ANSWERED, "PARTLY")
    texts = dict(told(made))
    assert [texts[f"OPINION_{part.upper()}"] for part in WHOLE] == list(WHOLE.values())
    stage = stage_of(made)
    assert stage.answered_on == clock.date_of(later(10)) and waits(made) is None
    with acting_as(cast.handler):
        assert PetitionHand.objects.get().why_ended == "ANSWERED"


def test_the_clock_begins_with_acceptance(cast: Any) -> None:
    made = registered(cast)
    at = later(4)
    step(made, cast.petition_officer, "ACCEPT", at)
    assert stage_of(made).due_on == due(clock.date_of(at), "petition.handling") == seen(made).due_on
    waiting = waits(made)
    assert waiting is not None and waiting.step == "notice"
    assert waiting.due_on == due(clock.date_of(AT), "petition.receipt_notice")
    step(made, cast.petition_officer, "TOLD", at, text="您的信访事项已受理。")
    waiting = waits(made)
    assert waiting is not None and waiting.due_on == stage_of(made).due_on
    assert (Part.REPLY, "您的信访事项已受理。") in told(made)


@pytest.mark.parametrize(
    ("outcome", "data", "field"),
    [
        ("NOT_ACCEPT", {}, "ground"),
        ("NOT_ACCEPT", {"ground": "SAME_MATTER"}, "reference"),
        ("NOT_ACCEPT", {"ground": "STATUTORY", "reference": " "}, "reference"),
        ("TRANSFER", {}, "direction"),
        ("TRANSFER", {"direction": "DOWN"}, "to_body"),
    ],
)
def test_a_decision_says_what_it_needs(cast: Any, outcome: str, data: dict[str, str], field: str) -> None:
    made = registered(cast)
    with pytest.raises(Incomplete) as caught:
        step(made, cast.petition_officer, outcome, **data)
    assert caught.value.field == field


def test_the_same_matter_elsewhere_is_not_accepted_and_the_reference_is_told(cast: Any) -> None:
    made = registered(cast)
    step(made, cast.petition_officer, "NOT_ACCEPT", ground="SAME_MATTER", reference="国信〔2026〕18号")
    with acting_as(cast.petition_officer):
        decision = queries.decision(made.pk)
        assert decision is not None
        text = queries.notice_words(decision, made)
    assert "国信〔2026〕18号" in text
    step(made, cast.petition_officer, "TOLD", text=text)
    assert seen(made).state == State.NOT_ACCEPTED and waits(made) is None
    assert (Part.REPLY, text) in told(made)
    with pytest.raises(Refused):
        services.take_back(petition_id=made.pk, reason=" ", by=cast.petition_officer, at=later(1))
    services.take_back(petition_id=made.pk, reason="查无重复。", by=cast.petition_officer, at=later(1))
    waiting = waits(made)
    assert waiting is not None and waiting.step == "decide"


def test_a_transfer_goes_across_and_ends_here(cast: Any) -> None:
    made = registered(cast)
    step(made, cast.petition_officer, "TRANSFER", direction="ACROSS", to_body="某省科协")
    step(made, cast.petition_officer, "TOLD", text="已转送某省科协。")
    assert seen(made).state == State.TRANSFERRED and waits(made) is None
    with acting_as(cast.petition_officer):
        assert PetitionDecision.objects.get().to_body == "某省科协"


def test_nothing_that_stands_in_the_clear_tells_who_petitions(cast: Any) -> None:
    made = registered(cast)
    with pytest.raises(Refused) as caught:
        step(made, cast.petition_officer, "NOT_ACCEPT", ground="SAME_MATTER", reference="欧阳晓明案")
    assert caught.value.field == "reference"
    with pytest.raises(Refused) as caught:
        step(made, cast.petition_officer, "ACCEPT", opinion="欧阳晓明来信属实")
    assert caught.value.field == "opinion"
    made = assigned(cast)
    step(made, cast.handler, "OPINION")
    with pytest.raises(Refused) as caught:
        step(made, cast.handler, "SUBMIT", **{**WHOLE, "facts": "欧阳晓明参加了评审"}, outcome="PARTLY")
    assert caught.value.field == "facts"


@pytest.mark.parametrize("part", [*WHOLE, "outcome"])
def test_an_opinion_is_whole(cast: Any, part: str) -> None:
    made = assigned(cast)
    step(made, cast.handler, "OPINION")
    with pytest.raises(Incomplete) as caught:
        step(made, cast.handler, "SUBMIT", **{**WHOLE, "outcome": "PARTLY", part: " "})
    assert caught.value.field == part


def test_the_head_sends_back_with_what_is_to_be_done(cast: Any) -> None:
    made = drafted(cast)
    with pytest.raises(Incomplete):
        step(made, cast.office_head, "REWORK")
    step(made, cast.office_head, "REWORK", note="事实部分写明证据。")
    step(made, cast.handler, "SUBMIT", **WHOLE, outcome="SUPPORTED")
    step(made, cast.office_head, "APPROVE")
    assert seen(made).outcome == "SUPPORTED"


def test_settled_only_after_a_mediation(cast: Any) -> None:
    made = assigned(cast)
    step(made, cast.handler, "OPINION")
    with pytest.raises(Incomplete):
        step(made, cast.handler, "SUBMIT", **WHOLE, outcome="SETTLED")
    step(made, cast.handler, "BACK")
    step(made, cast.handler, "MEDIATE")
    with pytest.raises(Refused) as caught:
        step(made, cast.handler, "DONE", held_on=clock.date_of(later(3)), result="SETTLED", record="双方同意。")
    assert caught.value.field == "held_on"
    step(made, cast.handler, "DONE", later(3), held_on=clock.date_of(later(3)), result="SETTLED", record="双方同意。")
    step(made, cast.handler, "OPINION")
    step(made, cast.handler, "SUBMIT", **WHOLE, outcome="SETTLED")
    with acting_as(cast.handler):
        assert PetitionMeeting.objects.get().result == "SETTLED"


def test_a_suggestion_is_not_heard_and_an_accusation_not_mediated(cast: Any) -> None:
    for kind, way in (("SUGGESTION", "HEAR"), ("ACCUSATION", "MEDIATE")):
        made = assigned(cast, kind=kind)
        with pytest.raises(Refused):
            step(made, cast.handler, way)


def test_a_hearing_and_a_question_stop_the_clock(cast: Any) -> None:
    made = assigned(cast)
    before = stage_of(made).due_on
    step(made, cast.handler, "HEAR", later(2))
    step(made, cast.handler, "DONE", later(17), held_on=clock.date_of(later(16)), record="听证笔录。")
    after_hearing = stage_of(made).due_on
    step(made, cast.handler, "ASK", later(18))
    step(made, cast.handler, "DONE", later(18), question="请补充材料。")
    assert (Part.QUESTION, "请补充材料。") in told(made)
    with acting_as(SYSTEM):
        services.sender_answered(petition_id=made.pk, by=SYSTEM, at=later(32))
        assert list(PetitionPause.objects.order_by("id").values_list("reason", "from_on", "until_on")) == [
            ("HEARING", clock.date_of(later(2)), clock.date_of(later(17))),
            ("ASKED", clock.date_of(later(18)), clock.date_of(later(32))),
        ]
    assert before < after_hearing < stage_of(made).due_on == seen(made).due_on
    waiting = waits(made)
    assert waiting is not None and (waiting.step, waiting.due_on) == ("wait", seen(made).due_on)
    step(made, cast.handler, "GO_ON", later(33))
    assert (waits(made) or made).due_on == seen(made).due_on


def test_misrouted_within_five_working_days_with_reasons(cast: Any) -> None:
    made = assigned(cast)
    with acting_as(cast.handler):
        until = queries.assignment(stage_of(made).pk)
    assert until is not None and until.refuse_until == due(clock.date_of(AT), "petition.misrouted")
    with pytest.raises(Refused) as caught:
        step(made, cast.handler, "MISROUTED")
    assert "page of the petition" in str(caught.value)
    with pytest.raises(Incomplete), acting_as(cast.handler), transaction.atomic():
        services.send_back(petition_id=made.pk, reason=" ", by=cast.handler, at=AT)
    late = dt.datetime.combine(until.refuse_until + dt.timedelta(days=1), dt.time(4), tzinfo=dt.UTC)
    with pytest.raises(TooLate), acting_as(cast.handler), transaction.atomic():
        services.send_back(petition_id=made.pk, reason="非本部门职责。", by=cast.handler, at=late)
    last = late - dt.timedelta(days=1)
    with acting_as(cast.handler), transaction.atomic():
        services.send_back(petition_id=made.pk, reason="非本部门职责。", by=cast.handler, at=last)
    with acting_as(cast.handler):
        assert petitions.petition(made.pk) is None
    waiting = waits(made)
    assert waiting is not None and waiting.step == "assign"
    given = {"unit": cast.units["AS"], "handler_unit": cast.units["AS"], "handler_post": None}
    step(made, cast.petition_officer, "ASSIGN", last, **given)
    assert seen(made).handling_unit_id == cast.units["AS"]
    with acting_as(cast.co_handler):
        assert petitions.petition(made.pk) is not None


def test_only_a_handler_of_the_unit_handles(cast: Any) -> None:
    made = assigned(cast)
    for who in ("co_handler", "petition_officer", "outsider", "petition_reviewer"):
        with pytest.raises(Exception) as caught:
            step(made, cast[who], "OPINION")
        assert caught.type.__name__ in ("Refused", "NotThere")


def test_an_accusation_never_goes_to_the_unit_it_is_about(cast: Any) -> None:
    made = accepted(cast, kind="ACCUSATION", subject_unit_id=cast.units["PF"])
    given = {"unit": cast.units["PF"], "handler_unit": cast.units["PF"], "handler_post": None}
    with pytest.raises(IsRecused) as caught:
        step(made, cast.petition_officer, "ASSIGN", **given)
    assert caught.value.field == "unit"
    with acting_as(cast.handler):
        assert petitions.petition(made.pk) is None


def test_the_subject_is_not_named_and_sees_nothing(cast: Any) -> None:
    made = accepted(cast, subject_person_id=cast.handler.person_id)
    post = cast.handler.post_id
    given = {"unit": cast.units["PF"], "post": post, "handler_unit": cast.units["PF"], "handler_post": post}
    with pytest.raises(IsRecused) as caught:
        step(made, cast.petition_officer, "ASSIGN", **given)
    assert caught.value.field == "post"
    step(made, cast.petition_officer, "ASSIGN", **{**given, "post": None, "handler_post": None})
    with acting_as(cast.handler):
        assert petitions.petition(made.pk) is None
        assert not Matter.objects.exists()
    with pytest.raises(Exception) as caught_2:
        step(made, cast.handler, "OPINION")
    assert caught_2.type.__name__ == "NotThere"


def test_a_unit_without_handlers_is_not_offered(cast: Any) -> None:
    made = accepted(cast)
    with acting_as(SYSTEM):
        offered = {unit for unit, _words in queries.handler_units(clock.date_of(AT))}
        other = Unit.objects.exclude(pk__in=offered).first()
    assert other is not None and cast.units["PF"] in offered
    with pytest.raises(Refused):
        step(made, cast.petition_officer, "ASSIGN", unit=other.pk, handler_unit=other.pk, handler_post=None)


def test_nobody_pauses_lengthens_closes_or_recalls_the_matter_by_hand(cast: Any) -> None:
    made = assigned(cast)
    task = waits(made)
    assert task is not None
    acts = (
        lambda by: procedures.pause(matter_id=task.matter_id, reason="x", by=by, at=AT),
        lambda by: procedures.ask_extension(task_id=task.pk, days=1, reason="x", by=by, at=AT),
        lambda by: procedures.close(matter_id=task.matter_id, reason="x", by=by, at=AT),
    )
    for act in acts:
        with pytest.raises(Refused), acting_as(cast.handler), transaction.atomic():
            act(cast.handler)
    step(made, cast.handler, "OPINION")
    with pytest.raises(Refused), acting_as(cast.handler), transaction.atomic():
        procedures.recall(task_id=task.pk, reason="x", by=cast.handler, at=AT)


def test_withdrawn_the_matter_ends(cast: Any) -> None:
    made = assigned(cast)
    with acting_as(SYSTEM):
        services.withdraw(petition_id=made.pk, by=SYSTEM, at=later(3))
    assert seen(made).state == State.WITHDRAWN and waits(made) is None
    assert stage_of(made).closed_at == later(3)


def test_closed_but_not_fixed_is_opened_again_within_its_days(cast: Any) -> None:
    from chancery.departments.general_office.petitions.second import services as second

    made = answered(cast)
    officer = cast.petition_officer
    with pytest.raises(WrongState), acting_as(officer), transaction.atomic():
        services.reopen(petition_id=made.pk, reason="未落实。", by=officer, at=AT)
    closing = later(40)
    with acting_as(SYSTEM):
        assert second.close_answered(by=SYSTEM, at=closing) == 1
    until = due(clock.date_of(closing), "petition.reopen")
    late = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(4), tzinfo=dt.UTC)
    with pytest.raises(TooLate), acting_as(officer), transaction.atomic():
        services.reopen(petition_id=made.pk, reason="未落实。", by=officer, at=late)
    with pytest.raises(Incomplete), acting_as(officer), transaction.atomic():
        services.reopen(petition_id=made.pk, reason="", by=officer, at=later(50))
    services.reopen(petition_id=made.pk, reason="未落实。", by=officer, at=later(50))
    now = seen(made)
    assert (now.state, now.reopened_count, now.outcome) == (State.UNDER_WAY, 1, "")
    stage = stage_of(made)
    assert (stage.round, stage.due_on) == (2, due(clock.date_of(later(50)), "petition.handling"))
    waiting = waits(made)
    assert waiting is not None and (waiting.step, waiting.procedure) == ("assign", "petition_again")
    given = {"unit": cast.units["PF"], "handler_unit": cast.units["PF"], "handler_post": None}
    step(made, officer, "ASSIGN", later(50), **given)
    step(made, cast.handler, "OPINION", later(51))
    step(made, cast.handler, "SUBMIT", later(51), **WHOLE, outcome="SUPPORTED")
    step(made, cast.office_head, "APPROVE", later(52))
    assert seen(made).state == State.ANSWERED
