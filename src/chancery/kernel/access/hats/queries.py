"""The hats of an account, and the Actor under one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from chancery.foundations import clock
from chancery.foundations.actor import Actor, ActorKind, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.words import words
from chancery.kernel.access.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Hat:
    """A post its holder can act in today."""

    post_id: int
    title_en: str
    title_zh: str
    unit_id: int
    unit_en: str
    unit_zh: str
    kind: str
    roles: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The post, in the reader's language."""
        return words({"title_en": self.title_en, "title_zh": self.title_zh}, "title")

    @property
    def unit(self) -> str:
        """The acting body, in the reader's language."""
        return words({"unit_en": self.unit_en, "unit_zh": self.unit_zh}, "unit")


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """An account's person and hats on a day."""

    account_id: int
    clearance: int
    second_factor_roles: tuple[str, ...] = ()
    person_id: int | None = None
    person_en: str = ""
    person_zh: str = ""
    hats: tuple[Hat, ...] = field(default=())

    @property
    def name(self) -> str:
        """The person, in the reader's language."""
        return words({"name_en": self.person_en, "name_zh": self.person_zh})

    @property
    def second_factor_due(self) -> bool:
        """A role of one of the hats demands a second factor, and the account has none."""
        return any(role in self.second_factor_roles for hat in self.hats for role in hat.roles)

    def hat(self, post_id: int | None) -> Hat | None:
        """The hat of that post, if it is held today."""
        return next((hat for hat in self.hats if hat.post_id == post_id), None)

    def actor(self, post_id: int | None, *, scopes: frozenset[str] | None = None) -> Actor:
        """The Actor under that hat; under none (post_id None) when the post is not held today."""
        hat = self.hat(post_id)
        return Actor(
            kind=ActorKind.PERSON,
            account_id=self.account_id,
            person_id=self.person_id,
            post_id=hat.post_id if hat else None,
            body_id=hat.unit_id if hat else None,
            clearance=Clearance(self.clearance),
            name=self.name,
            post_title=hat.title if hat else "",
            body_name=hat.unit if hat else "",
            scopes=scopes,
        )


def wardrobe(account_id: int, on: dt.date | None = None) -> Wardrobe | None:
    """The person and hats of an active account, in one query; None when it may not sign in.

    Asked before anyone is stamped, so the database function reads as owner.
    """
    with connection.cursor() as cursor:
        cursor.execute("select * from access_wardrobe(%s, %s, %s)", [account_id, on or clock.today(), settings.PROFILE])
        rows = cursor.fetchall()
    if not rows:
        return None
    clearance, second_factor_roles, person_id, person_en, person_zh = rows[0][:5]
    hats = tuple(
        Hat(
            post_id=row[5],
            title_en=row[6],
            title_zh=row[7],
            unit_id=row[8],
            unit_en=row[9],
            unit_zh=row[10],
            kind=row[11],
            roles=tuple(row[12]),
        )
        for row in rows
        if row[5] is not None
    )
    return Wardrobe(
        account_id, clearance, tuple(second_factor_roles), person_id, person_en or "", person_zh or "", hats
    )


def actor_for(account: Account, post_id: int | None = None) -> Actor:
    """The account's Actor under a hat held today; under its only or first hat when `post_id` is None."""
    found = wardrobe(account.pk)
    if found is None:
        return Actor(kind=ActorKind.PERSON, account_id=account.pk, clearance=Clearance.PUBLIC)
    if post_id is None and found.hats:
        post_id = found.hats[0].post_id
    return found.actor(post_id)


# What is waiting under a hat, told by the instrument above that knows work (kernel.procedures).
_waiting: list[Callable[[Actor], int]] = []


def count_work_with(count: Callable[[Actor], int]) -> None:
    """Register the count of open work that is shown beside each other hat. Called under that hat's stamp."""
    _waiting[:] = [count]


def waiting_under(actor: Actor) -> int:
    """How much work waits for the actor's hat."""
    if not _waiting or actor.post_id is None:
        return 0
    with acting_as(actor):
        return _waiting[0](actor)


def roles_of(by: Actor) -> frozenset[str]:
    """The roles the hat answers with today, deputised ones included (for menus; doors ask `rules.holds_role`)."""
    if not by.is_person or by.post_id is None:
        return frozenset()
    with acting_as(by), connection.cursor() as cursor:
        cursor.execute("select access_my_roles()")
        row = cursor.fetchone()
    return frozenset(row[0]) if row else frozenset()


def actor_of(person_id: int, post_id: int | None = None) -> Actor | None:
    """The Actor of a person who has an account."""
    account = Account.objects.filter(person_id=person_id, is_active=True).first()
    return actor_for(account, post_id) if account else None
