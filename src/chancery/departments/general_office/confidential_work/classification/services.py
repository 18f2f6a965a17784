"""Verbs: propose a level, decide, withdraw, let it take effect, declassify what has expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.classification import queries, rules, terms
from chancery.departments.general_office.confidential_work.classification.effects import services as effects
from chancery.departments.general_office.confidential_work.classification.models import (
    Classification,
    ClassificationAudience,
)
from chancery.departments.general_office.confidential_work.classification.terms import (
    PROCEDURE,
    HouseLevel,
    Kind,
    Outcome,
    PeriodKind,
    State,
    Target,
)
from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import services as access
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records import services as records


class NoSuchThing(Refused):
    """There is no such thing for the actor."""


class PendingAlready(Refused):
    """A proposal about it waits already."""


@dataclass(frozen=True, slots=True)
class _Period:
    kind: str
    years: int | None
    condition: str
    starts_on: dt.date
    until: dt.date
    cap: int


@service
def propose_level(
    *,
    subject: str,
    kind: str = "",
    level: str,
    basis_clause: str,
    basis_text: str,
    period_kind: str = PeriodKind.YEARS,
    years: int | None = None,
    until: dt.date | None = None,
    condition: str = "",
    starts_on: dt.date | None = None,
    reason: str = "",
    audience_units: Collection[int] = (),
    audience_posts: Collection[int] = (),
    by: Actor,
    at: dt.datetime,
) -> Classification:
    """Propose a label for a thing, its change, its extension or its end; the classification authority decides.

    `kind` empty: a classification, or a change where a level is in force already.
    """
    texts = {"basis_text": basis_text, "reason": reason, "condition": condition}
    records.demand_unmarked(texts=texts, where="classification", by=by, at=at)
    thing = queries.thing(subject)
    if thing is None:
        raise NoSuchThing(_("There is no such thing for you."))
    current = queries.in_force(queries.key_of(thing.guard_id))
    kind = kind or (Kind.CHANGE if current else Kind.CLASSIFY)
    if kind == Kind.DECLASSIFY:
        level = HouseLevel.INTERNAL
    elif kind == Kind.EXTEND and current is not None:
        level = current.level
    rules.is_a_level(Target.THING, level).demand()
    rules.may_mark(thing).demand()
    rules.is_within_sight(by, level).demand()
    _is_new(current, kind, level).demand()
    period = _period(
        Target.THING,
        level,
        kind,
        current,
        period_kind,
        years,
        until,
        condition,
        starts_on,
        basis_clause,
        basis_text,
        at,
    )
    return _propose(
        {
            "target": Target.THING,
            "key": queries.key_of(thing.guard_id),
            "subject": thing.subject,
            "title": thing.title,
            "guard_id": thing.guard_id,
            "unit_id": thing.unit_id,
            "level_before": terms.level_of(thing.label),
        },
        label=thing.label, kind=kind, level=level, current=current, period=period, basis_clause=basis_clause,
        basis_text=basis_text, reason=reason, units=audience_units, posts=audience_posts, by=by, at=at,
    )  # fmt: skip


@service
def propose_carrier(
    *,
    alias: str,
    unit_id: int,
    kind: str = "",
    level: str,
    basis_clause: str,
    basis_text: str,
    period_kind: str = PeriodKind.YEARS,
    years: int | None = None,
    until: dt.date | None = None,
    condition: str = "",
    starts_on: dt.date | None = None,
    reason: str = "",
    audience_units: Collection[int] = (),
    audience_posts: Collection[int] = (),
    guard_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> Classification:
    """Propose the level of a carrier. Only its neutral alias is known here; what it carries never enters."""
    texts = {"alias": alias, "basis_text": basis_text, "reason": reason, "condition": condition}
    records.demand_unmarked(texts=texts, where="classification", by=by, at=at)
    alias = " ".join(alias.split())
    if not alias:
        raise Refused(_("Give the carrier its alias."), field="alias")
    current = queries.in_force_for_carrier(alias)
    kind = kind or (Kind.CHANGE if current else Kind.CLASSIFY)
    if kind in (Kind.EXTEND, Kind.DECLASSIFY) and current is not None:
        level = current.level
    rules.is_a_level(Target.CARRIER, level).demand()
    queries.may_name_level(by, level, clock.date_of(at)).demand()
    _is_new(current, kind, level).demand()
    period = _period(
        Target.CARRIER, level, kind, current, period_kind, years, until, condition, starts_on, basis_clause, basis_text,
        at,
    )  # fmt: skip
    if guard_id is None:
        guard_id = (
            current.guard_id
            if current
            else access.open_guard(unit_id=unit_id, label=Clearance.RESTRICTED, by=by, at=at).pk
        )
    return _propose(
        {
            "target": Target.CARRIER,
            "key": queries.key_of_carrier(alias),
            "alias": alias[:120],
            "title": alias[:120],
            "guard_id": guard_id,
            "unit_id": unit_id,
            "level_before": current.level if current else "",
        },
        label=Clearance.RESTRICTED, kind=kind, level=level, current=current, period=period, basis_clause=basis_clause,
        basis_text=basis_text, reason=reason, units=audience_units, posts=audience_posts, by=by, at=at,
    )  # fmt: skip


def _is_new(current: Classification | None, kind: str, level: str) -> Verdict:
    if kind not in Kind.values:
        return no(_("Choose what you propose."), field="kind")
    if current is None:
        if kind != Kind.CLASSIFY:
            return no(_("No level is in force that could be changed, extended or ended."), field="kind")
        return yes()
    if kind == Kind.CLASSIFY:
        return no(_("A level is in force already: propose its change."), field="kind")
    return rules.may_change(current, level) if kind == Kind.CHANGE else yes()


def _period(
    target: str,
    level: str,
    kind: str,
    current: Classification | None,
    period_kind: str,
    years: int | None,
    until: dt.date | None,
    condition: str,
    starts_on: dt.date | None,
    clause: str,
    text: str,
    at: dt.datetime,
) -> _Period:
    """The period asked for, after everything about basis and period was judged; each refusal names its field."""
    today = clock.date_of(at)
    rules.has_basis(clause, text, queries.clauses(today)).demand()
    cap = queries.cap(target, level, today)
    if kind == Kind.DECLASSIFY and current is not None:
        first = min(current.starts_on, today)
        return _Period(PeriodKind.DATE, None, "", first, today, current.cap_years)
    starts = current.starts_on if current is not None and kind == Kind.EXTEND else (starts_on or today)
    verdict, last = rules.last_day(
        kind=period_kind, years=years, until=until, condition=condition, starts_on=starts, cap=cap
    )
    verdict.demand()
    if kind == Kind.EXTEND and current is not None:
        rules.may_extend(current, last, today).demand()
    rules.is_a_sound_period(starts, last, today).demand()
    return _Period(
        period_kind, years if period_kind == PeriodKind.YEARS else None, condition.strip(), starts, last, cap
    )


def _propose(
    what: dict[str, Any],
    *,
    label: int,
    kind: str,
    level: str,
    current: Classification | None,
    period: _Period,
    basis_clause: str,
    basis_text: str,
    reason: str,
    units: Collection[int],
    posts: Collection[int],
    by: Actor,
    at: dt.datetime,
) -> Classification:
    if queries.pending(what["key"]) is not None:
        raise PendingAlready(_("A proposal about it is waiting for its decision already."), field="level")
    previous = current if kind != Kind.CLASSIFY else None
    if not units and not posts and previous is not None:
        units = [row["unit_id"] for row in queries.audience(previous.pk) if row["unit_id"]]
        posts = [row["post_id"] for row in queries.audience(previous.pk) if row["post_id"]]
    try:
        with transaction.atomic():
            made = Classification.objects.create(
                **what,
                kind=kind,
                level=level,
                basis_clause=basis_clause,
                basis_text=basis_text.strip()[:500],
                reason=reason.strip()[:2000],
                period_kind=period.kind,
                years=period.years,
                condition=period.condition[:300],
                starts_on=period.starts_on,
                until=period.until,
                cap_years=period.cap,
                previous=previous,
                proposed_at=at,
                proposed_person_id=by.person_id,
                proposed_post_id=by.post_id,
            )
    except IntegrityError as error:
        if "classification_one_pending" not in str(error):
            raise
        raise PendingAlready(_("A proposal about it is waiting for its decision already."), field="level") from None
    ClassificationAudience.objects.bulk_create(
        [ClassificationAudience(classification=made, unit_id=unit) for unit in dict.fromkeys(units)]
        + [ClassificationAudience(classification=made, post_id=post) for post in dict.fromkeys(posts)]
    )
    matter = procedures.open_matter(
        procedure=PROCEDURE,
        title=f"{Kind(kind).label}: {made.title}"[:300],
        unit_id=made.unit_id,
        label=label,
        subject=f"general_office.classification:{made.pk}",
        guard_id=made.guard_id,
        by=by,
        at=at,
    )
    made.matter = matter
    made.save(update_fields=["matter"])
    journal.write(by=by, at=at, act="classification.proposed", on=made, data={"level": level, "kind": kind})
    return made


def _locked(classification_id: int) -> Classification:
    found = Classification.objects.select_for_update(of=("self",)).filter(pk=classification_id).first()
    if found is None:
        raise NoSuchThing(_("There is no such proposal for you."))
    return found


@service
def decide(*, classification_id: int, outcome: str, note: str = "", by: Actor, at: dt.datetime) -> Classification:
    """Approve or refuse a proposal: ends its step, and what follows happens as from the matter's page."""
    of = _locked(classification_id)
    rules.may_decide(by, of, is_authority=queries.may_authorise(by, of.unit_id)).demand()
    task_id = queries.task_of(of)
    if task_id is None:
        raise NoSuchThing(_("This proposal was decided already."))
    procedures.complete(task_id=task_id, outcome=outcome, opinion=note, by=by, at=at)
    of.refresh_from_db()
    return of


@service
def settle(*, classification_id: int, outcome: str, note: str, by: Actor, at: dt.datetime) -> Classification:
    """What an authority's decision does; called by the procedure when its step ends."""
    of = _locked(classification_id)
    rules.may_decide(by, of, is_authority=queries.may_authorise(by, of.unit_id)).demand()
    if of.target == Target.THING:
        rules.is_within_sight(by, of.level).demand()
    if outcome == Outcome.REFUSE:
        if not note.strip():
            raise Refused(_("Say why it is refused."), field="opinion")
        of.state = State.REFUSED
        of.decided_at, of.decided_person_id, of.decided_post_id = at, by.person_id, by.post_id
        of.decision_note = note.strip()[:1000]
        of.save(update_fields=["state", "decided_at", "decided_person", "decided_post", "decision_note"])
        journal.write(by=by, at=at, act="classification.refused", on=of, data={"note": of.decision_note})
        return of
    thing = queries.thing(of.subject) if of.target == Target.THING else None
    if thing is not None:
        rules.may_mark(thing).demand()
    if of.kind == Kind.EXTEND and of.previous is not None:
        rules.may_extend(of.previous, of.until, clock.date_of(at)).demand()
    return effects.take_effect(classification_id=of.pk, note=note, by=by, at=at)


@service
def withdraw(*, classification_id: int, by: Actor, at: dt.datetime) -> Classification:
    """Whoever proposed it takes it back before it is decided."""
    of = _locked(classification_id)
    rules.may_withdraw(by, of).demand()
    of.state, of.ended_at, of.end_reason = State.WITHDRAWN, at, _("Withdrawn by whoever proposed it")
    of.save(update_fields=["state", "ended_at", "end_reason"])
    journal.write(by=by, at=at, act="classification.withdrawn", on=of, data={})
    effects.close_matter(classification_id=of.pk, by=by, at=at)
    return of
