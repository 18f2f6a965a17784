"""The register of carriers. Row security shows each person what concerns them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q
from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy, CopyRequest
from chancery.departments.general_office.confidential_work.carriers.terms import (
    AskState,
    CopyState,
    level_words,
)
from chancery.departments.general_office.confidential_work.classification import queries as classification
from chancery.departments.general_office.confidential_work.classification.terms import Target
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.web.columns import Rows
from chancery.foundations.words import is_chinese


class NoSuchCarrier(Refused):
    """The carrier, copy or paper about it does not exist, or may not be known."""


def cap_years(level: str, on: dt.date) -> int:
    """The longest period of a level."""
    return classification.cap(Target.CARRIER, level, on)


def listed() -> Rows:
    """Carriers as rows: number, alias, level, period, copies there and missing."""
    return Carrier.objects.values(
        "id", "number", "alias", "medium", "level", "expires_on", "until_condition", "registered_at"
    ).annotate(
        copies_count=Count("copies", filter=~Q(copies__state=CopyState.DESTROYED)),
        missing_count=Count("copies", filter=Q(copies__state=CopyState.MISSING)),
    )


def expiring(until: dt.date) -> Rows:
    """Carriers with copies left whose level runs out by a day, earliest first."""
    return listed().filter(expires_on__lte=until, copies_count__gt=0).order_by("expires_on", "id")


def carrier(carrier_id: int) -> Carrier | None:
    """One, if the actor may know of it."""
    return Carrier.objects.select_related("approver", "registered_person").filter(pk=carrier_id).first()


def copies(carrier_id: int) -> list[Any]:
    """Its copies that the actor may know of."""
    return list(
        CarrierCopy.objects.filter(carrier_id=carrier_id)
        .order_by("number")
        .values(
            "id",
            "number",
            "state",
            "place",
            "since",
            "holder_id",
            "moving_id",
            holder_en=F("holder__name_en"),
            holder_zh=F("holder__name_zh"),
            unit_en=F("holder_post__unit__name_en"),
            unit_zh=F("holder_post__unit__name_zh"),
            moving_number=F("moving__number"),
            from_number=F("copied_from__number"),
        )
    )


def copy(copy_id: int) -> CarrierCopy | None:
    """One copy with its carrier, if the actor may know of it."""
    return CarrierCopy.objects.select_related("carrier").filter(pk=copy_id).first()


def locked(copy_id: int) -> CarrierCopy:
    """A copy the actor may know of, locked until the service ends."""
    found = CarrierCopy.objects.select_for_update(of=("self",)).select_related("carrier").filter(pk=copy_id).first()
    if found is None:
        raise NoSuchCarrier(_("There is no such copy."))
    return found


def held_by(person_id: int | None) -> list[Any]:
    """The copies a person answers for, missing ones too; as the actor may see them."""
    return list(
        CarrierCopy.objects.filter(holder_id=person_id or 0)
        .exclude(state=CopyState.DESTROYED)
        .order_by("carrier__number", "number")
        .values(
            "id", "number", "state", "place", "since", "carrier_id", "moving_id", "carrier__number", "carrier__alias",
            "carrier__level", "carrier__expires_on",
        )
    )  # fmt: skip


def copies_out_with(person_id: int) -> list[str]:
    """The copies a person still answers for, by number and alias, whoever asks: what a leaver is told to hand back."""
    with acting_as(SYSTEM), transaction.atomic():
        rows = held_by(person_id)
    return [f"{row['carrier__number']} / {row['number']} ({row['carrier__alias']})" for row in rows]


def requests(*, is_open: bool = True) -> list[Any]:
    """Requests for further copies."""
    rows: Rows = CopyRequest.objects.order_by("-asked_at")
    if is_open:
        rows = rows.filter(state=AskState.ASKED)
    return list(
        rows.values(
            "id", "count", "reason", "state", "asked_at", "place", "answer",
            "copy__number", "copy__carrier_id", "copy__carrier__number", "copy__carrier__alias", "copy__carrier__level",
            who_en=F("asked_person__name_en"), who_zh=F("asked_person__name_zh"),
        )
    )  # fmt: skip


def span_of(carrier_id: int) -> tuple[int, int]:
    """The first and last copy number."""
    found = CarrierCopy.objects.filter(carrier_id=carrier_id).aggregate(first=Min("number"), last=Max("number"))
    return found["first"] or 0, found["last"] or 0


def expiring_soon(today: dt.date) -> Rows:
    """What runs out within the rulebook's notice, or has run out."""
    return expiring(today + dt.timedelta(days=rulebook.days("carrier.expiry.notice", on=today)))


# --- Papers ---------------------------------------------------------------------------------------------------------
TYPST = Path(__file__).parents[2] / "templates" / "general_office" / "confidential_work" / "desk" / "papers.typ"


def paper(kind: str, heading: str, **more: Any) -> dict[str, Any]:
    """What every paper of the desk has: kind ("labels", "receipt", "certificate"), heading, language, day."""
    return {
        "kind": kind,
        "heading": heading,
        "language": "zh" if is_chinese() else "en",
        "printed": _("Printed on %(day)s") % {"day": clock.today().isoformat()},
        "labels": [],
        "facts": [],
        "heads": [],
        "lines": [],
        "blanks": [],
        **more,
    }


def labels_of(of: Carrier) -> dict[str, Any]:
    """Labels for the copies that are there."""
    until = of.expires_on.isoformat() if of.expires_on else of.until_condition
    made = [
        {
            "alias": of.alias,
            "number": f"{of.number} / {row['number']}",
            "level": str(level_words()[of.level]),
            "until": _("until %(day)s") % {"day": until},
        }
        for row in copies(of.pk)
        if row["state"] != CopyState.DESTROYED
    ]
    return paper("labels", of.number, labels=made)


def missing() -> Rows:
    """Copies that are missing."""
    return CarrierCopy.objects.filter(state=CopyState.MISSING)
