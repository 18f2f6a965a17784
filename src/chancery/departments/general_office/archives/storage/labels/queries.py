"""The sheet as PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import segno

from chancery.departments.general_office.archives.storage.models import StoragePlace
from chancery.departments.general_office.archives.storage.terms import PlaceKind
from chancery.foundations import typeset
from chancery.foundations.words import is_chinese

TEMPLATE = Path(__file__).resolve().parents[3] / "templates/general_office/archives/storage/labels.typ"


def labels_pdf(places: Sequence[StoragePlace]) -> bytes:
    """Labels in the order of the rooms, two to a row."""
    labels = [
        {
            "code": place.code,
            "kind": str(PlaceKind(place.kind).label),
            "name": place.name,
            "square": _square(place.code),
        }
        for place in places
    ]
    return typeset.pdf(TEMPLATE, {"labels": labels}, language="zh" if is_chinese() else "en")


def _square(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, scale=2)
    return out.getvalue().decode()
