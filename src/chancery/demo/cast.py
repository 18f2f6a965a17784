"""The cast: the sample people that tests, demo and documentation all use.

Every invented act is theirs; the real office-holders of the directory appear as facts only and never get an account.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.db import transaction

from chancery.demo.members import CAST, MEMBERS, UNITS
from chancery.demo.seats import Member, Seat
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.accounts.services import add_second_factor, open_account
from chancery.kernel.access.hats.queries import actor_for
from chancery.kernel.access.roles.models import RoleGrant
from chancery.kernel.access.roles.services import grant_role
from chancery.kernel.directory.models import Person, Post, Unit
from chancery.kernel.directory.services import add_person, appoint, create_unit, open_post

# Known on purpose: accounts with it exist in the demo, on loopback, and in tests. Nowhere else.
PASSWORD = "sample-people-only"  # noqa: S105 - see above
DECISION = "Sample / 样例"
# Sample posts begin early enough for the demo's past.
SINCE = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Cast:
    """The cast as Actors: `cast.registrar`, `cast["registrar"]`, `cast.under("two_hats", "EC")`.

    `cast.two_hats` acts in Academic and Societies Affairs, `cast.two_hats_enterprise` in Enterprise Cooperation.
    """

    accounts: dict[str, Account]
    posts: dict[tuple[str, str], int] = field(default_factory=dict)  # (key, unit code) → post
    units: dict[str, int] = field(default_factory=dict)  # unit code → unit

    def under(self, key: str, unit: str) -> Actor:
        """The member in the post they hold in that unit."""
        return actor_for(self.accounts[key], self.posts[key, unit])

    def __getitem__(self, key: str) -> Actor:
        return self.under(key, MEMBERS[key].seats[0].unit)

    def __getattr__(self, key: str) -> Actor:
        if key == "two_hats_enterprise":
            return self.under("two_hats", "EC")
        if key not in MEMBERS:
            raise AttributeError(key)
        return self[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.accounts)


def build_cast(*, at: dt.datetime, by: Actor = SYSTEM, since: dt.date = SINCE, password: str | None = None) -> Cast:
    """Make what is missing of the cast (people, posts, holdings, roles, accounts) and return it. Safe to run again.

    Without a `password` the accounts cannot be signed in to with one: only the demo's side door opens them.
    """
    with acting_as(by), transaction.atomic():
        units = _units(by, at, since)
        accounts: dict[str, Account] = {}
        posts: dict[tuple[str, str], int] = {}
        for member in CAST:
            person, is_new = _person(member, by, at)
            for seat in member.seats:
                post = _post(units[seat.unit], seat, by, at, since)
                posts[member.key, seat.unit] = post.pk
                if is_new:
                    appoint(person_id=person.pk, post_id=post.pk, on=since, decision=DECISION, by=by, at=at)
                    _grant(post, seat, units, by, at, since)
            accounts[member.key] = _account(member, person, password, by, at)
    return Cast(accounts, posts, units)


def load_cast() -> Cast:
    """The cast as it stands, without making anything."""
    codes = {(seat.unit, seat.code): member.key for member in CAST for seat in member.seats}
    with acting_as(SYSTEM), transaction.atomic():
        accounts = {m.key: Account.objects.get(email=m.email) for m in CAST}
        rows = list(Post.objects.filter(code__startswith="sample-").values_list("pk", "unit__code", "code"))
        units = dict(Unit.objects.filter(code__in=[unit[0] for unit in UNITS]).values_list("code", "pk"))
    posts = {(codes[unit, code], unit): pk for pk, unit, code in rows if (unit, code) in codes}
    return Cast(accounts, posts, units)


def _units(by: Actor, at: dt.datetime, since: dt.date) -> dict[str, int]:
    units = dict(Unit.objects.filter(code__in=[unit[0] for unit in UNITS]).values_list("code", "pk"))
    for place, (code, above, name_en, name_zh, kind) in enumerate(UNITS):
        if code not in units:
            units[code] = create_unit(
                code=code,
                name_en=name_en,
                name_zh=name_zh,
                kind=kind,
                parent_id=units[above] if above else None,
                position=place,
                on=since,
                decision=DECISION,
                by=by,
                at=at,
            ).pk
    return units


def _person(member: Member, by: Actor, at: dt.datetime) -> tuple[Person, bool]:
    code = f"sample-{member.key.replace('_', '-')}"
    found = Person.objects.filter(code=code).first()
    if found is not None:
        return found, False
    made = add_person(name_en=member.name_en, name_zh=member.name_zh, code=code, is_sample=True, by=by, at=at)
    return made, True


def _post(unit_id: int, seat: Seat, by: Actor, at: dt.datetime, since: dt.date) -> Post:
    found = Post.objects.filter(unit_id=unit_id, code=seat.code).first()
    return found or open_post(
        unit_id=unit_id,
        title_en=seat.title_en,
        title_zh=seat.title_zh,
        code=seat.code,
        position=900,
        on=since,
        decision=DECISION,
        by=by,
        at=at,
    )


def _grant(post: Post, seat: Seat, units: dict[str, int], by: Actor, at: dt.datetime, since: dt.date) -> None:
    for role, unit in seat.roles:
        if not RoleGrant.objects.filter(post=post, role=role, unit_id=units[unit]).exists():
            grant_role(post_id=post.pk, role=role, unit_id=units[unit], valid_from=since, note=DECISION, by=by, at=at)


def _account(member: Member, person: Person, password: str | None, by: Actor, at: dt.datetime) -> Account:
    account = Account.objects.filter(person=person).first() or open_account(
        email=member.email, person_id=person.pk, password=password, clearance=member.clearance, by=by, at=at
    )
    if member.second_factor and not Authenticator.objects.filter(user=account).exists():
        add_second_factor(account_id=account.pk, by=by, at=at)
    return account
