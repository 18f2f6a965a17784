"""Keeping in the story: of the closed petitions of the year before, one is filed; the others wait for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.petitions.keeping import queries, services
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.fileplan.models import FilePlan
from chancery.kernel.records.fileplan.terms import PlanState

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Told twice it changes nothing; without a file plan in force nothing is filed."""
    by, year = cast.petition_registrar, clock.date_of(now).year - 1
    with acting_as(SYSTEM), transaction.atomic():
        rows = Petition.objects.filter(received_on__year=year, state=State.CLOSED)
        first = rows.order_by("received_on", "id").first()
        if first is None or not FilePlan.objects.filter(state=PlanState.APPROVED).exists():
            return
        if queries.item_of(first.pk) is not None:
            return
    with clock.fixed_at(now), acting_as(by), transaction.atomic():
        services.file_petition(petition_id=first.pk, by=by, at=now)
