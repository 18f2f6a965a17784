"""Questions about documents; row security answers for the actor."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chancery.kernel.records.documents import rules
from chancery.kernel.records.documents.models import Document, DocumentFile
from chancery.kernel.records.documents.terms import METADATA_ELEMENTS


def document_of(document_id: int) -> Document | None:
    """The document, or None when it does not exist for the actor."""
    return Document.objects.filter(pk=document_id).first()


def parts_of(document_id: int) -> list[dict[str, Any]]:
    """The files of a document in order of role and version."""
    rows = (
        DocumentFile.objects.filter(document_id=document_id)
        .order_by("role", "version", "id")
        .values(
            "id", "role", "version", "replaced_at", "attached_at", "file_id", "file__name", "file__media_type",
            "file__size", "file__pages", "file__sha256",
        )
    )  # fmt: skip
    return [dict(row) for row in rows]


def same_number(*, direction: str, sender: str, sender_number: str, document_date: dt.date | None) -> Document | None:
    """The visible document under the same sender's number and year, for a hint while the form is filled in."""
    if not sender_number.strip():
        return None
    return Document.objects.filter(
        direction=direction,
        sender_key=rules.folded(sender)[:200],
        number_key=rules.folded(sender_number),
        number_year=rules.year_of(sender_number, document_date),
    ).first()


def metadata_of(document: Document) -> dict[str, str]:
    """The document under the element names of GB/T 33480-2016, for exchange."""
    return {
        element: str(value)
        for element, field in METADATA_ELEMENTS.items()
        if (value := getattr(document, field)) not in (None, "")
    }
