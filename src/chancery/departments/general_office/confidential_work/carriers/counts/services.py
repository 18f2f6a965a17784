"""The yearly count."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.counts import queries, rules
from chancery.departments.general_office.confidential_work.carriers.counts.models import CarrierCount, CountLine
from chancery.departments.general_office.confidential_work.carriers.models import CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.queries import NoSuchCarrier, locked
from chancery.departments.general_office.confidential_work.carriers.terms import CopyState, CountState, Found
from chancery.departments.general_office.confidential_work.rules import is_officer, is_said, person_in_post
from chancery.departments.general_office.confidential_work.services import open_desk_guard
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused


@service
def open_count(*, by: Actor, at: dt.datetime) -> CarrierCount:
    """Open this year's count over every copy that is not destroyed."""
    rules.may_count(by).demand()
    today = clock.date_of(at)
    try:
        with transaction.atomic():
            count = CarrierCount.objects.create(
                guard_id=open_desk_guard(by=by, at=at), year=today.year, opened_at=at,
                opened_person_id=person_in_post(by)[0], due_on=queries.due_on(today.year, today),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("This year's count was opened already.")) from error
    ids = CarrierCopy.objects.exclude(state=CopyState.DESTROYED).values_list("pk", flat=True)
    CountLine.objects.bulk_create(CountLine(count=count, copy_id=pk) for pk in ids)
    journal.write(by=by, at=at, act="carrier.count_opened", on=count, data={"year": count.year, "copies": len(ids)})
    return count


@service
def count_copy(*, line_id: int, is_seen: bool, by: Actor, at: dt.datetime) -> CountLine:
    """Mark a copy as seen with one's own eyes, or as missing; a missing one leads into a breach report."""
    line = (
        CountLine.objects.select_for_update(of=("self",))
        .select_related("count", "copy__carrier")
        .filter(pk=line_id)
        .first()
    )
    if line is None:
        raise NoSuchCarrier(_("There is no such copy."))
    rules.may_count(by, line.count).demand()
    copy = locked(line.copy_id)
    line.found = Found.SEEN if is_seen else Found.MISSING
    line.counted_at, line.counted_person_id = at, by.person_id
    line.save(update_fields=["found", "counted_at", "counted_person"])
    _stand(copy, is_seen=is_seen, why="", by=by, at=at)
    journal.write(
        by=by, at=at, act="carrier.counted", on=copy.carrier,
        data={"copy": copy.number, "found": line.found, "year": line.count.year},
    )  # fmt: skip
    return line


@service
def note_missing(*, copy_id: int, reason: str, by: Actor, at: dt.datetime) -> CarrierCopy:
    """Say between counts that a copy cannot be found: its holder or the officer does, at once."""
    copy = locked(copy_id)
    if by.person_id != copy.holder_id:
        is_officer(by).demand()
    is_said(reason, "reason").demand()
    if copy.state != CopyState.HELD:
        raise Refused(_("Copy %(number)s is not held: it is missing or destroyed.") % {"number": copy.number})
    _stand(copy, is_seen=False, why=reason.strip(), by=by, at=at)
    return copy


def _stand(copy: CarrierCopy, *, is_seen: bool, why: str, by: Actor, at: dt.datetime) -> None:
    state = CopyState.HELD if is_seen else CopyState.MISSING
    if copy.state == state or copy.state == CopyState.DESTROYED:
        return
    copy.state, copy.since = state, at
    copy.save(update_fields=["state", "since"])
    act = "carrier.found_again" if is_seen else "carrier.missing"
    journal.write(by=by, at=at, act=act, on=copy.carrier, data={"copy": copy.number, "reason": why})


@service
def close_count(*, count_id: int, by: Actor, at: dt.datetime) -> CarrierCount:
    """Close a count in which every copy is seen or named as missing."""
    count = CarrierCount.objects.select_for_update(of=("self",)).filter(pk=count_id).first()
    if count is None:
        raise NoSuchCarrier(_("There is no such count."))
    rules.may_count(by, count).demand()
    lines = queries.lines(count.pk)
    destroyed = set(
        CarrierCopy.objects.filter(pk__in=[line["copy_id"] for line in lines], state=CopyState.DESTROYED).values_list(
            "pk", flat=True
        )
    )
    waiting = [line for line in lines if line["found"] == Found.WAITING and line["copy_id"] not in destroyed]
    rules.is_complete(len(waiting)).demand()
    count.state, count.closed_at, count.closed_person_id = CountState.CLOSED, at, by.person_id
    count.save(update_fields=["state", "closed_at", "closed_person"])
    missing = [f"{line['carrier']} / {line['number']}" for line in lines if line["found"] == Found.MISSING]
    journal.write(by=by, at=at, act="carrier.count_closed", on=count, data={"year": count.year, "missing": missing})
    return count
