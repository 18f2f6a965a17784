"""Cases to be counted: written straight into the register, as many and as odd as a test likes."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from chancery.departments.general_office.petitions.models import Petition, PetitionStage
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access import services as access


@dataclass(frozen=True)
class Case:
    """One petition as far as it is counted; days None: not answered."""

    received: dt.date
    kind: str = "APPEAL"
    channel: str = "WEB"
    field: str = "awards"
    region: str = ""
    unit: str = ""
    again: bool = False
    rating: int | None = None
    days: int | None = None
    limit: int = 60
    outcome: str = ""


def told(cast: Any, cases: list[Case], roles: tuple[str, ...] = ("petition_officer", "petition_head")) -> None:
    """Put them into the register, under one guard that the staff read."""
    at = clock.now()
    with acting_as(SYSTEM):
        office = cast.units["GO"]
        guard = access.open_guard(unit_id=office, label=Clearance.RESTRICTED, is_narrow=True, by=SYSTEM, at=at)
        readers = [(None, role, office) for role in roles]
        access.add_readers(guard_id=guard.pk, readers=readers, how="standing", by=SYSTEM, at=at)  # type: ignore[arg-type]  # wider tuples
        made = Petition.objects.bulk_create(
            Petition(
                guard=guard, kind=case.kind, channel=case.channel, field=case.field, region=case.region,
                subject_unit_id=cast.units[case.unit] if case.unit else None, is_repeat=case.again, rating=case.rating,
                outcome=case.outcome,
                received_on=case.received, received_at=at, state_at=at,
            )
            for case in cases
        )  # fmt: skip
        PetitionStage.objects.bulk_create(
            PetitionStage(
                petition=one, stage="FIRST", opened_at=at, opened_on=case.received,
                due_on=case.received + dt.timedelta(days=case.limit), answered_at=at,
                answered_on=case.received + dt.timedelta(days=case.days),
            )
            for one, case in zip(made, cases, strict=True)
            if case.days is not None
        )  # fmt: skip


def recounted(cases: list[Case]) -> dict[str, Any]:
    """The same figures, counted plainly."""
    days = sorted(case.days for case in cases if case.days is not None)
    rated = [case.rating for case in cases if case.rating is not None]
    return {
        "n": len(cases),
        "answered": len(days),
        "on_time": sum(case.days is not None and case.days <= case.limit for case in cases),
        "late": sum(case.days is not None and case.days > case.limit for case in cases),
        "repeated": sum(case.again for case in cases),
        "rated": len(rated),
        "rating": sum(rated) / len(rated) if rated else None,
        "median": days[math.ceil(len(days) * 0.5) - 1] if days else None,
        "p90": days[math.ceil(len(days) * 0.9) - 1] if days else None,
    }


def by(cases: list[Case], name: str) -> Counter[str]:
    """How many of each."""
    return Counter(getattr(case, name) for case in cases)
