"""Time, ending, circulating, doing twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.queries import history
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.procedures import queries, services
from chancery.kernel.procedures.deadlines import tasks as clockwork
from chancery.kernel.procedures.deadlines.models import Urge
from chancery.kernel.procedures.matters.models import Matter, Opinion, Standing
from chancery.kernel.procedures.moving.queries import NotThere
from chancery.kernel.procedures.notices.models import Notice
from chancery.kernel.procedures.tests.world import NOW, World

LATER = NOW + dt.timedelta(days=1)


def fresh(matter: Matter) -> Matter:
    with acting_as(SYSTEM):
        return Matter.objects.get(pk=matter.pk)


def acts(matter: Matter) -> list[str]:
    with acting_as(SYSTEM):
        return sorted(line["act"] for line in history(matter))


# --- Time -------------------------------------------------------------------------------------------------------------
def test_limits_come_from_the_rulebook_by_urgency(world: World) -> None:
    slow, quick = world.open(), world.open(urgency="URGENT")
    for matter in (slow, quick):
        world.do(matter, "draft", "SENT", world.clerk)
    assert world.task(slow, "check").due_on == dt.date(2026, 11, 26)
    assert world.task(quick, "check").due_on == dt.date(2026, 11, 24)


def test_a_limit_the_rulebook_does_not_hold_is_an_error(world: World) -> None:
    from chancery.foundations.rulebook.models import Provision
    from chancery.foundations.rulebook.queries import MissingProvision

    matter = world.open()
    with acting_as(SYSTEM):
        Provision.objects.filter(key="test.check.normal").update(withdrawn_at=NOW)
    with pytest.raises(MissingProvision):
        world.do(matter, "draft", "SENT", world.clerk)
    assert world.waiting(matter) == ["draft"]


def urged(matter: Matter) -> list[tuple[str, bool]]:
    with acting_as(SYSTEM):
        return list(Urge.objects.filter(matter=matter).order_by("id").values_list("task__step", "is_automatic"))


def strike(at: dt.datetime) -> None:
    clockwork.urge_by_the_clock(timestamp=int(at.timestamp()))


def on(day: int, hour: int = 2, month: int = 11) -> dt.datetime:
    """`hour` hours after eight in the morning at the site, wherever its profile puts it."""
    return dt.datetime(2026, month, day, hour + 8, 0, tzinfo=timezone.get_default_timezone())


def test_what_is_due_soon_is_urged_once_and_what_is_overdue_every_working_day(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)  # Monday the 23rd: the check is due on Thursday the 26th
    for day, said in ((23, 0), (24, 0), (25, 1), (26, 1)):
        strike(on(day))
        assert len(urged(matter)) == said, day
    clockwork.find_overdue(timestamp=int(on(27).timestamp()))
    for day, said in ((27, 1), (28, 1), (29, 1), (30, 2)):  # the 27th: told that it is overdue; then a weekend
        strike(on(day))
        strike(on(day, 5))
        assert len(urged(matter)) == said, day
    assert urged(matter) == [("check", True), ("check", True)]
    with acting_as(SYSTEM):
        assert Notice.objects.filter(matter=matter, kind="URGED", post_id=world.posts["registrar"]).exists()
    world.do(matter, "check", "PASS", world.registrar, at=on(30, 6))
    strike(on(1, month=12))
    assert len([step for step, _by in urged(matter) if step == "check"]) == 2


def test_nothing_paused_is_urged_and_nothing_asked_for_today(world: World) -> None:
    quick = world.open(urgency="URGENT")
    world.do(quick, "draft", "SENT", world.clerk)  # the check is due tomorrow
    strike(on(23, 5))
    assert urged(quick) == []
    services.pause(matter_id=quick.pk, reason="Waiting", by=world.clerk, at=on(23, 6))
    strike(on(24))
    assert urged(quick) == []


def test_a_pause_moves_every_limit_by_the_days_it_lasted(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    services.pause(matter_id=matter.pk, reason="Waiting for the ministry", by=world.clerk, at=NOW)
    with pytest.raises(Refused, match="paused"):
        world.do(matter, "check", "PASS", world.registrar)
    services.resume(matter_id=matter.pk, by=world.clerk, at=NOW + dt.timedelta(days=2))
    assert world.task(matter, "check").due_on == dt.date(2026, 11, 30)
    assert fresh(matter).due_on == dt.date(2026, 12, 8)
    with pytest.raises(Stale):
        services.resume(matter_id=matter.pk, by=world.clerk, at=NOW)


def test_a_mere_reader_does_not_pause(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    with pytest.raises(Refused, match="opened the matter"):
        services.pause(matter_id=matter.pk, reason="?", by=world.as_deputy, at=NOW)


def test_more_time_is_asked_before_expiry_and_decided_by_another(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    task = world.task(matter, "check")
    with pytest.raises(Refused, match="1 to 15 days"):
        services.ask_extension(task_id=task.pk, days=99, reason="long", by=world.registrar, at=NOW)
    with pytest.raises(Refused, match="run out"):
        services.ask_extension(
            task_id=task.pk, days=2, reason="late", by=world.registrar, at=NOW + dt.timedelta(days=9)
        )
    request = services.ask_extension(task_id=task.pk, days=2, reason="Much to check", by=world.registrar, at=NOW)
    with pytest.raises(Refused, match="Another person"):
        services.decide_extension(request_id=request.pk, grant=True, by=world.registrar, at=NOW)
    with pytest.raises(Refused, match="opener"):
        services.decide_extension(request_id=request.pk, grant=True, by=world.as_deputy, at=NOW)
    services.decide_extension(request_id=request.pk, grant=True, by=world.clerk, at=NOW)
    assert world.task(matter, "check").due_on == dt.date(2026, 11, 30)
    with pytest.raises(Stale):
        services.decide_extension(request_id=request.pk, grant=False, note="no", by=world.clerk, at=NOW)


def test_urging_leaves_a_notice_and_is_not_repeated_at_once(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    assert services.urge(matter_id=matter.pk, note="Please", by=world.clerk, at=NOW) == 3
    with pytest.raises(Refused, match="less than 4 hours"):
        services.urge(matter_id=matter.pk, by=world.clerk, at=NOW + dt.timedelta(hours=1))
    services.urge(matter_id=matter.pk, by=world.clerk, at=NOW + dt.timedelta(hours=5))
    with acting_as(world.registrar):
        assert Notice.objects.filter(kind="URGED").count() == 2


def test_a_timer_that_runs_out_asks_the_chaser_and_is_withdrawn_with_its_step(world: World) -> None:
    matter = world.open(data={"co_units": []})
    world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "check", "PASS", world.registrar)
    with acting_as(SYSTEM):
        assert Standing.objects.get(pk=matter.pk).timer_at == NOW + dt.timedelta(days=3)
    clockwork.fire_timers.function(timestamp=int((NOW + dt.timedelta(days=2)).timestamp()))
    assert world.waiting(matter) == ["sign"]
    clockwork.fire_timers.function(timestamp=int((NOW + dt.timedelta(days=4)).timestamp()))
    clockwork.fire_timers.function(timestamp=int((NOW + dt.timedelta(days=5)).timestamp()))
    assert world.waiting(matter) == ["chase", "sign"]
    with acting_as(SYSTEM):
        assert Notice.objects.filter(kind="URGED", post_id=world.posts["head"]).count() == 1
    world.do(matter, "sign", "SIGN", world.head, at=NOW + dt.timedelta(days=5))
    assert world.waiting(matter) == []


def test_what_is_overdue_is_noted_once(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    late = NOW + dt.timedelta(days=7)
    assert services.mark_overdue(by=SYSTEM, at=late) == 1
    assert services.mark_overdue(by=SYSTEM, at=late) == 0
    assert world.task(matter, "check").is_late


# --- Ending -----------------------------------------------------------------------------------------------------------
def test_a_matter_closed_by_hand_continues_where_it_stood_when_reopened(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    with pytest.raises(Refused, match="opened the matter"):
        services.close(matter_id=matter.pk, reason="?", by=world.as_deputy, at=NOW)
    services.close(matter_id=matter.pk, reason="Overtaken", by=world.clerk, at=NOW)
    assert (fresh(matter).state, fresh(matter).closed_how, world.waiting(matter)) == ("CLOSED", "HAND", [])
    with pytest.raises(Stale):
        services.close(matter_id=matter.pk, reason="again", by=world.clerk, at=NOW)
    with pytest.raises(Refused, match="reason"):
        services.reopen(matter_id=matter.pk, reason="", by=world.clerk, at=NOW)
    services.reopen(matter_id=matter.pk, reason="Not overtaken", by=world.clerk, at=LATER)
    assert world.waiting(matter) == ["check", "countersign", "countersign"]


def test_a_matter_that_ran_out_reopens_at_a_step(world: World) -> None:
    matter = world.open(data={"co_units": [], "readers": []})
    world.signed_alone = None  # type: ignore[attr-defined]  # a plain attribute of the test's world
    world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "check", "PASS", world.registrar)
    world.do(matter, "sign", "SIGN", world.head)
    clockwork.fire_timers.function(timestamp=int((NOW + dt.timedelta(days=2)).timestamp()))
    assert fresh(matter).state == "CLOSED"
    with pytest.raises(Refused, match="cannot be reopened"):
        services.reopen(matter_id=matter.pk, step="fix", reason="A slip", by=world.clerk, at=LATER)
    services.reopen(matter_id=matter.pk, step="sign", reason="A slip", by=world.clerk, at=LATER)
    assert (fresh(matter).state, world.waiting(matter)) == ("OPEN", ["sign"])


def test_circulating_asks_each_post_once_and_reading_ends_it(world: World) -> None:
    matter = world.open()
    readers = [world.posts["reader"], world.posts["outsider"]]
    assert (
        services.circulate(matter_id=matter.pk, post_ids=readers, note="For your information", by=world.clerk, at=NOW)
        == 2
    )
    assert services.circulate(matter_id=matter.pk, post_ids=readers, by=world.clerk, at=NOW) == 0
    with acting_as(world.outsider):
        row = next(row for row in queries.circulation(matter.pk) if row["post_id"] == world.posts["outsider"])
    services.mark_read(task_id=row["id"], by=world.outsider, at=NOW)
    with acting_as(SYSTEM):
        marks = {row["post_id"]: bool(row["read_at"]) for row in queries.circulation(matter.pk)}
    assert marks == {world.posts["reader"]: False, world.posts["outsider"]: True}
    with pytest.raises(Refused):
        services.circulate(matter_id=matter.pk, post_ids=readers, by=world.outsider, at=NOW)


def test_sending_a_form_twice_acts_once(world: World) -> None:
    matter = world.open(act_token="one")
    assert world.open(act_token="one").pk == matter.pk
    task = world.task(matter, "draft")
    for _ in range(2):
        services.complete(task_id=task.pk, outcome="SENT", act_token="two", by=world.clerk, at=NOW)
    with pytest.raises(Stale, match="done already"):
        services.complete(task_id=task.pk, outcome="SENT", act_token="three", by=world.clerk, at=NOW)
    with acting_as(SYSTEM):
        assert Opinion.objects.filter(task=task).count() == 1


def test_a_form_printed_before_the_step_changed_is_stale(world: World) -> None:
    matter = world.open()
    task = world.task(matter, "draft")
    services.claim(task_id=task.pk, by=world.clerk, at=NOW)
    with pytest.raises(Stale, match="changed since"):
        services.complete(task_id=task.pk, outcome="SENT", seen_version=task.version, by=world.clerk, at=NOW)


def test_undeclared_data_and_data_of_another_step_are_refused(world: World) -> None:
    with pytest.raises(Refused, match="declares no data"):
        world.open(data={"anything": 1})
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    with pytest.raises(Refused, match="may not set"):
        world.do(matter, "check", "PASS", world.registrar, data={"co_units": []})


def test_watching_shows_nothing_one_may_not_see(world: World, django_assert_num_queries: Any) -> None:
    matter = world.open()
    with pytest.raises(NotThere):
        services.watch(matter_id=matter.pk, by=world.outsider, at=NOW)
    services.watch(matter_id=matter.pk, by=world.registrar, at=NOW)
    services.watch(matter_id=matter.pk, by=world.registrar, at=NOW)
    services.watch(matter_id=matter.pk, on=False, by=world.registrar, at=NOW)


def test_many_are_acted_on_at_once_each_for_itself(world: World) -> None:
    mine, done = world.open(), world.open()
    first, second = world.task(mine, "draft"), world.task(done, "draft")
    world.do(done, "draft", "SENT", world.clerk)
    count, refused = services.act_on_many(act="claim", task_ids=[first.pk, second.pk, 999_999], by=world.clerk, at=NOW)
    assert (count, [task for task, _why in refused]) == (1, [second.pk])
