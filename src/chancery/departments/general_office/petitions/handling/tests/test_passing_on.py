"""Who keeps out, who has left: the petition goes on to others with its history."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.handling.clocks import services as clocks
from chancery.departments.general_office.petitions.handling.models import PetitionAssignment, PetitionMeeting
from chancery.departments.general_office.petitions.handling.passing_on import services
from chancery.departments.general_office.petitions.handling.rules import Incomplete
from chancery.departments.general_office.petitions.handling.tests.office import (
    AT,
    WHOLE,
    assigned,
    later,
    stage_of,
    step,
    waits,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionHand, PetitionText
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.recusal.models import Recusal
from chancery.kernel.access.recusal.services import recuse
from chancery.kernel.access.roles.services import grant_role
from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.services import end_holding
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Matter, Notice, Task

pytestmark = pytest.mark.django_db


def aside(petition: Petition, by: Any, ground: str = "RELATIVE", reason: str = "与信访人系亲属。") -> None:
    with acting_as(by), transaction.atomic():
        services.stand_aside(petition_id=petition.pk, ground=ground, reason=reason, by=by, at=later(1))


def second_handler(cast: Any) -> Any:
    """Another post of the unit that handles."""
    with acting_as(SYSTEM):
        grant_role(
            post_id=cast.unit_checker.post_id, role="petition_handler", unit_id=cast.units["PF"],
            valid_from=clock.date_of(AT), by=SYSTEM, at=AT,
        )  # fmt: skip
    return cast.unit_checker


def test_a_relative_steps_aside_and_another_goes_on_with_its_history(cast: Any) -> None:
    other = second_handler(cast)
    made = assigned(cast)
    step(made, cast.handler, "MEDIATE")
    step(made, cast.handler, "DONE", held_on=clock.date_of(AT), result="FAILED", record="未达成一致。")
    task = waits(made)
    assert task is not None
    with acting_as(cast.handler), transaction.atomic():
        procedures.claim(task_id=task.pk, by=cast.handler, at=AT)
    aside(made, cast.handler)
    with acting_as(cast.handler):
        assert petitions.petition(made.pk) is None
        for kind in (Petition, PetitionText, PetitionHand, PetitionMeeting, Matter, Task):
            assert not kind.objects.exists()  # type: ignore[attr-defined]  # a list of models
    with acting_as(other):
        assert petitions.petition(made.pk) is not None
        assert PetitionMeeting.objects.count() == 1
        assert PetitionHand.objects.get().why_ended == "ASIDE"
    step(made, other, "OPINION", later(2))
    step(made, other, "SUBMIT", later(2), **WHOLE, outcome="PARTLY")
    with acting_as(SYSTEM):
        recusal = Recusal.objects.get()
        assert recusal.person_id == cast.handler.person_id and "亲属" not in recusal.reason
        assert not Entry.objects.filter(data__icontains="亲属").exists()


def test_stepping_aside_says_why(cast: Any) -> None:
    made = assigned(cast)
    with pytest.raises(Incomplete):
        aside(made, cast.handler, reason=" ")
    with pytest.raises(Refused) as caught:
        aside(made, cast.handler, ground="LAZY")
    assert caught.value.field == "ground"


def test_if_nobody_is_left_the_officer_is_told_and_assigns_to_others(cast: Any) -> None:
    made = assigned(cast)
    aside(made, cast.handler)
    with acting_as(cast.petition_officer):
        assert Notice.objects.filter(post_id=cast.petition_officer.post_id, kind="NOBODY").exists()
    officer = cast.petition_officer
    with pytest.raises(Incomplete), acting_as(officer), transaction.atomic():
        services.reassign(petition_id=made.pk, unit_id=cast.units["AS"], reason="", by=officer, at=later(2))
    before = stage_of(made).due_on
    with acting_as(officer), transaction.atomic():
        services.reassign(petition_id=made.pk, unit_id=cast.units["AS"], reason="承办人回避。", by=officer, at=later(2))
    assert stage_of(made).due_on == before
    step(made, cast.co_handler, "OPINION", later(3))
    with acting_as(officer):
        ended = PetitionAssignment.objects.filter(ended_at__isnull=False).get()
    assert (ended.why_ended, ended.unit_id) == ("REASSIGNED", cast.units["PF"])


def test_only_an_officer_assigns_to_others_and_never_to_the_accused(cast: Any) -> None:
    made = assigned(cast, kind="ACCUSATION", subject_unit_id=cast.units["AS"])
    for by, unit in ((cast.handler, "OP"), (cast.petition_officer, "AS")):
        with pytest.raises(Refused), acting_as(by), transaction.atomic():
            services.reassign(petition_id=made.pk, unit_id=cast.units[unit], reason="x", by=by, at=later(1))


def test_a_leavers_petition_goes_on_with_notice_to_the_officer(cast: Any) -> None:
    other = second_handler(cast)
    made = assigned(cast)
    step(made, cast.handler, "MEDIATE")
    step(made, cast.handler, "DONE", held_on=clock.date_of(AT), result="FAILED", record="未达成一致。")
    task = waits(made)
    assert task is not None
    with acting_as(cast.handler), transaction.atomic():
        procedures.claim(task_id=task.pk, by=cast.handler, at=AT)
    with acting_as(SYSTEM):
        assert services.replace_leavers(by=SYSTEM, at=later(1)) == 0
        holding = Holding.objects.get(person_id=cast.handler.person_id)
        end_holding(holding_id=holding.pk, on=clock.date_of(later(2)), decision="样例", by=SYSTEM, at=later(2))
        assert services.replace_leavers(by=SYSTEM, at=later(3)) == 1
        assert services.replace_leavers(by=SYSTEM, at=later(4)) == 0
        assert PetitionHand.objects.get().why_ended == "LEFT"
    task = waits(made)
    assert task is not None and (task.state, task.doer_person_id) == ("READY", None)
    with acting_as(cast.petition_officer):
        assert Notice.objects.filter(post_id=cast.petition_officer.post_id, kind="HANDED").exists()
    step(made, other, "OPINION", later(5))


def test_a_post_that_nobody_holds_any_more_loses_what_was_given_to_it_by_name(cast: Any) -> None:
    other = second_handler(cast)
    made = assigned(cast, post=cast.handler.post_id)
    task = waits(made)
    assert task is not None and task.post_id == cast.handler.post_id
    with acting_as(SYSTEM):
        holding = Holding.objects.get(person_id=cast.handler.person_id)
        end_holding(holding_id=holding.pk, on=clock.date_of(later(2)), decision="样例", by=SYSTEM, at=later(2))
        assert services.replace_leavers(by=SYSTEM, at=later(3)) == 1
    step(made, other, "OPINION", later(5))


def test_the_clock_runs_on_whoever_has_it(cast: Any) -> None:
    made = assigned(cast)
    before = stage_of(made).due_on
    aside(made, cast.handler)
    with acting_as(SYSTEM):
        clocks.retime(petition=Petition.objects.get(), stage=stage_of(made), by=SYSTEM, at=later(9))
    assert stage_of(made).due_on == before


def test_it_is_sent_to_nobody_for_reading_and_handed_only_to_those_with_a_part(cast: Any) -> None:
    made = assigned(cast)
    task = waits(made)
    assert task is not None
    outside = cast.outsider.post_id
    for act in (
        lambda: procedures.circulate(matter_id=task.matter_id, post_ids=[outside], by=cast.handler, at=AT),
        lambda: procedures.delegate(task_id=task.pk, post_id=outside, reason="x", by=cast.handler, at=AT),
    ):
        with pytest.raises(Refused), acting_as(cast.handler), transaction.atomic():
            act()
    with acting_as(cast.outsider):
        assert petitions.petition(made.pk) is None


def test_who_declared_it_on_the_matter_itself_is_replaced_by_night(cast: Any) -> None:
    other = second_handler(cast)
    made = assigned(cast)
    task = waits(made)
    assert task is not None
    with acting_as(cast.handler), transaction.atomic():
        procedures.claim(task_id=task.pk, by=cast.handler, at=AT)
        recuse(
            person_id=cast.handler.person_id, subject=f"procedures.matter:{task.matter_id}", reason="x",
            guard_id=made.guard_id, by=cast.handler, at=AT,
        )  # fmt: skip
    with acting_as(SYSTEM):
        assert services.replace_leavers(by=SYSTEM, at=later(1)) == 1
    step(made, other, "OPINION", later(1))
