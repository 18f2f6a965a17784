"""Verbs: draw a list up, approve it, make its package, enter the receipt, let the copies go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import IO, Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.transfers import queries, rules
from chancery.departments.general_office.archives.transfers.models import TransferList, TransferPackage, TransferRow
from chancery.departments.general_office.archives.transfers.terms import (
    MOST_ROWS,
    PROCEDURE,
    SERIES,
    SUBJECT,
    ListState,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access.services import add_reader, open_guard
from chancery.kernel.procedures import queries as matters
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.matters.rules import is_open, may_end
from chancery.kernel.procedures.moving.queries import take_matter
from chancery.kernel.records.archive.terms import source
from chancery.kernel.records.models import ArchivalItem, Fonds
from chancery.kernel.records.packages.services import build_package
from chancery.kernel.records.packages.terms import Built
from chancery.kernel.records.search.services import set_state
from chancery.kernel.records.services import issue_number


class NothingDue(Refused):
    """There is nothing to put on a list."""


@service
def draw_up(
    *, fonds_id: int, through_year: int, authority: str, note: str = "", by: Actor, at: dt.datetime
) -> TransferList:
    """A list of all that is due in a fonds up to a year; what is held stays off it."""
    fonds = Fonds.objects.filter(pk=fonds_id).first()
    if fonds is None:
        raise Refused(_("There is no such fonds."), field="fonds")
    rules.is_archivist(by, fonds.keeper_unit_id).demand()
    if not authority.strip():
        raise Refused(_("Say which authority takes it over."), field="authority")
    today = clock.date_of(at)
    due = queries.due(today).filter(fonds=fonds, year__lte=through_year).order_by("code")
    ids = list(due.values_list("pk", flat=True)[: MOST_ROWS + 1])
    free = [one for one in ids if one not in queries.held(ids)]
    if not free:
        raise NothingDue(_("Nothing of this fonds is due up to that year, or all of it is held."), field="through_year")
    if len(ids) > MOST_ROWS:
        raise Refused(
            _("More than %(n)s items are due: choose an earlier year.") % {"n": MOST_ROWS}, field="through_year"
        )
    highest = max(ArchivalItem.objects.filter(pk__in=free).values_list("label", flat=True))
    guard = open_guard(unit_id=fonds.keeper_unit_id, label=max(highest, Clearance.INTERNAL), by=by, at=at)
    for role in ("archivist", "archive_head"):
        add_reader(guard_id=guard.pk, role=role, unit_id=fonds.keeper_unit_id, how="transfer", by=by, at=at)
    number = issue_number(series=SERIES, year=clock.date_of(at).year, guard_id=guard.pk, by=by, at=at)
    made = TransferList.objects.create(
        guard=guard,
        fonds=fonds,
        number=number.text,
        authority=authority.strip()[:200],
        note=note.strip(),
        drawn_at=at,
        drawn_person_id=by.person_id,
    )
    try:
        with transaction.atomic():
            TransferRow.objects.bulk_create([TransferRow(list=made, item_id=one) for one in free])
    except IntegrityError:
        raise Stale(_("Somebody else has just put these items on a list.")) from None
    data = {"number": made.number, "items": len(free), "held": len(ids) - len(free), "authority": made.authority}
    journal.write(by=by, at=at, act="transfer.drawn_up", on=made, data=data)
    procedures.open_matter(
        procedure=PROCEDURE,
        title=_("Transfer of archives: %(number)s") % {"number": made.number},
        unit_id=fonds.keeper_unit_id,
        label=guard.label,
        subject=SUBJECT.format(made.pk),
        guard_id=guard.pk,
        by=by,
        at=at,
    )
    return made


@service
def take_off(*, list_id: int, row_ids: Collection[int], reason: str, by: Actor, at: dt.datetime) -> int:
    """Take items off a list that is still being drawn up; how many."""
    one = _locked(list_id)
    rules.is_archivist(by, one.fonds.keeper_unit_id).demand()
    rules.stands_at(one, ListState.DRAFT).demand()
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    rows = TransferRow.objects.filter(list=one, pk__in=list(row_ids), taken_off_at=None)
    codes = list(rows.values_list("item__code", flat=True))
    rows.update(taken_off_at=at, taken_off_reason=reason.strip()[:300])
    if codes:
        data = {"codes": codes, "reason": reason.strip()}
        journal.write(by=by, at=at, act="transfer.taken_off", on=one, data=data)
    return len(codes)


@service
def submit(*, list_id: int, by: Actor, at: dt.datetime) -> None:
    """Bring the list to the head of the archive: the step of its matter, from the list's own page."""
    rules.may_submit(by, _seen(list_id)).demand()
    _press(list_id, "draw_up", "SUBMITTED", by=by, at=at)


@service
def note_submitted(*, list_id: int, by: Actor, at: dt.datetime) -> None:
    """What that step does."""
    one = _locked(list_id)
    rules.may_submit(by, one).demand()
    if not _items(one):
        raise NothingDue(_("The list is empty."))
    rules.none_held(_held_codes(one)).demand()
    _move(one, ListState.SUBMITTED, submitted_at=at)
    journal.write(by=by, at=at, act="transfer.submitted", on=one)


@service
def approve(*, list_id: int, by: Actor, at: dt.datetime) -> None:
    """The head of the archive agrees: the step of its matter, from the list's own page."""
    one = _seen(list_id)
    rules.may_approve(by, one, len(_items(one))).demand()
    _press(list_id, "approve", "APPROVED", by=by, at=at)


@service
def note_approved(*, list_id: int, by: Actor, at: dt.datetime) -> None:
    """What that step does. Not by the person who drew the list up; the database asks that again."""
    one = _locked(list_id)
    rules.may_approve(by, one, len(_items(one))).demand()
    rules.none_held(_held_codes(one)).demand()
    _move(one, ListState.APPROVED, approved_at=at, approved_person_id=by.person_id, reason="")
    journal.write(by=by, at=at, act="transfer.approved", on=one, data={"items": len(_items(one))})


@service
def send_back(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """The head of the archive wants it otherwise: the step of its matter, from the list's own page."""
    rules.may_approve(by, _seen(list_id), 1).demand()
    rules.is_said(reason).demand()
    _press(list_id, "approve", "RETURNED", reason, by=by, at=at)


@service
def note_sent_back(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """What that step does, and what taking a submitted list back does."""
    one = _locked(list_id)
    rules.stands_at(one, ListState.SUBMITTED).demand()
    _move(one, ListState.DRAFT, reason=reason.strip()[:500], submitted_at=None)
    journal.write(by=by, at=at, act="transfer.sent_back", on=one, data={"reason": reason.strip()})


@service
def withdraw(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Give a list up, and its matter with it; its items are due again."""
    rules.may_withdraw(by, _seen(list_id), reason).demand()
    matter = _matter_first(list_id, by)
    note_withdrawn(list_id=list_id, reason=reason, by=by, at=at)
    if matter is not None and is_open(matter):
        # Any archivist of the fonds may give a list up; the matter itself is ended by its opener.
        closer = by if may_end(by, matter) else SYSTEM
        procedures.close(matter_id=matter.pk, reason=reason, by=closer, at=at)


@service
def note_withdrawn(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """What giving up does to the list."""
    one = _locked(list_id)
    rules.may_withdraw(by, one, reason).demand()
    TransferRow.objects.filter(list=one, taken_off_at=None).update(
        taken_off_at=at, taken_off_reason=reason.strip()[:300]
    )
    _move(one, ListState.WITHDRAWN, reason=reason.strip()[:500])
    journal.write(by=by, at=at, act="transfer.withdrawn", on=one, data={"reason": reason.strip()})


@service
def make_package(*, list_id: int, to: IO[bytes], by: Actor, at: dt.datetime) -> Built:
    """Write the package of an approved list; its hash is kept, so that a receipt can name it."""
    one = _locked(list_id)
    rules.is_archivist(by, one.fonds.keeper_unit_id).demand()
    rules.stands_at(one, ListState.APPROVED).demand()
    rules.none_held(_held_codes(one)).demand()
    built = build_package(
        item_ids=_items(one),
        to=to,
        purpose=_("Transfer to %(authority)s") % {"authority": one.authority},
        reference=one.number,
        by=by,
        at=at,
    )
    made, _is_new = TransferPackage.objects.get_or_create(
        list=one,
        sha256=built.sha256,
        defaults={
            "name": built.name,
            "size": built.size,
            "items": built.items,
            "files": built.files,
            "made_at": at,
            "made_person_id": by.person_id,
        },
    )
    data = {"name": made.name, "sha256": made.sha256, "size": made.size}
    journal.write(by=by, at=at, act="transfer.packed", on=one, data=data)
    return built


@service
def enter_receipt(
    *, list_id: int, receipt_number: str, receipt_on: dt.date, receipt_sha256: str, by: Actor, at: dt.datetime
) -> int:
    """Enter the authority's receipt: from now on the items are transferred, and stay as stubs. How many.

    The change is made by a function of the database, which asks everything again: the approval, the two persons, the
    receipt's hash, each item's state and day, and that no hold covers any. The matter ends with it.
    """
    matter = _matter_first(list_id, by)
    one = _locked(list_id)
    rules.is_archivist(by, one.fonds.keeper_unit_id).demand()
    rules.stands_at(one, ListState.APPROVED).demand()
    today, digest = clock.date_of(at), "".join(receipt_sha256.split()).lower()
    made = dict(TransferPackage.objects.filter(list=one).values_list("sha256", "made_at"))
    if not made:
        raise Refused(_("No package was made of this list yet."))
    first = min(clock.date_of(moment) for moment in made.values())
    rules.receipt_fits(receipt_number, receipt_on, digest, today, first, made).demand()
    rules.none_held(_held_codes(one)).demand()
    years = int(rulebook.number("archives.transfer.copies", on=today))
    until = _years_later(today, years)
    items = list(ArchivalItem.objects.filter(pk__in=_items(one)).values_list("pk", "guard_id", "label"))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "select general_office_transfer(%s, %s, %s, %s, %s, %s)",
                [one.pk, receipt_number.strip()[:120], receipt_on, digest, until, at],
            )
            count = int(cursor.fetchone()[0])
    except DatabaseError as fault:
        raise Stale(_("The database refused the transfer: %(why)s") % {"why": str(fault).partition("\n")[0]}) from fault
    subjects = [f"records.archivalitem:{pk}" for pk, _guard, _label in items]
    set_state(subjects=subjects, state="TRANSFERRED", by=by, at=at)
    said = {"list": one.number, "receipt": receipt_number.strip(), "authority": one.authority}
    journal.write_many(
        act="item.transferred",
        lines=[journal.Line(f"records.archivalitem:{pk}", said, guard, label) for pk, guard, label in items],
        by=by,
        at=at,
    )
    data = {"receipt": receipt_number.strip(), "on": receipt_on.isoformat(), "sha256": digest, "items": count}
    journal.write(by=by, at=at, act="transfer.completed", on=one, data=data)
    if matter is not None and is_open(matter):
        _press(list_id, "hand_over", "DONE", by=by, at=at)
    return count


@service
def release_copies(*, list_id: int, by: Actor, at: dt.datetime) -> int:
    """Remove the copies of what was transferred, once their time is over; the night's sweep takes the content away."""
    one = _locked(list_id)
    rules.is_archivist(by, one.fonds.keeper_unit_id).demand()
    rules.stands_at(one, ListState.COMPLETED).demand()
    rules.may_release(one, clock.date_of(at)).demand()
    rules.none_held(_held_codes(one)).demand()
    with connection.cursor() as cursor:
        cursor.execute("select general_office_release_copies(%s, %s)", [one.pk, at])
        files = int(cursor.fetchone()[0])
    _blank_sources(one)
    journal.write(by=by, at=at, act="transfer.released", on=one, data={"files": files})
    return files


def _blank_sources(one: TransferList) -> None:
    """What the functions keep of it outside the item's files is blanked as well."""
    with acting_as(SYSTEM):
        rows = TransferRow.objects.filter(list=one, taken_off_at=None).values_list(
            "item_id", "item__kind", "item__subject"
        )
        for item_id, kind, subject in rows:
            known = source(kind)
            if subject and known is not None and known.purge is not None:
                known.purge(item_id, subject)


def _press(list_id: int, step: str, outcome: str, opinion: str = "", *, by: Actor, at: dt.datetime) -> None:
    """Do the step of the list's matter that waits for it; the matter is locked first, then the list."""
    matter = queries.matter_of_list(list_id)
    waiting = [one for one in matters.open_tasks(matter.pk) if one["step"] == step] if matter is not None else []
    if not waiting:
        raise Stale(_("The list stands at another step meanwhile. Look again."))
    procedures.complete(task_id=waiting[0]["id"], outcome=outcome, opinion=opinion, by=by, at=at)


def _matter_first(list_id: int, by: Actor) -> Any:
    """The list's matter, locked before the list is: in the order in which its steps lock both."""
    matter = queries.matter_of_list(list_id)
    return take_matter(matter.pk, by=by).matter if matter is not None else None


def _seen(list_id: int) -> TransferList:
    one = queries.list_of(list_id)
    if one is None:
        raise Refused(_("There is no such list for you."))
    return one


def _locked(list_id: int) -> TransferList:
    rows = TransferList.objects.select_for_update(of=("self",)).select_related("fonds")
    one = rows.filter(pk=list_id).first()
    if one is None:
        raise Refused(_("There is no such list for you."))
    return one


def _items(one: TransferList) -> list[int]:
    return list(TransferRow.objects.filter(list=one, taken_off_at=None).values_list("item_id", flat=True))


def _held_codes(one: TransferList) -> list[str]:
    found = queries.held(_items(one))
    return list(ArchivalItem.objects.filter(pk__in=found).values_list("code", flat=True)) if found else []


def _move(one: TransferList, state: str, **changes: object) -> None:
    one.state = state
    for name, value in changes.items():
        setattr(one, name, value)
    one.version += 1
    one.save(update_fields=["state", "version", *(name.removesuffix("_id") for name in changes)])


def _years_later(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
