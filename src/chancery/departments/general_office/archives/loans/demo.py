"""The loan log's part of the story: one original out, one brought back, one overdue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.archives.loans import services
from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.archives.loans.terms import Condition
from chancery.foundations.actor import SYSTEM, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import Carrier, ItemState

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

PURPOSE = "For an exhibition (sample) / 举办展览使用（样例）"
# Days ago when it was lent; whether it is back.
LOANS = ((3, False), (12, True), (40, False))


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Three loans. Told twice it changes nothing."""
    with acting_as(SYSTEM), transaction.atomic():
        if Loan.objects.exists():
            return
        codes = list(
            ArchivalItem.objects.filter(carrier=Carrier.PAPER, state__in=(ItemState.FILED, ItemState.HELD))
            .exclude(label__gt=Clearance.INTERNAL)
            .order_by("pk")
            .values_list("code", flat=True)[: len(LOANS)]
        )
    for code, (ago, is_back) in zip(codes, LOANS, strict=False):
        then = now - dt.timedelta(days=ago)
        with acting_as(cast.archivist), transaction.atomic():
            loan = services.lend(
                code=code, borrower_post_id=cast.posts["outsider", "IA"], purpose=PURPOSE, by=cast.archivist, at=then
            )
            if is_back:
                services.take_back(
                    loan_id=loan.pk,
                    condition=Condition.SOUND,
                    by=cast.archivist,
                    at=then + dt.timedelta(days=5),
                )
