"""Verbs: make a list, hand it over, check, decide item by item, sign, recall; count and remind of what is owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.handover import queries, rules
from chancery.departments.general_office.archives.handover.checks import queries as checks
from chancery.departments.general_office.archives.handover.checks.terms import worst
from chancery.departments.general_office.archives.handover.models import (
    HandoverCheck,
    HandoverList,
    HandoverRow,
)
from chancery.departments.general_office.archives.handover.terms import (
    DELEGATES,
    PROCEDURE,
    SERIES,
    TAKERS,
    ListState,
    RowState,
)
from chancery.foundations import clock, jobs
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.access import services as access
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.records import services as records
from chancery.kernel.records.archive import services as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import ItemState

CHECK_BATCH = 50


def _locked(list_id: int) -> HandoverList:
    """The list, locked; its matter before it, which is the order in which a step done in the inbox takes them."""
    known = HandoverList.objects.filter(pk=list_id).values_list("matter_id", flat=True).first()
    if known is not None:
        Matter.objects.select_for_update(of=("self",)).filter(pk=known).first()
    found = HandoverList.objects.select_for_update(of=("self",)).filter(pk=list_id).first()
    if found is None:
        raise Refused(_("There is no such list for you."))
    return found


# --- The department's side --------------------------------------------------------------------------------------------
@service
def make_list(
    *, unit_id: int, item_ids: Collection[int] = (), note: str = "", by: Actor, at: dt.datetime
) -> HandoverList:
    """Begin a list of a department's items; all of one fonds."""
    rules.may_hand_over(by, unit_id).demand()
    items = _takeable(item_ids)
    fonds = {item.fonds_id: item.fonds for item in items}
    if len(fonds) != 1:
        raise Refused(_("Pick items of one fonds; each fonds has its own list."), field="items")
    [one] = fonds.values()
    guard = access.open_guard(unit_id=unit_id, label=Clearance.INTERNAL, scope=PROCEDURE, by=by, at=at)
    access.add_readers(
        guard_id=guard.pk, readers=[(None, role, unit_id) for role in DELEGATES], how="opened", by=by, at=at
    )
    made = HandoverList.objects.create(
        guard=guard,
        unit_id=unit_id,
        fonds=one,
        keeper_unit_id=one.keeper_unit_id,
        note=note.strip(),
        made_at=at,
        made_person_id=by.person_id,
        made_post_id=by.post_id,
    )
    _put_on(made, items)
    journal.write(by=by, at=at, act="handover.list_made", on=made, data={"items": len(items)})
    return made


def _takeable(item_ids: Collection[int]) -> list[ArchivalItem]:
    """The items, locked, in the order of their codes; those that the actor may not know of are not there."""
    items = list(
        ArchivalItem.objects.select_for_update(of=("self",))
        .select_related("fonds")
        .filter(pk__in=item_ids)
        .order_by("category", "year", "period", "unit_code", "item_number", "pk")
    )
    if len(items) != len(set(item_ids)):
        raise Refused(_("One of the items does not exist for you."), field="items")
    rules.may_list_items(item.state for item in items).demand()
    return items


def _put_on(one: HandoverList, items: Sequence[ArchivalItem]) -> None:
    allowed = set(queries.within([one.unit_id]).values_list("descendant_id", flat=True))
    if any(item.unit_id not in allowed for item in items):
        raise Refused(_("A list holds items of its own department."), field="items")
    if any(item.fonds_id != one.fonds_id for item in items):
        raise Refused(_("Pick items of one fonds; each fonds has its own list."), field="items")
    last = one.rows.order_by("-position").values_list("position", flat=True).first() or 0
    rows = [HandoverRow(list=one, item=item, position=last + place) for place, item in enumerate(items, 1)]
    try:
        with transaction.atomic():
            HandoverRow.objects.bulk_create(rows)
    except IntegrityError as error:
        if "handover_row_" not in str(error):
            raise
        raise Refused(_("One of the items is on a hand-over list already."), field="items") from None


@service
def change_items(
    *, list_id: int, add: Collection[int] = (), remove: Collection[int] = (), by: Actor, at: dt.datetime
) -> HandoverList:
    """Put items on a list that is being made, take others off. `remove` names rows of the list."""
    one = _locked(list_id)
    rules.may_change(by, one).demand()
    taken_off = HandoverRow.objects.filter(list=one, pk__in=remove).delete()[0] if remove else 0
    if add:
        _put_on(one, _takeable(add))
    one.version += 1
    one.save(update_fields=["version"])
    said = {"added": len(set(add)), "removed": taken_off}
    journal.write(by=by, at=at, act="handover.items_changed", on=one, data=said)
    return one


@service
def drop_list(*, list_id: int, by: Actor, at: dt.datetime) -> None:
    """Give up a list that was not handed over."""
    one = _locked(list_id)
    rules.may_change(by, one).demand()
    journal.write(by=by, at=at, act="handover.list_dropped", on=one, data={})
    one.delete()


@service
def offer(*, list_id: int, note: str = "", by: Actor, at: dt.datetime) -> HandoverList:
    """Hand the list over under one's signature: it gets its number, its items are offered, the archive is asked."""
    from chancery.departments.general_office.archives.handover import tasks  # which calls these verbs

    one = _locked(list_id)
    item_ids = list(one.rows.order_by("position").values_list("item_id", flat=True))
    rules.may_offer(by, one, len(item_ids)).demand()
    access.add_readers(
        guard_id=one.guard_id,
        readers=[(None, role, one.keeper_unit_id) for role in TAKERS],
        how="task",
        by=by,
        at=at,
    )
    archive.set_state(item_ids=item_ids, state=ItemState.OFFERED, by=by, at=at)
    one.state, one.offered_at = ListState.OFFERED, at
    one.note = note.strip()[:1000] or one.note
    one.offered_person_id, one.offered_post_id = by.person_id, by.post_id
    one.version += 1
    year = clock.date_of(at).year
    number = records.issue_number(series=SERIES, year=year, guard_id=one.guard_id, subject=_subject(one), by=by, at=at)
    one.number = number.text
    one.save()
    matter = procedures.open_matter(
        procedure=PROCEDURE,
        title=_("Hand-over of %(n)s items: %(unit)s") % {"n": len(item_ids), "unit": words(one.unit)},
        unit_id=one.unit_id,
        subject=_subject(one),
        guard_id=one.guard_id,
        number=one.number,
        data={"keeper_unit": one.keeper_unit_id},
        by=by,
        at=at,
    )
    one.matter = matter
    one.save(update_fields=["matter"])
    said = {"number": one.number, "items": len(item_ids)}
    journal.write(by=by, at=at, act="handover.offered", on=one, data=said)
    jobs.enqueue(tasks.check_list, list_id=one.pk)
    return one


@service
def hand_over(*, unit_id: int, item_ids: Collection[int], note: str = "", by: Actor, at: dt.datetime) -> HandoverList:
    """Make a list and hand it over at once."""
    made = make_list(unit_id=unit_id, item_ids=item_ids, note=note, by=by, at=at)
    return offer(list_id=made.pk, by=by, at=at)


@service
def recall(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> HandoverList:
    """Take a list back while nothing on it was decided."""
    one = _locked(list_id)
    with acting_as(SYSTEM):
        decided = HandoverRow.objects.filter(list=one).exclude(state=RowState.WAITING).count()
    rules.may_recall(by, one, decided, reason).demand()
    with acting_as(SYSTEM):
        item_ids = list(HandoverRow.objects.filter(list=one).values_list("item_id", flat=True))
        HandoverRow.objects.filter(list=one).update(state=RowState.RECALLED, decided_at=at, reason=reason.strip())
        archive.set_state(item_ids=item_ids, state=ItemState.FILED, by=SYSTEM, at=at)
    _end(one, ListState.RECALLED, reason, by, at)
    with acting_as(SYSTEM):
        if one.matter_id is not None:
            procedures.close(matter_id=one.matter_id, reason=reason, by=SYSTEM, at=at)
    journal.write(by=by, at=at, act="handover.recalled", on=one, data={"reason": one.end_reason})
    return one


# --- The four checks --------------------------------------------------------------------------------------------------
@service
def check(*, list_id: int, row_ids: Collection[int] | None = None, by: Actor, at: dt.datetime) -> int:
    """Make the four checks of what is undecided on a list; each round is kept. Returns how many items."""
    one = _locked(list_id)
    if not by.is_system:
        rules.may_decide(by, one).demand()
    rows = HandoverRow.objects.filter(list=one, state=RowState.WAITING).order_by("position")
    if row_ids is not None:
        rows = rows.filter(pk__in=row_ids)
    ids = list(rows.values_list("id", flat=True))
    with acting_as(SYSTEM):  # contents are read for the archive, whoever of it pressed
        for start in range(0, len(ids), CHECK_BATCH):
            _check(ids[start : start + CHECK_BATCH], at)
    one.checked_at = at
    one.save(update_fields=["checked_at"])
    journal.write(by=by, at=at, act="handover.checked", on=one, data={"items": len(ids)})
    return len(ids)


def _check(row_ids: Sequence[int], at: dt.datetime) -> None:
    rows = list(HandoverRow.objects.select_for_update(of=("self",)).filter(pk__in=row_ids).order_by("pk"))
    found = checks.checks_of([row.item_id for row in rows], at=at, on=clock.date_of(at))
    said: list[HandoverCheck] = []
    for row in rows:
        of_item = found[row.item_id]
        row.round += 1
        row.worst = worst(of_item)
        said += [
            HandoverCheck(
                row=row,
                round=row.round,
                position=place,
                name=one.name,
                result=one.result,
                part_id=one.part_id,
                code=one.code,
                data=dict(one.data),
                at=at,
            )
            for place, one in enumerate(of_item)
        ]
    HandoverRow.objects.bulk_update(rows, ["round", "worst"])
    HandoverCheck.objects.bulk_create(said)


# --- The archive's side -----------------------------------------------------------------------------------------------
def _undecided(one: HandoverList, row_ids: Collection[int]) -> list[HandoverRow]:
    rows = list(
        HandoverRow.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(list=one, pk__in=row_ids)
        .order_by("position")
    )
    if not rows or len(rows) != len(set(row_ids)):
        raise Refused(_("Pick items of this list."), field="rows")
    return rows


@service
def accept(
    *, list_id: int, row_ids: Collection[int] | None = None, reason: str = "", by: Actor, at: dt.datetime
) -> list[HandoverRow]:
    """Accept items (all that wait, unless told which). One that failed a check stops it: nothing is accepted."""
    one = _locked(list_id)
    rules.may_decide(by, one).demand()
    if row_ids is None:
        row_ids = one.rows.filter(state=RowState.WAITING).values_list("id", flat=True)
    rows = _undecided(one, list(row_ids))
    for row in rows:
        rules.may_accept(row, row.item.code, reason).demand()
    for row in rows:
        row.reason = "" if row.worst == "PASS" else reason.strip()
    return _decide(rows, RowState.ACCEPTED, by, at)


@service
def give_back(*, list_id: int, row_ids: Collection[int], reason: str, by: Actor, at: dt.datetime) -> list[HandoverRow]:
    """Return items to the department with the reason: it mends them and puts them on another list."""
    one = _locked(list_id)
    rules.may_decide(by, one).demand()
    rows = _undecided(one, row_ids)
    for row in rows:
        rules.may_return(row, row.item.code, reason).demand()
        row.reason = reason.strip()
    archive.set_state(item_ids=[row.item_id for row in rows], state=ItemState.FILED, by=by, at=at)
    decided = _decide(rows, RowState.RETURNED, by, at)
    if one.matter_id is not None and one.offered_post_id is not None:
        note = _("%(codes)s: %(why)s") % {
            "codes": ", ".join(row.item.code for row in rows[:5]) + ("…" if len(rows) > 5 else ""),
            "why": reason.strip(),
        }
        procedures.tell_posts(
            matter_id=one.matter_id,
            post_ids=[one.offered_post_id],
            kind=NoticeKind.RETURNED,
            note=note,
            by=by,
            at=at,
        )
    return decided


def _decide(rows: list[HandoverRow], state: RowState, by: Actor, at: dt.datetime) -> list[HandoverRow]:
    for row in rows:
        row.state, row.decided_at, row.decided_person_id = state, at, by.person_id
    HandoverRow.objects.bulk_update(rows, ["state", "reason", "decided_at", "decided_person"])
    journal.write_many(
        act="handover.item_accepted" if state == RowState.ACCEPTED else "handover.item_returned",
        lines=[
            journal.Line(
                f"records.archivalitem:{row.item_id}",
                {"list": row.list_id, "reason": row.reason, "checks": row.worst},
                row.item.guard_id,
                row.item.label,
            )
            for row in rows
        ],
        by=by,
        at=at,
    )
    return rows


@service
def sign(*, list_id: int, by: Actor, at: dt.datetime) -> HandoverList:
    """Take over under one's signature what was accepted; by way of the step in the inbox, which is then done."""
    return _through_the_step(list_id, "TAKEN", "", by, at)


@service
def return_list(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> HandoverList:
    """Return all that is undecided, with the reason, and end the list."""
    return _through_the_step(list_id, "RETURNED", reason, by, at)


def _through_the_step(list_id: int, outcome: str, opinion: str, by: Actor, at: dt.datetime) -> HandoverList:
    one = queries.list_of(list_id)
    if one is None:
        raise Refused(_("There is no such list for you."))
    rules.may_decide(by, one).demand()
    waiting = procedure_queries.open_tasks(one.matter_id) if one.matter_id is not None else []
    if not waiting:
        raise Refused(_("The step of taking over is not open for you."))
    procedures.complete(task_id=waiting[0]["id"], outcome=outcome, opinion=opinion, by=by, at=at)
    one.refresh_from_db()
    return one


def undecided_and_accepted(one: HandoverList) -> tuple[int, int]:
    """How many items wait and how many were accepted: all of them, also those that the actor may not know of."""
    with acting_as(SYSTEM):
        rows = HandoverRow.objects.filter(list=one)
        return rows.filter(state=RowState.WAITING).count(), rows.filter(state=RowState.ACCEPTED).count()


@service
def settle(*, list_id: int, outcome: str, opinion: str, by: Actor, at: dt.datetime) -> HandoverList:
    """What follows when the step of taking over is done; called by the procedure."""
    one = _locked(list_id)
    if outcome == "RETURNED":
        rules.may_decide(by, one).demand()
        left = list(one.rows.filter(state=RowState.WAITING).values_list("id", flat=True))
        if left:
            give_back(list_id=one.pk, row_ids=left, reason=opinion, by=by, at=at)
    waiting, accepted = undecided_and_accepted(one)
    if outcome == "TAKEN" or accepted:
        rules.may_sign(by, one, waiting=waiting, accepted=accepted).demand()
        with acting_as(SYSTEM):  # one may have been accepted by a colleague who sees more
            accepted_rows = HandoverRow.objects.filter(list=one, state=RowState.ACCEPTED)
            item_ids = list(accepted_rows.values_list("item_id", flat=True))
            archive.set_state(item_ids=item_ids, state=ItemState.HELD, by=SYSTEM, at=at)
        _end(one, ListState.TAKEN, "", by, at)
        journal.write(by=by, at=at, act="handover.taken", on=one, data={"items": accepted})
        return one
    if waiting:
        raise Refused(_("Items that you may not see wait for somebody who may."))
    _end(one, ListState.RETURNED, opinion, by, at)
    journal.write(by=by, at=at, act="handover.returned", on=one, data={"reason": one.end_reason})
    return one


def _end(one: HandoverList, state: ListState, reason: str, by: Actor, at: dt.datetime) -> None:
    one.state, one.end_reason, one.ended_at = state, reason.strip()[:1000], at
    one.ended_person_id, one.ended_post_id = by.person_id, by.post_id
    one.version += 1
    changed: list[Any] = ["state", "end_reason", "ended_at", "ended_person", "ended_post", "version"]
    one.save(update_fields=changed)


def _subject(one: HandoverList) -> str:
    return f"general_office.handoverlist:{one.pk}"
