"""What is out, what is overdue, the section on the item's page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from chancery.departments.general_office.archives.loans import rules
from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.archives.loans.terms import DAYS, EXTENSION_DAYS
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox
from chancery.kernel.records.archive.terms import LIVE, Carrier


def log(by: Actor) -> QuerySet[Loan]:
    """The loan log: all of it for archivists, one's own loans for everybody else."""
    rows = Loan.objects.annotate(
        standing=Case(
            When(returned_at__isnull=False, then=Value("back")),
            When(due_on__lt=clock.today(), then=Value("overdue")),
            default=Value("out"),
        )
    )
    return rows if rules.may_keep(by) else rows.filter(borrower_id=by.person_id)


LINE = (
    "id", "code", "item_id", "box_id", "borrower__name_en", "borrower__name_zh", "lent_at", "due_on", "extensions",
    "chased", "returned_at", "condition", "matter_id", "standing",
)  # fmt: skip


def loan_of(loan_id: int) -> Loan | None:
    """A loan, or None when it does not exist for the actor."""
    return (
        Loan.objects.select_related("item", "box", "borrower", "borrower_post", "matter", "fonds", "lent_person")
        .filter(pk=loan_id)
        .first()
    )


def out_now(*, item_id: int | None = None, box_id: int | None = None) -> Loan | None:
    """The loan that keeps an item or a box from being lent: its own, its box's, or one of its items'."""
    found = Q()
    if item_id is not None:
        found |= Q(item_id=item_id) | Q(box__items=item_id)
    if box_id is not None:
        found |= Q(box_id=box_id) | Q(item__box_id=box_id)
    return Loan.objects.filter(found, returned_at=None).order_by("lent_at").first()


def of_code(code: str) -> tuple[ArchivalItem | None, ArchiveBox | None]:
    """The item or box with that code, as far as the actor knows of it."""
    item = ArchivalItem.objects.select_related("fonds").filter(code=code).first()
    box = None if item else ArchiveBox.objects.select_related("fonds").filter(code=code).first()
    return item, box


def due_day(today: dt.date, *, extension: bool = False) -> dt.date:
    """The last day of a loan made or extended today."""
    return today + dt.timedelta(days=rulebook.days(EXTENSION_DAYS if extension else DAYS, on=today))


def section(item: ArchivalItem, by: Actor) -> dict[str, Any] | None:
    """On the item's page: where the original is, and lending it."""
    if item.carrier == Carrier.DIGITAL or not by.is_person:
        return None
    keeps = bool(rules.may_keep(by, item.fonds.keeper_unit_id))
    with acting_as(SYSTEM):  # who has it is not for everybody to know; that it is out, is
        out = out_now(item_id=item.pk)
    return {
        "out": out,
        "is_overdue": out is not None and out.due_on < clock.today(),
        "knows_who": keeps or (out is not None and out.borrower_id == by.person_id),
        "keeps": keeps,
        "may_lend": keeps and out is None and item.state in LIVE,
        "past": list(Loan.objects.select_related("borrower").filter(item=item).exclude(returned_at=None)[:5])
        if keeps
        else [],
    }


def panel(matter: Any, by: Actor) -> dict[str, Any]:
    """On the matter's page."""
    return {"loan": loan_of(int(matter.subject.rpartition(":")[2])), "today": clock.today()}
