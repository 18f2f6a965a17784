"""Shorthand for tests of seals: papers, places, and a seal of the General Office kept by the archivist."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import typst

from chancery.foundations.actor import SYSTEM, Actor
from chancery.kernel.access.services import open_guard
from chancery.kernel.records.seals import services
from chancery.kernel.records.seals.models import Seal
from chancery.kernel.records.seals.terms import Sealed

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
TEXT = hashlib.sha256("关于印发要点的通知".encode()).hexdigest()
SUBJECT = "general_office.outgoingdocument:7"


@dataclass(frozen=True)
class Place:
    """A place for a seal, as the setting of papers reports it."""

    page: int = 0
    x_mm: float = 110.0
    y_mm: float = 190.0
    width_mm: float = 42.0
    height_mm: float = 42.0


def paper(text: str = "Notice", pages: int = 2) -> bytes:
    """A PDF/A-2b of A4 pages."""
    body = "#set page(width: 210mm, height: 297mm)\n" + "\n#pagebreak()\n".join(f"{text} {n}" for n in range(pages))
    return bytes(typst.compile(body.encode(), pdf_standards=["a-2b"]))


def register(cast: Any, by: Actor | None = None, **facts: Any) -> Seal:
    """The General Office's seal, kept by the archivist, unless told otherwise."""
    given: dict[str, Any] = {
        "code": "GO-1",
        "name_en": "Seal of the General Office",
        "name_zh": "办公厅印章",
        "legal_name": "中国科学技术协会办公厅",
        "unit_id": cast.units["GO"],
        "kind": "OFFICIAL",
        "diameter_mm": Decimal("42"),
        "keeper_post_id": cast.archivist.post_id,
        "by": by or cast.registrar,
        "at": NOON,
    }
    return services.register_seal(**{**given, **facts})


def affix(cast: Any, seal: Seal, pdf: bytes, by: Actor | None = None, **facts: Any) -> Sealed:
    """The archivist seals what the leader approved, unless told otherwise."""
    given: dict[str, Any] = {
        "places": [Place()],
        "subject": SUBJECT,
        "text_hash": TEXT,
        "approved_hash": TEXT,
        "approver_person_id": cast.leader.person_id,
        "guard_id": open_guard(unit_id=cast.units["GO"], label=10, by=SYSTEM, at=NOON).pk
        if "guard_id" not in facts
        else facts["guard_id"],
        "by": by or cast.archivist,
        "at": NOON,
    }
    return services.affix(seal_id=seal.pk, pdf=pdf, **{**given, **facts})
