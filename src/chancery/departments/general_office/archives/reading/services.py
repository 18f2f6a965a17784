"""Asking, deciding, copying, ending."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.reading import queries, rules
from chancery.departments.general_office.archives.reading.copies import queries as copies
from chancery.departments.general_office.archives.reading.models import ReadingCopy, ReadingRequest
from chancery.departments.general_office.archives.reading.rules import NoSuchItem
from chancery.departments.general_office.archives.reading.terms import (
    HOW,
    PROCEDURE,
    RESTRICTED_PROCEDURE,
    SUBJECT,
    State,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.kernel.access import services as access
from chancery.kernel.access.guards.models import GuardReader
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.matters.terms import MatterState
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import LIVE


@service
def ask_to_read(
    *, item_id: int, purpose: str, wanted_until: dt.date, wants_copy: bool, by: Actor, at: dt.datetime
) -> ReadingRequest:
    """Ask to read an item. One whose line the actor may not see does not exist (`NoSuchItem`)."""
    item = archive.item(item_id)
    if item is None:
        raise NoSuchItem(_("There is no such item."))
    today = clock.date_of(at)
    rules.may_ask(
        by,
        item,
        purpose=purpose,
        wanted_until=wanted_until,
        wants_copy=wants_copy,
        reads=archive.may_read(item),
        today=today,
    ).demand()
    assert by.person_id is not None  # noqa: S101 - the rule has refused
    assert by.post_id is not None  # noqa: S101 - the rule has refused
    guard = access.open_guard(unit_id=by.body_id or item.unit_id, label=item.label, by=by, at=at)
    try:
        with transaction.atomic():
            made = ReadingRequest.objects.create(
                guard=guard,
                item=item,
                person_id=by.person_id,
                post_id=by.post_id,
                purpose=purpose.strip()[:2000],
                wanted_until=wanted_until,
                wants_copy=wants_copy,
                asked_at=at,
            )
    except IntegrityError as error:
        if "reading_once_at_a_time" not in str(error):
            raise
        raise Refused(_("You asked for it already."), field="purpose") from None
    restricted = rules.is_restricted(item)
    made.matter = procedures.open_matter(
        procedure=RESTRICTED_PROCEDURE if restricted else PROCEDURE,
        title=_("Request to read %(code)s") % {"code": item.code},
        unit_id=by.body_id or item.unit_id,
        label=item.label,
        subject=f"{SUBJECT}:{made.pk}",
        guard_id=guard.pk,
        data={"decider": item.unit_id if restricted else item.fonds.keeper_unit_id},
        by=by,
        at=at,
    )
    made.save(update_fields=["matter"])
    journal.write(by=by, at=at, act="reading.asked", on=made, data={"item": item.code})
    return made


@service
def settle(
    *, request_id: int, grant: bool, note: str, ends_on: dt.date | None, may_copy: bool, by: Actor, at: dt.datetime
) -> ReadingRequest:
    """What a decision does; called by the procedure when its step ends."""
    made = ReadingRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    if made is None:
        raise NoSuchItem(_("There is no such request."))
    rules.may_decide(by, made).demand()
    if not note.strip():
        raise Refused(_("Give the reason of the decision."), field="opinion")
    made.decided_at, made.decided_person_id, made.decided_post_id = at, by.person_id, by.post_id
    made.decision_note = note.strip()[:2000]
    if grant:
        today = clock.date_of(at)
        verdict, day = rules.lasts(made.wanted_until, ends_on, today, queries.last_day(today))
        verdict.demand()
        made.state, made.ends_on, made.may_copy = State.GRANTED, day, may_copy
        made.reader_added = _let_in(made, at)
    else:
        made.state = State.REFUSED
    made.save()
    if made.matter_id is not None:
        procedures.tell_posts(
            matter_id=made.matter_id,
            post_ids=[made.post_id],
            kind=NoticeKind.CLOSED,
            note=f"{made.get_state_display()}: {made.decision_note}",
            by=by,
            at=at,
        )
    act = "reading.granted" if grant else "reading.refused"
    journal.write(by=by, at=at, act=act, on=made, data={"ends_on": made.ends_on, "note": made.decision_note})
    return made


def _let_in(made: ReadingRequest, at: dt.datetime) -> bool:
    """Put the reader on the guard of the files. Whoever decides need not read them: the archive's own hand does it."""
    with acting_as(SYSTEM):
        item = ArchivalItem.objects.get(pk=made.item_id)
        if item.state not in LIVE:
            raise Refused(_("This item is no longer kept here."))
        standing = GuardReader.objects.filter(guard_id=item.content_guard_id, post_id=made.post_id, ended_at=None)
        # A reader whose reading runs out while another one of his still lasts keeps the other one's day.
        if standing.exclude(how=HOW).exists():
            return False
        access.add_reader(guard_id=item.content_guard_id, post_id=made.post_id, how=HOW, by=SYSTEM, at=at)
    return True


@service
def copy_part(*, request_id: int, part_id: int, by: Actor, at: dt.datetime) -> tuple[bytes, ReadingCopy]:
    """A watermarked copy of one file: reader, day, request and archival code on each page; noted, not kept."""
    made = queries.request_of(request_id)
    if made is None:
        raise NoSuchItem(_("There is no such request."))
    ReadingRequest.objects.select_for_update(of=("self",)).get(pk=made.pk)
    rules.may_copy(by, made, clock.date_of(at)).demand()
    file = copies.file_of_part(made.item_id, part_id)
    if file is None:
        raise NoSuchItem(_("There is no such file."))
    number = ReadingCopy.objects.filter(request=made).count() + 1
    content, pages = copies.marked_copy(file, copies.lines(made, at, number))
    row = ReadingCopy.objects.create(
        request=made, file=file, number=number, pages=pages, sha256=hashlib.sha256(content).hexdigest(), made_at=at
    )
    journal.write(by=by, at=at, act="reading.copied", on=made, data={"file": file.pk, "number": number, "pages": pages})
    return content, row


@service
def end_for_level(*, guard_id: int, label: int, post_ids: Collection[int], by: Actor, at: dt.datetime) -> int:
    """The level of what they ask for or read rose above them: what waits and what was granted ends, and they are told.
    By the system, in the transaction of the decision; how many requests ended."""
    found = (
        ReadingRequest.objects.select_for_update(of=("self",))
        .select_related("item", "matter")
        .filter(item__content_guard_id=guard_id, state__in=[State.ASKED, State.GRANTED])
        .order_by("id")
    )
    ended = 0
    for made in list(found):
        if made.post_id not in post_ids and queries.clearance_of(made.person_id) >= label:
            continue
        was_asked = made.state == State.ASKED
        reason = _("The level was raised above the reader's clearance")
        if was_asked:
            made.state, made.decided_at, made.decision_note = State.REFUSED, at, reason
            made.save(update_fields=["state", "decided_at", "decision_note"])
        else:
            made.state, made.ended_at = State.ENDED, at
            made.save(update_fields=["state", "ended_at"])
        if made.reader_added:
            access.end_reader(guard_id=guard_id, post_id=made.post_id, by=by, at=at)
        act = "reading.refused" if was_asked else "reading.ended"
        journal.write(by=by, at=at, act=act, on=made, data={"reason": reason})
        if made.matter is not None:
            if was_asked and made.matter.state == MatterState.OPEN:
                procedures.close(matter_id=made.matter.pk, reason=reason, by=by, at=at)
            procedures.tell_posts(
                matter_id=made.matter.pk, post_ids=[made.post_id], kind=NoticeKind.CLOSED, note=reason, by=by, at=at
            )
        ended += 1
    return ended


@service
def end_readings(*, by: Actor, at: dt.datetime) -> int:
    """End what has run out, and what is read of items no longer kept: the reader leaves the guard. How many ended."""
    if not by.is_system:
        raise Refused(_("This is done by the clock."))
    over = (
        ReadingRequest.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(Q(ends_on__lt=clock.date_of(at)) | ~Q(item__state__in=LIVE), state=State.GRANTED)
    )
    ended = 0
    for made in list(over):
        made.state, made.ended_at = State.ENDED, at
        made.save(update_fields=["state", "ended_at"])
        others = ReadingRequest.objects.filter(
            item__content_guard_id=made.item.content_guard_id, post_id=made.post_id, state=State.GRANTED
        )
        if made.reader_added and not others.exists():
            access.end_reader(guard_id=made.item.content_guard_id, post_id=made.post_id, by=by, at=at)
        elif made.reader_added:
            others.filter(pk=others.values("pk")[:1]).update(reader_added=True)
        journal.write(by=by, at=at, act="reading.ended", on=made, data={})
        ended += 1
    return ended
