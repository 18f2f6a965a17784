"""The verbs of units. Each takes effect on a day (`on`, default the day of the act)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Q

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.directory import rules
from chancery.kernel.directory.models import Holding, Post, Unit, UnitTerm
from chancery.kernel.directory.posts.services import abolish_post
from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.directory.units.queries import stamp_of
from chancery.kernel.directory.units.rules import is_emptied, is_not_ended_by, stands_alone
from chancery.kernel.directory.validity import rules as validity
from chancery.kernel.directory.validity.queries import UNIT_FACTS, unit_terms
from chancery.kernel.directory.validity.services import hold_tree, keys_of, span, write_terms


@service
def create_unit(
    *,
    code: str,
    name_en: str,
    kind: str,
    by: Actor,
    at: dt.datetime,
    name_zh: str = "",
    parent_id: int | None = None,
    led_by_id: int | None = None,
    position: int = 0,
    functions_en: str = "",
    functions_zh: str = "",
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
) -> Unit:
    """Set up a unit from a day on."""
    start = on or clock.date_of(at)
    rules.may_edit(by, parent_id).demand()
    rules.may_date_back(start, clock.date_of(at), decision, reason).demand()
    facts = {
        "name_en": name_en,
        "name_zh": name_zh,
        "kind": UnitKind(kind).value,
        "parent_id": parent_id,
        "led_by_id": led_by_id,
        "position": position,
        "functions_en": functions_en,
        "functions_zh": functions_zh,
    }
    hold_tree()
    with rules.law_in_words():
        unit = Unit.objects.create(code=code, during=span(start, None), reason=reason, **facts)
        UnitTerm.objects.create(
            unit=unit, during=span(start, None), keys=keys_of(facts), decision=decision, reason=reason, **facts
        )
    told = {"code": code, "on": start, "decision": decision, **facts}
    journal.write(by=by, at=at, act="unit.created", on=unit, data=told)
    return unit


@service
def change_unit(
    *,
    unit_id: int,
    changes: dict[str, Any],
    act: str,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Unit:
    """Give a unit other facts from a day on. `changes` names facts of `UNIT_FACTS`; `act` is what it is called."""
    day = on or clock.date_of(at)
    hold_tree()
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    rules.may_edit(by, unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(unit_id)).demand()
    rules.may_date_back(day, clock.date_of(at), decision, reason).demand()
    if unknown := changes.keys() - set(UNIT_FACTS):
        raise ValueError(f"no such facts of a unit: {sorted(unknown)}")
    if changes.get("parent_id") is not None:
        rules.may_edit(by, changes["parent_id"]).demand()
    before = unit_terms(unit_id)
    after = validity.change(before, day, changes)
    with rules.law_in_words():
        touched = write_terms(
            model=UnitTerm, owner={"unit_id": unit_id}, before=before, after=after,
            decision=decision, reason=reason, by=by, at=at,
        )  # fmt: skip
    if touched:
        was = next(term.facts for term in before if term.holds_on(day))
        told = {name: {"from": was[name], "to": value} for name, value in changes.items() if was[name] != value}
        journal.write(by=by, at=at, act=act, on=unit, data={"on": day, "decision": decision, "reason": reason, **told})
        unit.refresh_from_db()
    return unit


@service
def rename_unit(
    *,
    unit_id: int,
    name_en: str,
    name_zh: str,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Unit:
    """Call a unit by another name from a day on."""
    return change_unit(
        unit_id=unit_id, changes={"name_en": name_en, "name_zh": name_zh}, act="unit.renamed",
        on=on, decision=decision, reason=reason, seen=seen, by=by, at=at,
    )  # fmt: skip


@service
def move_unit(
    *,
    unit_id: int,
    parent_id: int | None,
    by: Actor,
    at: dt.datetime,
    position: int | None = None,
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Unit:
    """Put a unit under another, or at another place in the order, from a day on."""
    changes: dict[str, Any] = {"parent_id": parent_id}
    if position is not None:
        changes["position"] = position
    return change_unit(
        unit_id=unit_id, changes=changes, act="unit.moved",
        on=on, decision=decision, reason=reason, seen=seen, by=by, at=at,
    )  # fmt: skip


@service
def set_led_by(
    *,
    unit_id: int,
    led_by_id: int | None,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Unit:
    """Let one unit lead another (one set of people, two name-plates), or end that."""
    return change_unit(
        unit_id=unit_id, changes={"led_by_id": led_by_id}, act="unit.led",
        on=on, decision=decision, reason=reason, seen=seen, by=by, at=at,
    )  # fmt: skip


@service
def describe_unit(
    *,
    unit_id: int,
    functions_en: str,
    functions_zh: str,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Unit:
    """Say what a unit does from a day on."""
    return change_unit(
        unit_id=unit_id, changes={"functions_en": functions_en, "functions_zh": functions_zh}, act="unit.described",
        on=on, decision=decision, reason=reason, seen=seen, by=by, at=at,
    )  # fmt: skip


@service
def dissolve_unit(
    *,
    unit_id: int,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    with_posts: bool = False,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Unit:
    """End a unit: `on` is the first day without it. With `with_posts`, its posts are abolished and holdings end too."""
    day = on or clock.date_of(at)
    hold_tree()
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    rules.may_edit(by, unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(unit_id)).demand()
    rules.may_date_back(day, clock.date_of(at), decision, reason).demand()
    is_not_ended_by(unit.during.lower, unit.during.upper, day).demand()
    below = (
        UnitTerm.objects.filter(Q(parent=unit) | Q(led_by=unit), during__overlap=span(day, None))
        .order_by("unit_id")
        .distinct("unit_id")
    )
    stands_alone([term.name_en for term in below]).demand()
    posts = list(Post.objects.filter(unit=unit, during__overlap=span(day, None)).values_list("pk", flat=True))
    is_emptied(len(posts), with_posts).demand()
    for post_id in posts:
        abolish_post(post_id=post_id, on=day, with_holdings=True, decision=decision, reason=reason, by=by, at=at)
    before = unit_terms(unit_id)
    with rules.law_in_words():
        write_terms(
            model=UnitTerm, owner={"unit_id": unit_id}, before=before, after=validity.cut(before, day),
            decision=decision, reason=reason, by=by, at=at,
        )  # fmt: skip
        Unit.objects.filter(pk=unit_id).update(
            during=span(unit.during.lower, day), reason=reason or decision, version=F("version") + 1
        )
    ended = Holding.objects.filter(post_id__in=posts, during__endswith=day).count()
    told = {"on": day, "decision": decision, "reason": reason, "posts_abolished": len(posts), "holdings_ended": ended}
    journal.write(by=by, at=at, act="unit.dissolved", on=unit, data=told)
    unit.refresh_from_db()
    return unit


@service
def confirm_unit(*, unit_id: int, by: Actor, at: dt.datetime, on: dt.date | None = None) -> Unit:
    """Say that what the directory shows of a unit is right, as of a day."""
    day = on or clock.date_of(at)
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    rules.may_edit(by, unit_id).demand()
    if unit.confirmed_on != day:
        Unit.objects.filter(pk=unit_id).update(confirmed_on=day, version=F("version") + 1)
        journal.write(by=by, at=at, act="unit.confirmed", on=unit, data={"on": day})
        unit.refresh_from_db()
    return unit
