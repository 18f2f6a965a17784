"""The verbs of holdings: appoint, act for, end, correct."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.directory import rules
from chancery.kernel.directory.holdings.queries import free_seat, is_last_post
from chancery.kernel.directory.holdings.rules import ends_after_start, is_running_on, may_leave, no_free_seat
from chancery.kernel.directory.models import Holding, Post
from chancery.kernel.directory.terms import HoldingKind
from chancery.kernel.directory.units.queries import stamp_of
from chancery.kernel.directory.validity.services import NO_DAY, span


@service
def appoint(
    *,
    person_id: int,
    post_id: int,
    by: Actor,
    at: dt.datetime,
    kind: str = HoldingKind.SUBSTANTIVE,
    seat: int | None = None,
    on: dt.date | None = None,
    until: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Holding:
    """Put a person in a post from a day on; `until` is the first day without them. No seat: the first free one."""
    start = on or clock.date_of(at)
    post = Post.objects.select_for_update().get(pk=post_id)
    rules.may_edit(by, post.unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(post.unit_id)).demand()
    rules.may_date_back(start, clock.date_of(at), decision, reason).demand()
    ends_after_start(start, until).demand()
    chosen = seat or free_seat(post_id, start, until, is_acting=kind == HoldingKind.ACTING)
    with rules.law_in_words():
        if chosen is None:
            _already_there(person_id, post_id, start, until)
            raise no_free_seat()
        holding = Holding.objects.create(
            person_id=person_id, post_id=post_id, seat=chosen, kind=HoldingKind(kind).value,
            during=span(start, until), decision=decision, reason=reason,
        )  # fmt: skip
    journal.write(
        by=by, at=at, act="holding.acting" if kind == HoldingKind.ACTING else "holding.appointed", on=holding,
        data={"person": person_id, "post": post_id, "seat": chosen, "kind": holding.kind, "on": start, "until": until,
              "decision": decision, "reason": reason},
    )  # fmt: skip
    return holding


def _already_there(person_id: int, post_id: int, start: dt.date, until: dt.date | None) -> None:
    """The nearer reason first: the person holds it already."""
    if Holding.objects.filter(person_id=person_id, post_id=post_id, during__overlap=span(start, until)).exists():
        refusal = rules.BrokenLaw(rules.law_of("directory_holding_once_at_a_time"), field="person")
        refusal.law = "directory_holding_once_at_a_time"
        raise refusal


@service
def appoint_acting(
    *,
    person_id: int,
    post_id: int,
    by: Actor,
    at: dt.datetime,
    seat: int | None = None,
    on: dt.date | None = None,
    until: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Holding:
    """Let a person act in a post that is vacant or whose holder is away."""
    return appoint(
        person_id=person_id, post_id=post_id, kind=HoldingKind.ACTING, seat=seat, on=on, until=until,
        decision=decision, reason=reason, seen=seen, by=by, at=at,
    )  # fmt: skip


@service
def end_holding(
    *,
    holding_id: int,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Holding:
    """End a holding: `on` is the first day without it."""
    day = on or clock.date_of(at)
    holding = Holding.objects.select_for_update().get(pk=holding_id)
    unit_id = Post.objects.values_list("unit_id", flat=True).get(pk=holding.post_id)
    rules.may_edit(by, unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(unit_id)).demand()
    rules.may_date_back(day, clock.date_of(at), decision, reason).demand()
    is_running_on(holding.during.lower, holding.during.upper, day).demand()
    if is_last_post(holding):
        may_leave(holding.person_id, by, at).demand()
    with rules.law_in_words():
        Holding.objects.filter(pk=holding_id).update(
            during=span(holding.during.lower, day), reason=reason or decision, version=F("version") + 1
        )
    journal.write(
        by=by, at=at, act="holding.ended", on=holding,
        data={"on": day, "post": holding.post_id, "person": holding.person_id, "decision": decision, "reason": reason},
    )  # fmt: skip
    holding.refresh_from_db()
    return holding


CORRECTABLE = ("person_id", "seat", "kind", "decision")


def _facts(holding: Holding) -> dict[str, Any]:
    facts = {name: getattr(holding, name) for name in CORRECTABLE}
    return facts | {"start": holding.during.lower, "end": holding.during.upper}


@service
def correct_holding(
    *,
    holding_id: int,
    reason: str,
    by: Actor,
    at: dt.datetime,
    start: dt.date | None = None,
    end: dt.date | None = None,
    changes: dict[str, Any] | None = None,
    is_wrong: bool = False,
    seen: int | None = None,
) -> Holding:
    """Correct what was entered wrongly. The earlier version stays, with the reason.

    `start` and `end` are the right days (None for `end`: it runs on); `changes` names facts of `CORRECTABLE`;
    `is_wrong` strikes the entry out altogether.
    """
    holding = Holding.objects.select_for_update().get(pk=holding_id)
    unit_id = Post.objects.values_list("unit_id", flat=True).get(pk=holding.post_id)
    rules.may_edit(by, unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(unit_id)).demand()
    rules.gives_reason(reason).demand()
    first = start or holding.during.lower
    facts = changes or {}
    if unknown := facts.keys() - set(CORRECTABLE):
        raise ValueError(f"no such facts of a holding: {sorted(unknown)}")
    if not is_wrong:
        if first is None:
            is_running_on(None, None, clock.date_of(at)).demand()
        else:
            ends_after_start(first, end).demand()
    if (is_wrong or end is not None) and is_last_post(holding):
        may_leave(holding.person_id, by, at).demand()
    was = _facts(holding)
    with rules.law_in_words():
        Holding.objects.filter(pk=holding_id).update(
            **facts, during=NO_DAY if is_wrong else span(first, end), is_void=is_wrong, reason=reason,
            version=F("version") + 1,
        )  # fmt: skip
    holding.refresh_from_db()
    told = {name: {"from": was[name], "to": value} for name, value in _facts(holding).items() if was[name] != value}
    journal.write(
        by=by, at=at, act="holding.struck_out" if is_wrong else "holding.corrected", on=holding,
        data={"reason": reason, "post": holding.post_id, **told},
    )  # fmt: skip
    return holding
