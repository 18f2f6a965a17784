"""Longer with a reason; shorter by asking, the head's agreement and a leader's approval."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access import rules as access
from chancery.kernel.access.services import add_readers, open_guard
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.disposal import queries, rules
from chancery.kernel.records.disposal.models import DisposalAct, PeriodDecision
from chancery.kernel.records.disposal.terms import ARCHIVE_HEAD, ARCHIVIST, LEADER, ActKind, DecisionState


class NoSuchItem(Refused):
    """The item, or the asking, does not exist for the actor."""


@service
def lengthen_period(*, item_id: int, period: str, reason: str, by: Actor, at: dt.datetime) -> ArchivalItem:
    """Keep an item longer than it was filed for."""
    item = _item(item_id)
    rules.may_draw_up(by, item.fonds.keeper_unit_id).demand()
    if not reason.strip():
        raise rules.DisposalRefused(_("Say why."), field="reason")
    if period not in {code for code, _en, _zh in queries.longer_periods(item)}:
        raise rules.DisposalRefused(
            _("A period is never shortened: this one is not longer than the one it has."), field="period"
        )
    before = item.period
    _told("select records_lengthen_period(%s, %s)", [item_id, period])
    data = {"before": before, "period": period, "reason": reason.strip()}
    journal.write(by=by, at=at, act="item.period_changed", on=item, data=data)
    item.refresh_from_db()
    return item


@service
def ask_shorter_period(
    *, item_id: int, period: str, reason: str, basis: str, by: Actor, at: dt.datetime
) -> PeriodDecision:
    """Ask that an item be kept for less than it was filed for; never for less than the schedule owes its class."""
    item = _item(item_id)
    rules.may_draw_up(by, item.fonds.keeper_unit_id).demand()
    for field, text, words in (
        ("reason", reason, _("Say why.")),
        ("basis", basis, _("Name the paper by which the schedule allows it.")),
    ):
        if not text.strip():
            raise rules.DisposalRefused(words, field=field)
    if period not in {code for code, _en, _zh in queries.shorter_periods(item)}:
        raise rules.DisposalRefused(
            _("The schedule owes this class a period that is not shorter: it cannot go below that."), field="period"
        )
    if queries.open_decision(item_id) is not None:
        raise rules.DisposalRefused(_("A shorter period was asked for already."))
    guard = open_guard(unit_id=item.fonds.keeper_unit_id, label=item.label, by=by, at=at)
    readers = [(None, role, item.fonds.keeper_unit_id) for role in (ARCHIVIST, ARCHIVE_HEAD, LEADER)]
    add_readers(guard_id=guard.pk, readers=readers, how="appraisal", by=by, at=at)  # type: ignore[arg-type]  # a list of wider tuples
    asked = PeriodDecision.objects.create(
        guard=guard,
        item=item,
        from_period=item.period,
        to_period=period,
        reason=reason.strip(),
        basis=basis.strip(),
        asked_at=at,
        asked_person_id=by.person_id,
    )
    data = {"from": item.period, "to": period, "basis": asked.basis}
    journal.write(by=by, at=at, act="item.shorter_period_asked", on=item, guard_id=guard.pk, data=data)
    return asked


@service
def agree_shorter_period(*, decision_id: int, by: Actor, at: dt.datetime) -> DisposalAct:
    """The head of the archive agrees."""
    asked = _asked(decision_id)
    _decides(asked, ARCHIVE_HEAD, by)
    act = _sign(asked, ActKind.AGREED, by, at)
    journal.write(by=by, at=at, act="item.shorter_period_agreed", on=asked.item, guard_id=asked.guard_id)
    return act


@service
def approve_shorter_period(*, decision_id: int, by: Actor, at: dt.datetime) -> ArchivalItem:
    """A leader approves, and the database shortens the period."""
    asked = _asked(decision_id)
    _decides(asked, LEADER, by)
    if not DisposalAct.objects.filter(decision=asked, act=ActKind.AGREED).exists():
        raise rules.DisposalRefused(_("The head of the archive has not agreed yet."))
    _sign(asked, ActKind.APPROVED, by, at)
    _told("select records_shorten_period(%s, %s)", [decision_id, at])
    data = {"before": asked.from_period, "period": asked.to_period, "basis": asked.basis}
    journal.write(by=by, at=at, act="item.shorter_period", on=asked.item, guard_id=asked.guard_id, data=data)
    asked.item.refresh_from_db()
    return asked.item


@service
def refuse_shorter_period(*, decision_id: int, reason: str, by: Actor, at: dt.datetime) -> PeriodDecision:
    """Head or leader say no: the period stays."""
    asked = _asked(decision_id)
    if not (access.holds_role(by, ARCHIVE_HEAD) or access.holds_role(by, LEADER)):
        raise rules.DisposalRefused(_("This is decided by the head of the archive and by a leader."))
    asked.state, asked.decided_at = DecisionState.REFUSED, at
    asked.save(update_fields=["state", "decided_at"])
    data = {"reason": reason.strip()}
    journal.write(by=by, at=at, act="item.shorter_period_refused", on=asked.item, guard_id=asked.guard_id, data=data)
    return asked


def _item(item_id: int) -> ArchivalItem:
    found = ArchivalItem.objects.select_related("fonds", "plan_class").filter(pk=item_id).first()
    if found is None:
        raise NoSuchItem(_("There is no such item."))
    return found


def _asked(decision_id: int) -> PeriodDecision:
    found = PeriodDecision.objects.select_for_update(of=("self",)).filter(pk=decision_id).first()
    if found is None:
        raise NoSuchItem(_("There is no such request."))
    if found.state != DecisionState.ASKED:
        raise rules.DisposalRefused(_("This was decided already."))
    return found


def _decides(asked: PeriodDecision, role: str, by: Actor) -> None:
    signed = set(DisposalAct.objects.filter(decision=asked).values_list("person_id", flat=True))
    if by.person_id in {asked.asked_person_id, *signed}:
        raise rules.NotAlone(
            _("You have put your name to this already: another person must decide, whichever post you act in.")
        )
    access.holds_role(by, role, asked.item.fonds.keeper_unit_id).demand()


def _sign(asked: PeriodDecision, act: ActKind, by: Actor, at: dt.datetime) -> DisposalAct:
    try:
        with transaction.atomic():
            return DisposalAct.objects.create(
                decision=asked, act=act, person_id=by.person_id or 0, post_id=by.post_id or 0, at=at
            )
    except IntegrityError as error:
        raise rules.DisposalRefused(_("This was decided already.")) from error


def _told(question: str, given: list[Any]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(question, given)
    except IntegrityError as error:
        raise rules.DisposalRefused(
            _("The archive's law does not allow this period: nothing was changed."), basis=str(rules.BASIS)
        ) from error
