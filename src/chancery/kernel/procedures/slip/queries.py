"""What stands on a slip, already in words of one language: the template only sets it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from chancery.foundations import typeset
from chancery.foundations.words import is_chinese, words
from chancery.kernel.directory.models import Unit
from chancery.kernel.procedures.matters.queries import opinions

TEMPLATE = Path(__file__).resolve().parents[1] / "templates/procedures/slip.typ"
HOUSE_CODE = "CAST"

Fact = dict[str, Any]


def language() -> str:
    """The language a paper is printed in: the reader's."""
    return "zh" if is_chinese() else "en"


def day(value: dt.date | None) -> str:
    """A day in words."""
    return formats.date_format(value, "DATE_FORMAT") if value else ""


def moment(value: dt.datetime | None) -> str:
    """An instant in words of the house's clock."""
    return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT") if value else ""


def house() -> str:
    """The name of the house at the head of its papers."""
    unit = Unit.objects.filter(code=HOUSE_CODE).first() or Unit.objects.order_by("id").first()
    return words(unit, "name") if unit else ""


def fact(word: Any, value: Any, *, wide: bool = False) -> Fact:
    """A pair on the slip; a wide one has a line of its own."""
    return {"word": str(word), "value": str(value or ""), "wide": wide}


def slip(
    *,
    heading: str,
    number: str,
    facts: Sequence[Fact],
    matter_id: int | None,
    at: dt.datetime,
    readers: Sequence[Mapping[str, str]] = (),
    result: Sequence[Fact] = (),
) -> dict[str, Any]:
    """The slip as the template takes it. A reader: unit, post, read, note."""
    return {
        "language": language(),
        "house": house(),
        "heading": heading,
        "number": number,
        "printed": _("Printed from the register on %(when)s") % {"when": moment(at)},
        "facts": list(facts),
        "opinions": _grouped(opinions(matter_id)) if matter_id else [],
        "readers": list(readers),
        "result": [one for one in result if one["value"]],
        "words": {
            "opinions": _("Opinions by unit"),
            "none": _("No opinion has been given yet."),
            "circulation": _("Circulation"),
            "reader_heads": [_("Unit"), _("Reader"), _("Read"), _("Note")],
        },
    }


def slip_pdf(data: Mapping[str, Any]) -> bytes:
    """A slip as PDF."""
    return typeset.pdf(TEMPLATE, dict(data), language=language())


def _grouped(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Opinions by unit, units in the order in which they first spoke, each in the order of time."""
    groups: dict[str, list[dict[str, str]]] = {}
    for row in sorted(rows, key=lambda one: one["given_at"]):
        groups.setdefault(words(row, "unit"), []).append(
            {
                "step": words(row, "step"),
                "outcome": words(row, "outcome"),
                "text": row["text"] or "",
                "person": words(row, "person"),
                "post": words(row, "post"),
                "at": moment(row["given_at"]),
            }
        )
    return [{"unit": unit, "entries": entries} for unit, entries in groups.items()]
