"""Random verbs by random people in random order: whatever they do, the law of the instrument holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import queries, services
from chancery.kernel.procedures.engine.machine import Machine
from chancery.kernel.procedures.matters.models import Matter, Opinion, Standing, Task
from chancery.kernel.procedures.moving.queries import NotThere
from chancery.kernel.procedures.tests.world import NOW, World

WHO = ("clerk", "clerk_too", "registrar", "head", "go_deputy", "as_deputy", "as_clerk", "reader", "outsider")
VERBS = (
    "complete", "complete", "complete", "complete", "claim", "release", "return", "recall", "delegate", "add",
    "pause", "resume", "close", "reopen", "urge", "circulate", "read", "timers", "extend",
)  # fmt: skip
PERSON = st.one_of(st.just("right"), st.just("right"), st.sampled_from(WHO))
ACTS = st.lists(st.tuples(st.sampled_from(VERBS), PERSON, st.integers(0, 99)), min_size=10, max_size=40)


def answering(world: World, task: Task) -> Actor:
    """Someone the task is really with (or who did it)."""
    if task.doer_person_id:
        return next(by for by in world.people.values() if by.person_id == task.doer_person_id)
    if task.post_id:
        return next(by for by in world.people.values() if by.post_id == task.post_id)
    unit = next(code for code, pk in world.units.items() if pk == task.unit_id)
    name = {"clerk": "clerk", "registrar": "registrar", "head": "head"}.get(task.role) or f"{unit.lower()}_deputy"
    return world.people.get(name, world.hq_head)


def do(world: World, matter: Matter, verb: str, who: str, dice: int, at: dt.datetime) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        tasks = list(Task.objects.filter(matter=matter).order_by("id"))
    task = tasks[dice % len(tasks)]
    waiting = [task for task in tasks if task.done_at is None]
    if who == "right" and waiting and verb not in {"recall"}:
        task = waiting[dice % len(waiting)]
    by = answering(world, task) if who == "right" else world.people[who]
    step = queries.binding_of("everything").steps.get(task.step)
    outcomes = list(step.outcomes) if step else ["READ"]
    post = list(world.posts.values())[dice % len(world.posts)]
    steps = list(queries.binding_of("everything").steps)
    acts: dict[str, Callable[[], Any]] = {
        "complete": lambda: services.complete(
            task_id=task.pk, outcome=outcomes[dice % len(outcomes)], opinion="o", by=by, at=at
        ),
        "claim": lambda: services.claim(task_id=task.pk, by=by, at=at),
        "release": lambda: services.release(task_id=task.pk, by=by, at=at),
        "return": lambda: services.return_to(task_id=task.pk, step=steps[dice % len(steps)], reason="r", by=by, at=at),
        "recall": lambda: services.recall(task_id=task.pk, reason="r", by=by, at=at),
        "delegate": lambda: services.delegate(task_id=task.pk, post_id=post, reason="r", by=by, at=at),
        "add": lambda: services.add_signer(task_id=task.pk, item=world.units["IA"], reason="r", by=by, at=at),
        "pause": lambda: services.pause(matter_id=matter.pk, reason="r", by=by, at=at),
        "resume": lambda: services.resume(matter_id=matter.pk, by=by, at=at),
        "close": lambda: services.close(matter_id=matter.pk, reason="r", by=by, at=at),
        "reopen": lambda: services.reopen(matter_id=matter.pk, step=steps[dice % len(steps)], reason="r", by=by, at=at),
        "urge": lambda: services.urge(matter_id=matter.pk, by=by, at=at),
        "circulate": lambda: services.circulate(matter_id=matter.pk, post_ids=[post], by=by, at=at),
        "read": lambda: services.mark_read(task_id=task.pk, by=by, at=at),
        "timers": lambda: services.run_timers(matter_id=matter.pk, by=SYSTEM, at=at + dt.timedelta(days=dice % 9)),
        "extend": lambda: services.ask_extension(task_id=task.pk, days=1, reason="r", by=by, at=at),
    }
    try:
        with transaction.atomic():
            acts[verb]()
    except (Refused, NotThere):
        return


def hold(matter: Matter, said_before: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The law: engine and tasks agree, nothing said is lost, ended tasks have an end, the chain is unbroken."""
    with acting_as(SYSTEM), transaction.atomic():
        now = Matter.objects.select_related("definition").get(pk=matter.pk)
        body = Standing.objects.get(pk=matter.pk).body
        machine = Machine.restore(queries.plan_for(now), body, now=NOW)
        waiting = dict(Task.objects.filter(matter=matter, done_at=None, key__isnull=False).values_list("key", "step"))
        positions = {position.key: position.step for position in machine.positions()}
        if now.state == "CLOSED":
            assert waiting == {}
            assert (now.closed_how == "RUN") is (machine.is_complete and positions == {})
        else:
            assert waiting == positions, (now.state, waiting, positions)
            assert positions or machine.next_timer() is not None or not machine.is_complete
        assert machine.dump() == body, "the stored form is not what it restores to"
        said = list(Opinion.objects.filter(matter=matter).order_by("id").values_list("id", "text"))
        assert said[: len(said_before)] == said_before, "an opinion was lost or changed"
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*), max(seq) from journal_entry where subject = %s", [f"procedures.matter:{matter.pk}"]
            )
            count, last = cursor.fetchone()
        assert count == last, "the journal's chain has a hole"
    return said


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=ACTS)
def test_whatever_people_do_the_law_holds(world: World, acts: list[tuple[str, str, int]]) -> None:
    with transaction.atomic():
        matter = world.open(
            data={
                "co_units": [world.units["AS"], world.units["GO"]],
                "readers": [world.posts["reader"]],
                "signers": [world.posts["clerk_too"], world.posts["as_clerk"]],
            }
        )
        said: list[tuple[int, str]] = []
        at = NOW
        for verb, who, dice in acts:
            at += dt.timedelta(hours=dice % 7)
            do(world, matter, verb, who, dice, at)
            said = hold(matter, said)
        transaction.set_rollback(True)


def test_the_random_people_really_get_somewhere(world: World) -> None:
    """The guard of the test above: its verbs do succeed."""
    matter = world.open()
    do(world, matter, "complete", "clerk", 0, NOW)
    assert world.waiting(matter) == ["check", "countersign", "countersign"]
