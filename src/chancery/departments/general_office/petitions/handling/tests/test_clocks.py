"""The clocks, against a plain recalculation written day by day; more time and its refusals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.handling import tasks
from chancery.departments.general_office.petitions.handling.clocks import services
from chancery.departments.general_office.petitions.handling.models import PetitionExtension
from chancery.departments.general_office.petitions.handling.rules import Incomplete, TooLate
from chancery.departments.general_office.petitions.handling.terms import STAGE_KEYS
from chancery.departments.general_office.petitions.handling.tests.office import (
    AT,
    WHOLE,
    assigned,
    drafted,
    later,
    seen,
    stage_of,
    step,
    waits,
)
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import Stage
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.calendar.models import WorkingDay
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Matter, Task

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date]


# --- The plain recalculation: nothing of the program's own is asked ---------------------------------------------------
def plain(start: dt.date, days: int, pauses: list[Span], rests: Callable[[dt.date], bool]) -> dt.date:
    """Walk day by day. The first day is not counted; a last day of rest rolls on; each day of a pause after its first,
    up to the day it ended, adds a day, if it began before the last day so far."""

    def last(count: int) -> dt.date:
        day = start
        while count:
            day += ONE
            count -= 1
        while rests(day):
            day += ONE
        return day

    for begins, ends in pauses:
        if begins >= last(days):
            break
        day = begins
        while day < ends:
            day += ONE
            days += 1
    return last(days)


operation = st.one_of(
    st.tuples(st.just("pause"), st.integers(0, 45), st.integers(0, 40), st.sampled_from(["HEARING", "ASKED"])),
    st.tuples(st.just("extend"), st.integers(0, 50), st.integers(1, 30), st.just("")),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    begins=st.dates(dt.date(2026, 3, 5), dt.date(2026, 12, 20)),
    stage=st.sampled_from(list(Stage)),
    operations=st.lists(operation, max_size=5),
    holidays=st.sets(st.integers(0, 200), max_size=25),
    worked=st.sets(st.integers(0, 200), max_size=15),
)
def test_every_last_day_is_the_one_a_plain_count_gives(
    cast: Any,
    begins: dt.date,
    stage: Stage,
    operations: list[tuple[str, int, int, str]],
    holidays: set[int],
    worked: set[int],
) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        if not Petition.objects.exists():
            assigned(cast)
        held = transaction.savepoint()
        try:
            _one_story(cast, begins, stage, operations, holidays, worked)
        finally:
            transaction.savepoint_rollback(held)


def _one_story(
    cast: Any,
    begins: dt.date,
    stage: Stage,
    operations: list[tuple[str, int, int, str]],
    holidays: set[int],
    worked: set[int],
) -> None:
    special: dict[dt.date, bool] = {}
    for row in WorkingDay.objects.all():
        special[row.day] = row.kind == "HOLIDAY"
    for offset in sorted(holidays | worked):
        day = begins + offset * ONE
        is_holiday = offset in holidays
        if not is_holiday and day.weekday() < 5:
            continue
        WorkingDay.objects.update_or_create(
            day=day,
            defaults={"kind": "HOLIDAY" if is_holiday else "ADJUSTED", "name_en": "x", "name_zh": "x",
                      "source_en": "x", "source_zh": "x"},
        )  # fmt: skip
        special[day] = is_holiday

    def rests(day: dt.date) -> bool:
        return special.get(day, day.weekday() >= 5)

    petition = Petition.objects.get()
    at = dt.datetime.combine(begins, dt.time(4), tzinfo=dt.UTC)
    made = services.begin_stage(petition=petition, stage=stage, by=SYSTEM, at=at)
    days = rulebook.days(STAGE_KEYS[stage], on=begins)
    pauses: list[Span] = []
    assert made.due_on == plain(begins, days, pauses, rests)
    for what, gap, length, reason in operations:
        at += gap * ONE
        today = clock.date_of(at)
        if what == "pause":
            services.pause(petition=petition, stage=made, reason=reason, by=SYSTEM, at=at)
            at += length * ONE
            services.go_on(petition=petition, stage=made, by=SYSTEM, at=at)
            pauses.append((today, clock.date_of(at)))
        else:
            limit = rulebook.days("petition.extension", on=begins)
            may = stage == Stage.FIRST and not made.extended_days and today <= made.due_on and length <= limit
            try:
                with transaction.atomic(), acting_as(cast.handler):
                    asked = services.ask_more_time(
                        petition_id=petition.pk, days=length, reason="情况复杂。", by=cast.handler, at=at
                    )
            except Refused:
                assert not may
            else:
                assert may
                with acting_as(cast.office_head):
                    services.decide_more_time(extension_id=asked.pk, grant=True, by=cast.office_head, at=at)
                days += length
        made.refresh_from_db()
        assert made.due_on == plain(begins, days, pauses, rests)
        assert seen(petition).due_on == made.due_on


def test_the_plain_count_itself() -> None:
    def weekend(day: dt.date) -> bool:
        return day.weekday() >= 5

    monday = dt.date(2026, 3, 2)
    assert plain(monday, 5, [], weekend) == dt.date(2026, 3, 9)
    assert plain(monday, 4, [], weekend) == dt.date(2026, 3, 6)
    assert plain(monday, 4, [(dt.date(2026, 3, 3), dt.date(2026, 3, 10))], weekend) == dt.date(2026, 3, 13)
    assert plain(monday, 4, [(dt.date(2026, 3, 6), dt.date(2026, 3, 20))], weekend) == dt.date(2026, 3, 6)


def test_a_last_day_in_a_year_not_announced_is_provisional(cast: Any) -> None:
    made = assigned(cast, dt.datetime(2026, 12, 14, 4, tzinfo=dt.UTC))
    stage = stage_of(made)
    expected = calendar.due_date(stage.opened_on, rulebook.days("petition.handling", on=stage.opened_on), "CD")
    assert stage.is_provisional == expected.provisional == seen(made).is_provisional
    waiting = waits(made)
    assert waiting is not None and waiting.is_provisional == expected.provisional


# --- Where it is shown ------------------------------------------------------------------------------------------------
def test_amber_and_red_come_from_the_calendar(cast: Any) -> None:
    due = stage_of(assigned(cast)).due_on
    assert calendar.lateness(due, due + ONE) == "RED"
    assert calendar.lateness(due, due) == "AMBER"
    assert calendar.lateness(due, clock.date_of(AT)) == "ON_TIME"


def test_while_the_sender_is_asked_the_last_day_moves_on_by_night(cast: Any) -> None:
    made = assigned(cast)
    step(made, cast.handler, "ASK")
    step(made, cast.handler, "DONE", question="请补充材料。")
    before = stage_of(made).due_on
    with acting_as(SYSTEM):
        tasks.reckon_stopped_clocks(timestamp=int(later(20).timestamp()))
    now = stage_of(made).due_on
    expected = calendar.due_date(
        clock.date_of(AT), rulebook.days("petition.handling", on=clock.date_of(AT)) + 20, "CD"
    ).due_on
    assert before < now == expected == seen(made).due_on
    waiting = waits(made)
    assert waiting is not None and waiting.due_on == now


# --- More time --------------------------------------------------------------------------------------------------------
def ask(petition: Petition, by: Any, at: dt.datetime = AT, days: int = 10, reason: str = "情况复杂。") -> Any:
    with acting_as(by), transaction.atomic():
        return services.ask_more_time(petition_id=petition.pk, days=days, reason=reason, by=by, at=at)


def decide(extension: PetitionExtension, by: Any, outcome: str, at: dt.datetime = AT) -> None:
    with acting_as(SYSTEM):
        task = Task.objects.get(matter_id=extension.matter_id, done_at=None)
    with acting_as(by), transaction.atomic():
        procedures.complete(task_id=task.pk, outcome=outcome, by=by, at=at)


def test_more_time_is_granted_by_the_head_and_the_reason_told(cast: Any) -> None:
    made = assigned(cast)
    days = rulebook.days("petition.handling", on=clock.date_of(AT))
    asked = ask(made, cast.handler, later(5))
    with acting_as(cast.office_head):
        matter = Matter.objects.get(pk=asked.matter_id)
    assert matter.title == made.title
    decide(asked, cast.office_head, "GRANT", later(6))
    stage = stage_of(made)
    assert stage.due_on == calendar.due_date(clock.date_of(AT), days + 10, "CD").due_on == seen(made).due_on
    assert (stage.extended_days, stage.reason_told_at) == (10, later(6))
    told = [one["text"] for one in petitions.told_texts(made.pk) if one["part"] == "REPLY"]
    assert any("情况复杂。" in text and stage.due_on.isoformat() in text for text in told)
    waiting = waits(made)
    assert waiting is not None and waiting.due_on == stage.due_on


def test_refused_the_last_day_stays_and_nothing_is_told(cast: Any) -> None:
    made = assigned(cast)
    before = stage_of(made).due_on
    decide(ask(made, cast.handler), cast.office_head, "REFUSE")
    assert stage_of(made).due_on == before
    assert not any("情况复杂" in one["text"] for one in petitions.told_texts(made.pk))


def test_more_time_is_refused_when_late_too_long_twice_or_without_reason(cast: Any) -> None:
    made = assigned(cast)
    due = stage_of(made).due_on
    late = dt.datetime.combine(due + ONE, dt.time(4), tzinfo=dt.UTC)
    with pytest.raises(TooLate):
        ask(made, cast.handler, late)
    most = rulebook.days("petition.extension", on=clock.date_of(AT))
    for days in (0, most + 1):
        with pytest.raises(Refused) as caught:
            ask(made, cast.handler, days=days)
        assert caught.value.field == "days"
    with pytest.raises(Incomplete):
        ask(made, cast.handler, reason=" ")
    with pytest.raises(Refused) as caught:
        ask(made, cast.handler, reason="欧阳晓明未回复")
    ask(made, cast.handler, dt.datetime.combine(due, dt.time(4), tzinfo=dt.UTC))
    with pytest.raises(WrongState):
        ask(made, cast.handler)


def test_not_by_who_does_not_handle_it_and_not_decided_by_the_asker(cast: Any) -> None:
    made = assigned(cast)
    for who in ("petition_officer", "office_head"):
        with pytest.raises(Refused):
            ask(made, cast[who])
    asked = ask(made, cast.handler)
    with pytest.raises(Refused), acting_as(cast.handler), transaction.atomic():
        services.decide_more_time(extension_id=asked.pk, grant=True, by=cast.handler, at=AT)
    with pytest.raises(Refused), acting_as(cast.petition_officer), transaction.atomic():
        services.decide_more_time(extension_id=asked.pk, grant=True, by=cast.petition_officer, at=AT)


def test_once_answered_no_more_time_is_granted_and_the_request_lapses(cast: Any) -> None:
    made = assigned(cast)
    asked = ask(made, cast.handler)
    step(made, cast.handler, "OPINION")
    step(made, cast.handler, "SUBMIT", **WHOLE, outcome="PARTLY")
    step(made, cast.office_head, "APPROVE")
    with pytest.raises(WrongState):
        decide(asked, cast.office_head, "GRANT")
    with acting_as(SYSTEM):
        tasks.lapse_requests(timestamp=int(later(1).timestamp()))
        assert PetitionExtension.objects.get().state == "LAPSED"
        assert Matter.objects.get(pk=asked.matter_id).state == "CLOSED"


def test_an_answered_stage_is_not_lengthened(cast: Any) -> None:
    made = drafted(cast)
    step(made, cast.office_head, "APPROVE")
    with pytest.raises(WrongState):
        ask(made, cast.handler)
