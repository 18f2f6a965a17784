"""Pages ask the database as often for thirty rows as for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.directory import services as directory
from chancery.kernel.procedures import services
from chancery.kernel.procedures.notices.models import Notice
from chancery.kernel.procedures.tests.test_pages import enter, words_of
from chancery.kernel.procedures.tests.world import NOW, World, add_person

SINCE = dt.date(2024, 1, 1)


def asked(visit: Callable[[], Any]) -> list[str]:
    """The statements of a visit; the first visit, which fills what is remembered, does not count."""
    visit()
    with CaptureQueriesContext(connection) as seen:
        assert visit().status_code == 200
    return [query["sql"] for query in seen.captured_queries]


def same(one: list[str], many: list[str]) -> None:
    assert len(one) == len(many), "\n".join(sql[:200] for sql in many)


def readers(world: World, many: int) -> list[Actor]:
    return [
        add_person(world, f"reader_{number}", "AS", f"Reader {number}", [], since=SINCE, at=NOW)
        for number in range(many)
    ]


def hear(world: World, matter: Any, people: list[Actor]) -> None:
    """Send a matter round; everybody says something and is sent it for a word more."""
    posts = [person.post_id for person in people if person.post_id is not None]
    services.circulate(matter_id=matter.pk, post_ids=posts, by=world.clerk, at=NOW)
    for person in people:
        task = world.task(matter, "", post=next(name for name, post in world.posts.items() if post == person.post_id))
        services.mark_read(task_id=task.pk, by=person, at=NOW)


def back_and_forth(world: World, matter: Any) -> None:
    """One more round of checking and mending: two tasks, two opinions."""
    world.do(matter, "check", "FAULTY", world.registrar, opinion="Once more, please.")
    world.do(matter, "fix", "DONE", world.clerk, opinion="Done.")


@pytest.mark.parametrize("who", ["clerk", "registrar", "reader"])
def test_the_matter_page_with_tasks_opinions_and_readers(world: World, who: str) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    people = readers(world, 30)
    hear(world, matter, [world.reader, people[0]])
    back_and_forth(world, matter)
    client = enter(world.people[who])

    def visit() -> Any:
        return client.get(f"/matters/{matter.pk}/")

    one = asked(visit)
    hear(world, matter, people[1:])
    for _ in range(15):
        back_and_forth(world, matter)
    same(one, asked(visit))
    assert words_of(visit()).count("Once more, please.") == 16


def test_the_matter_page_where_much_is_asked_of_one(world: World) -> None:
    """Who answers for many units is asked for each."""
    units = ["AS", "GO", "PF", "IA"]
    grants = [("deputy_head", unit) for unit in units]
    add_person(world, "chief", "HQ", "Chief", grants, since=SINCE, at=NOW)
    client = enter(world.chief)

    def visit(units: list[str]) -> Callable[[], Any]:
        lists = {"co_units": [world.units[code] for code in units], "readers": [], "signers": []}
        matter = world.open(data=lists)
        world.do(matter, "draft", "SENT", world.clerk)
        return lambda: client.get(f"/matters/{matter.pk}/")

    one, many = visit(["AS"]), visit(units)
    same(asked(one), asked(many))
    assert words_of(many()).count("Asked of you: Countersign") == 4


def test_the_notices(world: World) -> None:
    client = enter(world.clerk)
    for more in (1, 29):
        for number in range(more):
            matter = world.open(title=f"Matter {more}.{number}")
            services.urge(matter_id=matter.pk, note="Please", by=world.clerk_too, at=NOW)
        if more == 1:
            one = asked(lambda: client.get("/notices/"))
            lines = asked(lambda: client.get("/notices/", headers={"hx-request": "true"}))
    same(one, asked(lambda: client.get("/notices/")))
    same(lines, asked(lambda: client.get("/notices/", headers={"hx-request": "true"})))
    with acting_as(SYSTEM):
        assert Notice.objects.filter(seen_at=None).count() >= 30


def test_the_outbox(world: World, settings: Any) -> None:
    settings.DEMO = True
    client = enter(world.clerk)

    def write(number: int) -> None:
        services.write_mail(
            to_email=f"m{number}@example.test", subject=f"Mail no. {number}.", text="Words", by=SYSTEM, at=NOW
        )

    write(0)
    one = asked(lambda: client.get("/outbox/"))
    for number in range(1, 30):
        write(number)
    same(one, asked(lambda: client.get("/outbox/")))
    assert "Mail no. 29." in words_of(client.get("/outbox/"))


def test_what_nobody_answers(world: World) -> None:
    client = enter(world.registrar)

    def ask(numbers: range) -> None:
        """Countersigning is asked of units that have nobody."""
        with acting_as(SYSTEM):
            units = [
                directory.create_unit(
                    code=f"empty-{number}", name_en=f"Empty {number}", kind="DEPARTMENT",
                    on=SINCE, decision="test", by=SYSTEM, at=NOW,
                ).pk
                for number in numbers
            ]  # fmt: skip
        matter = world.open(data={"co_units": units, "readers": [], "signers": []})
        world.do(matter, "draft", "SENT", world.clerk)

    ask(range(1))
    one = asked(lambda: client.get("/inbox/nobody/"))
    ask(range(1, 30))
    same(one, asked(lambda: client.get("/inbox/nobody/")))
    assert words_of(client.get("/inbox/nobody/")).count("Empty ") == 30


@pytest.mark.parametrize("path", ["/procedures/", "/procedures/everything/"])
def test_a_procedures_figures(world: World, path: str) -> None:
    client = enter(world.clerk)
    world.open()
    one = asked(lambda: client.get(path))
    for _ in range(9):
        world.signed(world.open())
    same(one, asked(lambda: client.get(path)))
