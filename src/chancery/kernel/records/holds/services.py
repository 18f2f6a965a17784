"""Placing, widening, reviewing and lifting holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access.services import add_readers, open_guard
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.holds import queries, rules
from chancery.kernel.records.holds.models import Hold, HoldCover
from chancery.kernel.records.holds.terms import HOLD_KEEPER, HoldKind


@dataclass(frozen=True, slots=True)
class Cover:
    """What a hold shall cover: one item, or all of a fonds narrowed by class, unit and years."""

    item_id: int | None = None
    fonds_id: int | None = None
    class_code: str = ""
    unit_id: int | None = None
    from_year: int | None = None
    to_year: int | None = None


class NoSuchHold(Refused):
    """The hold does not exist for the actor."""


@service
def place_hold(
    *,
    kind: str,
    title: str,
    reason: str,
    basis: str,
    review_on: dt.date | None,
    covers: Sequence[Cover],
    unit_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> Hold:
    """Keep what is covered, now and to come, from disposal until the hold is lifted.

    `unit_id`: whose hold it is, when the system places one; else the actor's own unit's.
    """
    rules.may_keep_holds(by).demand()
    rules.says_why(title, reason, basis).demand()
    _is_review_day(review_on, clock.date_of(at))
    rules.covers_something(len(covers)).demand()
    if kind not in HoldKind.values:
        raise rules.HoldRefused(_("Choose the kind of hold."), field="kind")
    unit_id = unit_id if by.is_system else by.body_id
    if unit_id is None:
        raise rules.HoldRefused(_("Choose the post you act in first."))
    guard = open_guard(unit_id=unit_id, label=Clearance.RESTRICTED, by=by, at=at)
    add_readers(guard_id=guard.pk, readers=[(None, HOLD_KEEPER, unit_id)], how="hold", by=by, at=at)
    hold = Hold.objects.create(
        guard=guard,
        kind=kind,
        title=title.strip(),
        reason=reason.strip(),
        basis=basis.strip(),
        placed_at=at,
        placed_person_id=by.person_id,
        review_on=review_on,  # type: ignore[misc]  # the rule refused None
    )
    many = _cover(hold, covers)
    data = {"kind": kind, "basis": hold.basis, "review_on": str(review_on), "covers": many}
    journal.write(by=by, at=at, act="hold.placed", on=hold, data=data)
    return hold


@service
def add_covers(*, hold_id: int, covers: Sequence[Cover], by: Actor, at: dt.datetime) -> Hold:
    """Let a standing hold cover more. It never covers less: that would be lifting by pieces."""
    rules.may_keep_holds(by).demand()
    hold = _standing(hold_id)
    rules.covers_something(len(covers)).demand()
    # The hold's row first, its covers after it: disposal locks in this order as well.
    hold.version += 1
    hold.save(update_fields=["version"])
    many = _cover(hold, covers)
    journal.write(by=by, at=at, act="hold.covered", on=hold, data={"covers": many})
    return hold


@service
def review_hold(*, hold_id: int, review_on: dt.date | None, note: str, by: Actor, at: dt.datetime) -> Hold:
    """Say that the hold is still needed and why, and when somebody looks again."""
    rules.may_keep_holds(by).demand()
    hold = _standing(hold_id)
    _is_review_day(review_on, clock.date_of(at))
    if not note.strip():
        raise rules.HoldRefused(_("Say why it is still needed."), field="note")
    before, hold.review_on = hold.review_on, review_on  # type: ignore[assignment]  # the rule refused None
    hold.version += 1
    hold.save(update_fields=["review_on", "version"])
    data = {"before": before.isoformat(), "review_on": str(review_on), "note": note.strip()}
    journal.write(by=by, at=at, act="hold.reviewed", on=hold, data=data)
    return hold


@service
def lift_hold(*, hold_id: int, reason: str, seen_version: int | None = None, by: Actor, at: dt.datetime) -> Hold:
    """End a hold: another keeper than the one who placed it, with the reason."""
    rules.may_keep_holds(by).demand()
    hold = _standing(hold_id)
    if seen_version is not None and seen_version != hold.version:
        raise Stale(_("The hold was changed since you looked at it. Look again."))
    rules.may_lift(by, hold, reason).demand()
    hold.lifted_at, hold.lifted_person_id, hold.lifted_reason = at, by.person_id, reason.strip()
    hold.version += 1
    hold.save(update_fields=["lifted_at", "lifted_person", "lifted_reason", "version"])
    journal.write(by=by, at=at, act="hold.lifted", on=hold, data={"reason": hold.lifted_reason})
    return hold


def longest_review(today: dt.date) -> dt.date:
    """The last day on which a hold must have been looked at again."""
    return today + dt.timedelta(days=rulebook.days("records.hold.review", on=today))


def _is_review_day(review_on: dt.date | None, today: dt.date) -> None:
    rules.is_reviewed_on(review_on, today, longest_review(today)).demand()


def _standing(hold_id: int) -> Hold:
    hold = Hold.objects.select_for_update().filter(pk=hold_id).first()
    if hold is None:
        raise NoSuchHold(_("There is no such hold."))
    rules.is_standing(hold).demand()
    return hold


def _cover(hold: Hold, covers: Sequence[Cover]) -> int:
    """Write down what is covered; how much of it was new."""
    known = set(HoldCover.objects.filter(hold=hold, item__isnull=False).values_list("item_id", flat=True))
    wanted = list(dict.fromkeys(covers))
    items = {one.item_id for one in wanted if one.item_id is not None}
    if items and ArchivalItem.objects.filter(pk__in=items).count() != len(items):
        raise rules.HoldRefused(_("There is no such item."), field="codes")
    for one in wanted:
        _is_sound(one)
    fresh = [one for one in wanted if one.item_id not in known or one.item_id is None]
    HoldCover.objects.bulk_create(
        HoldCover(
            hold=hold,
            item_id=one.item_id,
            fonds_id=one.fonds_id,
            class_code=one.class_code,
            unit_id=one.unit_id,
            from_year=one.from_year,
            to_year=one.to_year,
        )
        for one in fresh
    )
    return len(fresh)


def _is_sound(one: Cover) -> None:
    if one.item_id is not None:
        return
    if one.fonds_id is None:
        raise rules.HoldRefused(_("Choose the fonds."), field="fonds")
    if one.class_code and not queries.is_class_of(one.fonds_id, one.class_code):
        raise rules.HoldRefused(
            _("The file plan has no class %(code)s.") % {"code": one.class_code}, field="class_code"
        )
    if one.from_year and one.to_year and one.to_year < one.from_year:
        raise rules.HoldRefused(_("The last year comes before the first."), field="to_year")
