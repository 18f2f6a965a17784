"""Letting a decision take effect, and letting it end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.classification import queries, rules, terms
from chancery.departments.general_office.confidential_work.classification.deriving.queries import Heir, derived_of
from chancery.departments.general_office.confidential_work.classification.deriving.services import put_label
from chancery.departments.general_office.confidential_work.classification.models import (
    Classification,
    ClassificationAudience,
)
from chancery.departments.general_office.confidential_work.classification.terms import (
    AUDIENCE_ROLES,
    AUTHORITY,
    HouseLevel,
    Kind,
    State,
    Target,
    label_of,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.kernel.access import services as access
from chancery.kernel.access.roles.queries import answering_posts
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.notices.terms import NoticeKind


def _end(of: Classification, state: State, reason: str, at: dt.datetime) -> None:
    of.state, of.ended_at, of.end_reason = state, at, reason[:500]
    of.save(update_fields=["state", "ended_at", "end_reason"])


@service
def take_effect(*, classification_id: int, note: str = "", by: Actor, at: dt.datetime) -> Classification:
    """An approved proposal: the earlier level gives way, the guard gets the label, the audience may read, what is
    derived inherits. The caller has asked the rule."""
    of = Classification.objects.select_for_update(of=("self",)).get(pk=classification_id)
    ends = of.kind == Kind.DECLASSIFY
    if of.previous is not None:
        state = State.DECLASSIFIED if ends else State.REPLACED
        previous = Classification.objects.select_for_update(of=("self",)).get(pk=of.previous.pk)
        if previous.state != State.IN_FORCE:
            raise Refused(_("The level it was to replace is not in force any more."))
        _end(previous, state, note or of.reason or str(of.get_kind_display()), at)
    of.state = State.DECLASSIFIED if ends else State.IN_FORCE
    of.decided_at, of.decided_person_id, of.decided_post_id, of.decision_note = (
        at,
        by.person_id,
        by.post_id,
        note[:1000],
    )
    of.save(update_fields=["state", "decided_at", "decided_person", "decided_post", "decision_note"])
    journal.write(
        by=by,
        at=at,
        act=rules.kind_words_act(of.kind),
        on=of,
        data={"level": of.level, "before": of.level_before, "until": of.until.isoformat(), "subject": of.subject},
    )
    if of.target == Target.THING:
        put_label(guard_id=of.guard_id, label=label_of(of.level), by=SYSTEM, at=at)
    if not ends:
        let_read(classification_id=of.pk, by=SYSTEM, at=at)
    if of.target == Target.THING:
        pass_on(classification_id=of.pk, by=by, at=at)
    tell(classification_id=of.pk, by=SYSTEM, at=at)
    _say(of, of.kind, by, at)
    return of


def _say(of: Classification, act: str, by: Actor, at: dt.datetime) -> None:
    for listener in terms.listeners():
        listener(classification=of, act=act, by=by, at=at)


@service
def let_read(*, classification_id: int, by: Actor, at: dt.datetime) -> None:
    """The audience becomes readers: posts by name, units by their heads and handlers; and whoever decides on levels
    there, who has to review it. By the system."""
    rows = ClassificationAudience.objects.filter(classification_id=classification_id).values_list("unit_id", "post_id")
    of = Classification.objects.get(pk=classification_id)
    readers: list[tuple[int | None, str | None, int | None]] = [(None, AUTHORITY, of.unit_id)]
    for unit_id, post_id in rows:
        readers += [(post_id, None, None)] if post_id else [(None, role, unit_id) for role in AUDIENCE_ROLES]
    access.add_readers(guard_id=of.guard_id, readers=readers, how="audience", by=by, at=at)


@service
def pass_on(*, classification_id: int, by: Actor, at: dt.datetime) -> int:
    """Everything derived inherits level and period, in the same transaction; how many things did."""
    with acting_as(SYSTEM):
        of = Classification.objects.get(pk=classification_id)
        heirs = derived_of(of.subject)
        return sum(_inherit(of, heir, by, at) for heir in heirs)


def _inherit(of: Classification, heir: Heir, by: Actor, at: dt.datetime) -> bool:
    own = Classification.objects.select_for_update(of=("self",)).filter(
        key=queries.key_of(heir.thing.guard_id), state=State.IN_FORCE
    ).first()  # fmt: skip
    ends = of.kind == Kind.DECLASSIFY
    if heir.thing.is_published:
        return False
    if own is not None and own.derived_from_id is None and (ends or label_of(own.level) >= label_of(of.level)):
        return False  # it stands on grounds of its own
    if own is None and (ends or heir.thing.label > label_of(of.level)):
        return False
    if own is not None:
        _end(own, State.DECLASSIFIED if ends else State.REPLACED, _("Follows what it is derived from"), at)
    if not ends:
        made = Classification.objects.create(
            guard_id=heir.thing.guard_id,
            unit_id=heir.thing.unit_id,
            target=Target.THING,
            key=queries.key_of(heir.thing.guard_id),
            subject=heir.thing.subject,
            title=heir.thing.title,
            kind=Kind.CLASSIFY,
            state=State.IN_FORCE,
            level=of.level,
            level_before=terms.level_of(heir.thing.label),
            basis_clause=of.basis_clause,
            basis_text=of.basis_text,
            reason=of.reason,
            period_kind=of.period_kind,
            years=of.years,
            condition=of.condition,
            starts_on=of.starts_on,
            until=of.until,
            cap_years=of.cap_years,
            derived_from=of,
            derived_how=heir.how,
            proposed_at=of.proposed_at,
            proposed_person_id=of.proposed_person_id,
            proposed_post_id=of.proposed_post_id,
            decided_at=at,
            decided_person_id=by.person_id,
            decided_post_id=by.post_id,
        )
        journal.write(by=by, at=at, act="classification.inherited", on=made, data={"from": of.pk, "how": str(heir.how)})
    put_label(guard_id=heir.thing.guard_id, label=label_of(of.level), by=SYSTEM, at=at)
    return True


@service
def tell(*, classification_id: int, by: Actor, at: dt.datetime) -> int:
    """A notice for everybody in the audience; it reaches them in the house and, as they chose, by mail."""
    of = Classification.objects.get(pk=classification_id)
    matter_id = of.matter_id or (of.derived_from.matter_id if of.derived_from else None)
    if matter_id is None:
        return 0
    rows = queries.audience(classification_id) or (queries.audience(of.previous_id) if of.previous_id else [])
    posts = set(_posts_of(rows))
    if of.proposed_post_id:
        posts.add(of.proposed_post_id)
    note = _("%(what)s: %(level)s, until %(day)s") % {
        "what": Kind(of.kind).label if of.state != State.DECLASSIFIED else Kind.DECLASSIFY.label,
        "level": terms.level_words(of.target, of.level),
        "day": of.until.isoformat(),
    }
    return procedures.tell_posts(
        matter_id=matter_id, post_ids=sorted(posts), kind=NoticeKind.CIRCULATED, note=note, by=by, at=at
    )


def _posts_of(rows: Iterable[dict[str, int]]) -> Iterable[int]:
    for row in rows:
        if row["post_id"]:
            yield row["post_id"]
        else:
            for role in AUDIENCE_ROLES:
                yield from answering_posts(role, row["unit_id"])


@service
def declassify_expired(*, by: Actor, at: dt.datetime, most: int = 500) -> int:
    """What reached its last day yesterday or before falls to internal, and its audience is told. By the system."""
    today = clock.date_of(at)
    rows = list(
        Classification.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=State.IN_FORCE, until__lt=today)
        .order_by("until", "id")[:most]
    )
    for of in rows:
        _end(of, State.DECLASSIFIED, _("Its period ended on %(day)s") % {"day": of.until.isoformat()}, at)
        journal.write(by=by, at=at, act="classification.expired", on=of, data={"until": of.until.isoformat()})
        if of.target == Target.THING:
            label = Clearance.INTERNAL
            if queries.thing(of.subject) is not None:
                put_label(guard_id=of.guard_id, label=label, by=by, at=at)
        tell(classification_id=of.pk, by=by, at=at)
        _say(of, "DECLASSIFIED", by, at)
    return len(rows)


@service
def close_matter(*, classification_id: int, by: Actor, at: dt.datetime) -> None:
    """The matter of a proposal that was taken back ends."""
    of = Classification.objects.get(pk=classification_id)
    if of.matter_id is not None:
        with acting_as(SYSTEM):
            procedures.close(matter_id=of.matter_id, reason=of.end_reason, by=SYSTEM, at=at)


@service
def lower(*, classification_id: int, level: str, reason: str, proposer_id: int, by: Actor, at: dt.datetime) -> None:
    """A review's decision, signed by the authority: another level with the same last day, or none ("")."""
    with acting_as(SYSTEM):
        old = Classification.objects.select_for_update(of=("self",)).get(pk=classification_id)
        made = Classification.objects.create(
            guard_id=old.guard_id, unit_id=old.unit_id, target=old.target, key=old.key, subject=old.subject,
            alias=old.alias, title=old.title, matter=None, kind=Kind.CHANGE if level else Kind.DECLASSIFY,
            level=level or (HouseLevel.INTERNAL if old.target == Target.THING else old.level),
            level_before=old.level, basis_clause=old.basis_clause, basis_text=old.basis_text, reason=reason,
            period_kind=old.period_kind, years=old.years, condition=old.condition, starts_on=old.starts_on,
            until=old.until, cap_years=old.cap_years, previous=old, proposed_at=at, proposed_person_id=proposer_id,
        )  # fmt: skip
        rows = ClassificationAudience.objects.filter(classification=old).values_list("unit_id", "post_id")
        ClassificationAudience.objects.bulk_create(
            ClassificationAudience(classification=made, unit_id=unit, post_id=post) for unit, post in rows
        )
        let_read(classification_id=made.pk, by=SYSTEM, at=at)
    take_effect(classification_id=made.pk, note=reason, by=by, at=at)
