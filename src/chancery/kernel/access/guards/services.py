"""Opening guards, adding and ending readers, relabelling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.journal.services import write as journal_write
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.guards import rules
from chancery.kernel.access.guards.models import Guard, GuardBar, GuardReader


class NoSuchGuard(Refused):
    """The guard does not exist or is not visible to the actor: the two look alike on purpose."""


def _seen(guard_id: int) -> Guard:
    guard = Guard.objects.select_for_update().filter(pk=guard_id).first()
    if guard is None:
        raise NoSuchGuard(_("There is nothing here that you may see."))
    return guard


@service
def open_guard(
    *,
    unit_id: int,
    label: int,
    scope: str = "",
    by: Actor,
    at: dt.datetime,
    is_public: bool = False,
    is_narrow: bool = False,
) -> Guard:
    """A guard for something new in `unit_id`, opened by the actor's post. `scope` is the procedure's code, if any.

    `is_narrow`: those who oversee the unit do not see it, only its opener and readers.
    """
    rules.may_open(by, label).demand()
    return Guard.objects.create(
        unit_id=unit_id,
        label=label,
        scope=scope,
        opened_post_id=by.post_id,
        opened_account_id=by.account_id,
        is_public=is_public,
        is_narrow=is_narrow,
    )


@service
def add_reader(
    *,
    guard_id: int,
    post_id: int | None = None,
    role: str | None = None,
    unit_id: int | None = None,
    how: str,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Let a post, or whoever answers for `role` in `unit_id`, read what the guard keeps. Twice is as good as once."""
    add_readers(guard_id=guard_id, readers=[(post_id, role, unit_id)], how=how, by=by, at=at)


@service
def add_readers(
    *,
    guard_id: int,
    readers: list[tuple[int | None, str | None, int | None]],
    how: str,
    by: Actor,
    at: dt.datetime,
) -> None:
    """`add_reader` for several (post, role, unit) at once, in one statement."""
    GuardReader.objects.bulk_create(
        [
            GuardReader(guard_id=guard_id, post_id=post_id, role=role, unit_id=unit_id, how=how, since=at)
            for post_id, role, unit_id in readers
        ],
        ignore_conflicts=True,
    )


@service
def add_reader_to_guards(
    *, guard_ids: Collection[int], role: str, unit_id: int, how: str, by: Actor, at: dt.datetime
) -> None:
    """Let whoever answers for `role` in `unit_id` read what many guards keep, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into access_guardreader (guard_id, role, unit_id, how, since)"
            " select g, %s, %s, %s, %s from unnest(%s::bigint[]) g on conflict do nothing",
            [role, unit_id, how, at, sorted(set(guard_ids))],
        )


@service
def end_reader(
    *,
    guard_id: int,
    post_id: int | None = None,
    role: str | None = None,
    unit_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Take a reader off, e.g. after a recall; returns how many were. What was read stays known."""
    who: dict[str, int | str | None] = {"post_id": post_id, "role": role, "unit_id": unit_id}
    return GuardReader.objects.filter(guard_id=guard_id, ended_at=None, **who).update(ended_at=at)


@service
def bar_from_guard(
    *,
    guard_id: int,
    person_ids: Collection[int] = (),
    unit_ids: Collection[int] = (),
    how: str,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Keep people, or everybody of a unit and below, from what the guard keeps, in whichever post they act. Twice is as
    good as once. A barred actor sees nothing of it from here on: bar last."""
    GuardBar.objects.bulk_create(
        [
            *(GuardBar(guard_id=guard_id, person_id=one, how=how, since=at) for one in person_ids),
            *(GuardBar(guard_id=guard_id, unit_id=one, how=how, since=at) for one in unit_ids),
        ],
        ignore_conflicts=True,
    )


@service
def lift_bars(*, guard_id: int, how: str, person_id: int | None = None, by: Actor, at: dt.datetime) -> int:
    """End the bars of a kind, of one person or of all; returns how many were. By the system's hand, for the verb that
    has asked who may."""
    standing = GuardBar.objects.filter(guard_id=guard_id, how=how, ended_at=None)
    if person_id is not None:
        standing = standing.filter(person_id=person_id)
    return standing.update(ended_at=at)


@service
def relabel(*, guard_id: int, label: int, by: Actor, at: dt.datetime) -> None:
    """Change how confidential the guarded thing is. Its opener and those who oversee its unit may."""
    guard = _seen(guard_id)
    rules.may_open(by, label).demand()
    if guard.label == label:
        return
    before, guard.label = guard.label, label
    guard.save(update_fields=["label"])
    journal_write(
        by=by, at=at, act="guard.relabelled", on=guard, guard_id=guard.pk, data={"before": before, "label": label}
    )


@service
def move_guard(*, guard_id: int, unit_id: int, by: Actor, at: dt.datetime) -> None:
    """Hand the guarded thing to another unit: its head and registrar see it from now on."""
    guard = _seen(guard_id)
    if guard.unit_id == unit_id:
        return
    before, guard.unit_id = guard.unit_id, unit_id
    guard.save(update_fields=["unit"])
    journal_write(
        by=by, at=at, act="guard.moved", on=guard, guard_id=guard.pk, data={"before": before, "unit": unit_id}
    )
