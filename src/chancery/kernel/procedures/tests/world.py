"""A small known world: one headquarters, three offices, everyone with one job."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, ActorKind
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook.models import Provision
from chancery.foundations.rulebook.services import load_all
from chancery.kernel.access.models import Account
from chancery.kernel.access.roles.models import RoleGrant
from chancery.kernel.directory import services as directory
from chancery.kernel.procedures import services
from chancery.kernel.procedures.matters.models import Matter, Task

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # Monday, ten in the morning at headquarters


@dataclass
class World:
    """People by name, units and posts by code."""

    people: dict[str, Actor] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def open(self, by: Actor | None = None, at: dt.datetime = NOW, **more: Any) -> Matter:
        given: dict[str, Any] = {
            "procedure": "everything",
            "title": "A notice on statistics",
            "unit_id": self.units["PF"],
            "data": {
                "co_units": [self.units["AS"], self.units["GO"]],
                "readers": [self.posts["reader"]],
                "signers": [],
            },
            "due_on": dt.date(2026, 12, 4),
        }
        return services.open_matter(**{**given, **more}, by=by or self.clerk, at=at)

    def task(self, matter: Matter, step: str, *, unit: str = "", post: str = "", state: str = "") -> Task:
        with acting_as(SYSTEM), transaction.atomic():
            rows = Task.objects.filter(matter=matter, step=step)
            rows = rows.filter(state=state) if state else rows.filter(done_at=None)
            if unit:
                rows = rows.filter(unit_id=self.units[unit])
            if post:
                rows = rows.filter(post_id=self.posts[post])
            return rows.latest("id")

    def do(self, matter: Matter, step: str, outcome: str, by: Actor, at: dt.datetime = NOW, **more: Any) -> Task:
        place = {key: more.pop(key) for key in ("unit", "post") if key in more}
        task = self.task(matter, step, **place)
        services.complete(task_id=task.pk, outcome=outcome, by=by, at=at, **more)
        return task

    def waiting(self, matter: Matter) -> list[str]:
        with acting_as(SYSTEM), transaction.atomic():
            return sorted(
                Task.objects.filter(matter=matter, done_at=None, key__isnull=False).values_list("step", flat=True)
            )

    def signed(self, matter: Matter) -> None:
        """Bring a matter to just after the signature."""
        self.do(matter, "draft", "SENT", self.clerk)
        self.do(matter, "check", "PASS", self.registrar)
        self.do(matter, "countersign", "AGREE", self.as_deputy, unit="AS")
        self.do(matter, "countersign", "AGREE", self.go_deputy, unit="GO")
        self.do(matter, "sign", "SIGN", self.head)


PEOPLE = {  # name: (unit, post title, [(role, over)])
    "clerk": ("PF", "Clerk", [("clerk", "PF")]),
    "clerk_too": ("PF", "Second clerk", [("clerk", "PF")]),
    "head": ("PF", "Head", [("head", "PF")]),
    "registrar": ("GO", "Registrar", [("registrar", "HQ")]),
    "go_deputy": ("GO", "Deputy head", [("deputy_head", "GO")]),
    "as_deputy": ("AS", "Deputy head", [("deputy_head", "AS")]),
    "as_clerk": ("AS", "Clerk", [("clerk", "AS")]),
    "reader": ("AS", "Reader", []),
    "outsider": ("IA", "Outsider", [("clerk", "IA")]),
    "hq_head": ("HQ", "Secretary general", []),
}


def build(at: dt.datetime = NOW) -> World:
    world = World()
    with acting_as(SYSTEM), clock.fixed_at(at), transaction.atomic():
        load_all(by=SYSTEM, at=at)
        for urgency, days in (("normal", 3), ("urgent", 1), ("extra_urgent", 1)):
            Provision.objects.create(
                profile=settings.PROFILE,
                key=f"test.check.{urgency}",
                name_en="Check",
                name_zh="核稿",
                value=str(days),
                unit="WD",
                valid_from=dt.date(2020, 1, 1),
                basis_en="test",
                basis_zh="测试",
                created_at=at,
            )
        since = dt.date(2024, 1, 1)
        for code, parent in (("HQ", None), ("GO", "HQ"), ("PF", "HQ"), ("AS", "HQ"), ("IA", "HQ")):
            unit = directory.create_unit(
                code=f"T-{code}",
                name_en=f"Office {code}",
                name_zh=f"{code}部",
                kind="DEPARTMENT",
                parent_id=world.units.get(parent or ""),
                on=since,
                decision="test",
                by=SYSTEM,
                at=at,
            )
            world.units[code] = unit.pk
        for name, (unit_code, title, grants) in PEOPLE.items():
            add_person(world, name, unit_code, title, grants, since=since, at=at)
    return world


def add_person(
    world: World,
    name: str,
    unit_code: str,
    title: str,
    grants: list[tuple[str, str]],
    *,
    since: dt.date,
    at: dt.datetime,
) -> Actor:
    with acting_as(SYSTEM), transaction.atomic():
        post = directory.open_post(
            unit_id=world.units[unit_code],
            title_en=title,
            title_zh=f"{title}岗",
            code=name,
            on=since,
            decision="test",
            by=SYSTEM,
            at=at,
        )
        person = directory.add_person(
            name_en=name.title(), name_zh=f"{name}某", code=f"t-{name}", is_sample=True, by=SYSTEM, at=at
        )
        directory.appoint(person_id=person.pk, post_id=post.pk, on=since, decision="test", by=SYSTEM, at=at)
        account = Account.objects.create(email=f"{name}@example.test", person=person, clearance=20, created_at=at)
        for role, over in grants:
            RoleGrant.objects.create(post=post, role=role, unit_id=world.units[over], valid_from=since)
        world.posts[name] = post.pk
        actor = Actor(
            kind=ActorKind.PERSON,
            account_id=account.pk,
            person_id=person.pk,
            post_id=post.pk,
            body_id=world.units[unit_code],
            clearance=20,
            name=person.name_en,
            post_title=title,
            body_name=unit_code,
        )
        world.people[name] = actor
    return actor
