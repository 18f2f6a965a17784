"""A small world for tests of the record: an office with a clerk and its registrar, and an outsider elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook.models import Provision
from chancery.kernel.access.models import Account, RoleGrant
from chancery.kernel.access.queries import actor_for
from chancery.kernel.access.services import open_guard
from chancery.kernel.directory import services as directory

AT = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)


@dataclass
class World:
    """Who and where. `guard_id` is of a matter that the clerk opened in the office."""

    office_id: int
    elsewhere_id: int
    clerk: Actor
    registrar: Actor
    outsider: Actor
    accounts: dict[str, Account]
    guard_id: int

    def guard(self, by: Actor, unit_id: int | None = None, label: int = 10) -> int:
        return open_guard(unit_id=unit_id or self.office_id, label=label, by=by, at=AT).pk


def build() -> World:
    """The world, written by services as SYSTEM in the running transaction or its own."""
    with acting_as(SYSTEM), transaction.atomic():
        common = {"by": SYSTEM, "at": AT}
        root = directory.create_unit(code="HQ", name_en="Headquarters", name_zh="机关", kind="HEADQUARTERS", **common)
        office, elsewhere = (
            directory.create_unit(code=code, name_en=en, name_zh=zh, kind="DEPARTMENT", parent_id=root.pk, **common)
            for code, en, zh in (("GO", "General Office", "办公厅"), ("IA", "International", "国际部"))
        )
        staff = {}
        for key, unit, en, zh in (
            ("clerk", office, "Tang Wei", "唐薇"),
            ("registrar", office, "Lin Shu", "林舒"),
            ("outsider", elsewhere, "Ma Ke", "马可"),
        ):
            person = directory.add_person(name_en=en, name_zh=zh, is_sample=True, **common)
            post = directory.open_post(unit_id=unit.pk, title_en=key.title(), title_zh="干部", **common)
            directory.appoint(person_id=person.pk, post_id=post.pk, **common)
            account = Account.objects.create(
                email=f"{key}@sample.invalid", person=person, clearance=20, created_at=AT, password=""
            )
            staff[key] = (account, post)
        RoleGrant.objects.create(post=staff["registrar"][1], role="registrar", unit=office, valid_from=TODAY)
        for series, pattern in (("test", "收〔{year}〕{n}号"), ("neutral", "IN-{year}-{n:04}")):
            Provision.objects.create(
                profile=settings.PROFILE,
                key=f"number.{series}",
                value=pattern,
                unit="TEXT",
                valid_from=dt.date(2020, 1, 1),
                name_en=series,
                name_zh=series,
                basis_en="test",
                basis_zh="test",
                created_at=AT,
            )
    actors = {key: actor_for(account, post.pk) for key, (account, post) in staff.items()}
    guard = open_guard(unit_id=office.pk, label=10, by=actors["clerk"], at=AT)
    return World(
        office.pk,
        elsewhere.pk,
        actors["clerk"],
        actors["registrar"],
        actors["outsider"],
        {key: account for key, (account, _post) in staff.items()},
        guard.pk,
    )
