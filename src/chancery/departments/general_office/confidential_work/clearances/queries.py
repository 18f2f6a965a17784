"""Who is cleared for what. `may_know` answers for the system; lists show what the actor may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from chancery.departments.general_office.confidential_work.clearances import rules
from chancery.departments.general_office.confidential_work.clearances.models import ExitRequest, PersonClearance
from chancery.departments.general_office.confidential_work.clearances.terms import (
    ACCOUNT_REACHES,
    REACHES,
    ExitState,
    Kind,
    State,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Verdict
from chancery.foundations.web.columns import Rows


def standing(person_id: int | None, on: dt.date) -> str:
    """The kind a person is cleared as, "" for none."""
    with acting_as(SYSTEM), transaction.atomic():
        found = PersonClearance.objects.filter(person_id=person_id or 0, state=State.STANDING).values_list(
            "kind", flat=True
        )
        return found.first() or ""


def may_know(person_id: int | None, level: str, on: dt.date) -> bool:
    """Whether a person's clearance reaches a level of carriers (TOP_SECRET, SECRET, CONFIDENTIAL)."""
    kind = standing(person_id, on)
    return bool(kind) and level in REACHES[Kind(kind)]


def reaches_held(person_id: int, level: str) -> bool:
    """`may_know`, with the clearance held until the transaction ends."""
    with acting_as(SYSTEM):
        rows = PersonClearance.objects.select_for_update(of=("self",)).filter(person_id=person_id, state=State.STANDING)
        return any(level in REACHES[Kind(row.kind)] for row in rows)


def account_reach(person_id: int, on: dt.date) -> int | None:
    """How far a person's clearance lets their account see; None without one."""
    kind = standing(person_id, on)
    return int(ACCOUNT_REACHES[Kind(kind)]) if kind else None


def check_account(person_id: int, clearance: int, at: dt.datetime) -> Verdict:
    """What access asks before an account is let see further (`accounts.rules.register_clearance_check`)."""
    return rules.account_follows(account_reach(person_id, clock.date_of(at)), clearance)


def listed() -> Rows:
    """Clearances as rows."""
    return PersonClearance.objects.values(
        "id", "person_id", "kind", "state", "basis", "proposed_at", "decided_at", "trained_on", "review_on",
        "ended_on", "cooling_until",
        who_en=F("person__name_en"), who_zh=F("person__name_zh"),
    )  # fmt: skip


def clearance(clearance_id: int) -> PersonClearance | None:
    """One, if the actor may see it."""
    return (
        PersonClearance.objects.select_related("person", "proposed_person", "decided_person")
        .filter(pk=clearance_id)
        .first()
    )


def mine(person_id: int | None) -> PersonClearance | None:
    """One's own standing clearance, or the last one."""
    rows = PersonClearance.objects.filter(person_id=person_id or 0)
    return rows.filter(state=State.STANDING).first() or rows.order_by("-proposed_at").first()


def exits(clearance_id: int) -> list[Any]:
    """Journeys abroad asked under a clearance."""
    return list(
        ExitRequest.objects.filter(clearance_id=clearance_id)
        .order_by("-asked_at")
        .values("id", "where_to", "purpose", "leaves_on", "returns_on", "state", "decided_at")
    )


def open_exits() -> Rows:
    """Journeys that wait for a decision."""
    return ExitRequest.objects.filter(state=ExitState.ASKED)


def proposed() -> Rows:
    """Proposals that wait for a decision."""
    return PersonClearance.objects.filter(state=State.PROPOSED)


def due(today: dt.date) -> Rows:
    """Standing clearances whose review day has come."""
    return PersonClearance.objects.filter(state=State.STANDING, review_on__lte=today)
