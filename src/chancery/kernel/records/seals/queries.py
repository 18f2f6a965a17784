"""Questions about seals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import F, Max, QuerySet

from chancery.foundations.content_store import store
from chancery.kernel.directory.queries import ask, unit_as_of
from chancery.kernel.records.seals.models import Seal, SealCertificate, SealUse
from chancery.kernel.records.seals.terms import SealState

Row = dict[str, Any]


def seals_for_unit(unit_id: int, on: dt.date) -> list[Row]:
    """The seals of a unit that can be used on a day, in names; any member of staff may ask, in order to ask for one."""
    rows = ask("select * from records_seals_of(%(unit)s)", {"unit": unit_id})
    return [
        row
        for row in rows
        if row["state"] == SealState.ACTIVE
        and row["valid_from"] <= on
        and (row["valid_to"] is None or on <= row["valid_to"])
    ]


def seal(seal_id: int) -> Seal | None:
    """The seal with all its facts, or None when it does not exist for the actor."""
    return (
        Seal.objects.select_related("unit", "keeper_post", "keeper_post__unit", "impression").filter(pk=seal_id).first()
    )


def is_registered(seal_id: int) -> bool:
    """Whether there is such a seal, seen or not: to tell a wrong keeper from a wrong number."""
    with connection.cursor() as cursor:
        cursor.execute("select records_seal_exists(%s)", [seal_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def seal_rows() -> QuerySet[Seal, Mapping[str, Any]]:
    """The register, as far as the actor sees it."""
    return Seal.objects.annotate(
        unit_en=F("unit__name_en"),
        unit_zh=F("unit__name_zh"),
        keeper_en=F("keeper_post__title_en"),
        keeper_zh=F("keeper_post__title_zh"),
    ).values(
        "id", "code", "name_en", "name_zh", "kind", "state", "valid_from", "valid_to", "unit_id", "unit_en", "unit_zh",
        "keeper_en", "keeper_zh",
    )  # fmt: skip


def uses(*, seal_id: int | None = None, subject: str | None = None) -> QuerySet[SealUse, Mapping[str, Any]]:
    """The use log of a seal, or the seals on a paper ("label.model:pk"), as far as the actor sees it."""
    rows = SealUse.objects.all()
    if seal_id is not None:
        rows = rows.filter(seal_id=seal_id)
    if subject is not None:
        rows = rows.filter(subject=subject)
    return rows.annotate(
        approver_en=F("approver_person__name_en"),
        approver_zh=F("approver_person__name_zh"),
        keeper_en=F("keeper_person__name_en"),
        keeper_zh=F("keeper_person__name_zh"),
        keeper_post_en=F("keeper_post__title_en"),
        keeper_post_zh=F("keeper_post__title_zh"),
        acting_post_en=F("acting_post__title_en"),
        acting_post_zh=F("acting_post__title_zh"),
        witness_en=F("witness_person__name_en"),
        witness_zh=F("witness_person__name_zh"),
    ).values(
        "id", "seal_id", "subject", "subject_text", "text_hash", "sha256_before", "sha256_after", "copies", "at",
        "approver_en", "approver_zh", "keeper_en", "keeper_zh", "keeper_post_id", "acting_post_id", "keeper_post_en",
        "keeper_post_zh", "acting_post_en", "acting_post_zh", "witness_en", "witness_zh",
    )  # fmt: skip


def last_use(seal_id: int) -> dt.datetime | None:
    """When the seal was last used."""
    found: dt.datetime | None = SealUse.objects.filter(seal_id=seal_id).aggregate(last=Max("at"))["last"]
    return found


def certificate_of(seal_id: int) -> SealCertificate | None:
    """The certificate in use."""
    return SealCertificate.objects.filter(seal_id=seal_id, replaced_at=None).first()


def certificates_of(seal_id: int) -> list[SealCertificate]:
    """All certificates of a seal, the one in use first."""
    return list(
        SealCertificate.objects.filter(seal_id=seal_id).order_by(F("replaced_at").desc(nulls_first=True), "-pk")
    )


def impression_of(seal: Seal) -> bytes:
    """The impression, a one-page PDF."""
    with store().open(seal.impression.sha256) as content:
        return content.read()


def body_is_there(unit_id: int, on: dt.date) -> bool:
    """Whether the body exists on a day."""
    return unit_as_of(unit_id, on) is not None
