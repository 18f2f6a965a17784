"""Lending, extending, chasing, taking back."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.loans import queries, rules
from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.archives.loans.terms import EXTENSIONS, PROCEDURE, SUBJECT
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access import services as access
from chancery.kernel.directory.queries import holders_of
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.rules import as_written

#: What the database says when somebody else was quicker.
_GONE = ("loan_item_once", "loan_box_once", "is out already", "is not lent")


class NoSuchLoan(Refused):
    """The loan, item or box does not exist for the actor."""


@service
def lend(
    *, code: str, borrower_post_id: int, purpose: str, due_on: dt.date | None = None, by: Actor, at: dt.datetime
) -> Loan:
    """Lend an original or a box, by its code, to whoever holds a post."""
    rules.may_keep(by).demand()
    item, box = queries.of_code(as_written(code))
    fonds = item.fonds if item else box.fonds if box else None
    if fonds is None:
        raise NoSuchLoan(_("There is no item or box with this code."), field="code")
    rules.may_keep(by, fonds.keeper_unit_id).demand()
    if not purpose.strip():
        raise Refused(_("Say what it is needed for."), field="purpose")
    today = clock.date_of(at)
    most = queries.due_day(today)
    due = due_on or most
    if not today <= due <= most:
        raise Refused(_("A loan lasts to %(day)s at most.") % {"day": most}, field="due_on")
    holders = [row for row in holders_of(borrower_post_id, today) if row["person_id"] is not None]
    if not holders:
        raise Refused(_("Nobody holds this post today."), field="borrower_post")
    borrower = int(holders[-1]["person_id"])
    rules.is_another(by, borrower).demand()
    with acting_as(SYSTEM):  # one must meet items, holds and loans that one may not read
        items = [item] if item else list(ArchivalItem.objects.filter(box=box))
        held = _held([one.pk for one in items])
        out = queries.out_now(item_id=item.pk if item else None, box_id=box.pk if box else None)
    for one in items:
        rules.may_lend(one, is_held=one.pk in held).demand()
    rules.is_here(out).demand()
    label = max((one.label for one in items), default=int(Clearance.INTERNAL))
    guard = access.open_guard(unit_id=fonds.keeper_unit_id, label=label, by=by, at=at)
    try:
        with transaction.atomic():
            made = Loan.objects.create(
                guard=guard,
                fonds=fonds,
                item=item,
                box=box,
                code=item.code if item else box.code if box else "",
                borrower_id=borrower,
                borrower_post_id=borrower_post_id,
                purpose=purpose.strip()[:2000],
                lent_at=at,
                lent_person_id=by.person_id,
                due_on=due,
            )
    except IntegrityError as error:
        if not any(told in str(error) for told in _GONE):
            raise
        raise rules.NotToBeLent(_("It was lent to somebody else just now."), field="code") from None
    made.matter = procedures.open_matter(
        procedure=PROCEDURE,
        title=_("Bring back %(code)s") % {"code": made.code},
        unit_id=fonds.keeper_unit_id,
        label=label,
        subject=f"{SUBJECT}:{made.pk}",
        guard_id=guard.pk,
        due_on=due,
        data={"borrower": borrower_post_id},
        by=by,
        at=at,
    )
    made.save(update_fields=["matter"])
    journal.write(by=by, at=at, act="loan.lent", on=made, data={"code": made.code, "due_on": due})
    return made


def _held(item_ids: list[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("select records_held(%s)", [item_ids])
        return {row[0] for row in cursor.fetchall()}


def _locked(loan_id: int, by: Actor) -> Loan:
    loan = Loan.objects.select_for_update(of=("self",)).select_related("fonds", "matter").filter(pk=loan_id).first()
    if loan is None:
        raise NoSuchLoan(_("There is no such loan."))
    rules.may_keep(by, loan.fonds.keeper_unit_id).demand()
    return loan


@service
def extend(*, loan_id: int, reason: str, by: Actor, at: dt.datetime) -> Loan:
    """Extend a loan before it is due, by the provision's days from the day it was due."""
    loan = _locked(loan_id, by)
    today = clock.date_of(at)
    rules.may_extend(loan, today=today, most=int(rulebook.number(EXTENSIONS, on=today))).demand()
    if not reason.strip():
        raise Refused(_("Say why it is needed longer."), field="reason")
    loan.due_on = queries.due_day(loan.due_on, extension=True)
    loan.extensions += 1
    loan.save(update_fields=["due_on", "extensions"])
    if loan.matter_id is not None:
        with acting_as(SYSTEM):
            procedures.amend_matter(matter_id=loan.matter_id, due_on=loan.due_on, by=SYSTEM, at=at)
    journal.write(by=by, at=at, act="loan.extended", on=loan, data={"due_on": loan.due_on, "reason": reason.strip()})
    return loan


@service
def chase(*, loan_id: int, note: str = "", by: Actor, at: dt.datetime) -> Loan:
    """Urge the borrower. The clock does so too, once a loan is due."""
    loan = _locked(loan_id, by)
    if loan.returned_at is not None or loan.matter_id is None:
        raise Refused(_("It was brought back already."))
    procedures.urge(matter_id=loan.matter_id, note=note, by=by, at=at)
    Loan.objects.filter(pk=loan.pk).update(chased=F("chased") + 1, chased_at=at)
    journal.write(by=by, at=at, act="loan.chased", on=loan, data={"note": note})
    return loan


@service
def take_back(*, loan_id: int, condition: str, condition_note: str = "", by: Actor, at: dt.datetime) -> Loan:
    """Note that it came back, and how; the borrower's task ends."""
    loan = _locked(loan_id, by)
    rules.may_take_back(loan, condition, condition_note).demand()
    loan.returned_at, loan.returned_person_id = at, by.person_id
    loan.condition, loan.condition_note = condition, condition_note.strip()[:2000]
    loan.save(update_fields=["returned_at", "returned_person", "condition", "condition_note"])
    if loan.matter_id is not None:
        with acting_as(SYSTEM):
            procedures.close(matter_id=loan.matter_id, reason=_("It was brought back."), by=SYSTEM, at=at)
    journal.write(by=by, at=at, act="loan.returned", on=loan, data={"condition": condition})
    return loan
