"""Leavers, and what is still out with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.clearances.leaving.models import Leaving
from chancery.departments.general_office.confidential_work.clearances.terms import LeavingState
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.columns import Rows


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What keeps a leaver from being cleared."""

    carriers: list[str]
    loans: list[str]
    is_handed_on: bool

    @property
    def is_nothing(self) -> bool:
        """All settled."""
        return not self.carriers and not self.loans and self.is_handed_on


def listed() -> Rows:
    """Clearing lists as rows."""
    return Leaving.objects.values(
        "id", "person_id", "last_day", "state", "opened_at", "cleared_at", "cooling_until",
        who_en=F("person__name_en"), who_zh=F("person__name_zh"),
    )  # fmt: skip


def leaving(leaving_id: int) -> Leaving | None:
    """One, if the actor may see it."""
    return Leaving.objects.select_related("person", "handed_to", "cleared_person").filter(pk=leaving_id).first()


def loans_out_with(person_id: int) -> list[str]:
    """The codes of archives still on loan to a person, whoever asks."""
    with acting_as(SYSTEM), transaction.atomic():
        rows = Loan.objects.filter(borrower_id=person_id, returned_at=None).order_by("due_on", "id")
        return list(rows.values_list("code", flat=True))


def outstanding(of: Leaving) -> Outstanding:
    """What is still out, asked now."""
    return Outstanding(
        carriers.copies_out_with(of.person_id), loans_out_with(of.person_id), of.handed_to_id is not None
    )


def open_of(person_id: int | None) -> Any:
    """A person's open clearing list."""
    return Leaving.objects.filter(person_id=person_id or 0, state=LeavingState.OPEN).first()


def unsettled() -> Rows:
    """Clearing lists that are open."""
    return Leaving.objects.filter(state=LeavingState.OPEN)
