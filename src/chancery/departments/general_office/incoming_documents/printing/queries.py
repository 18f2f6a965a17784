"""What stands on the slip and the letter, already in words of one language: the template only sets it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries, rules
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.terms import Part
from chancery.foundations import typeset
from chancery.foundations.words import is_chinese, words
from chancery.kernel.directory.models import Unit
from chancery.kernel.procedures import queries as procedure_queries

TEMPLATES = Path(__file__).resolve().parents[2] / "templates/general_office/incoming_documents"
HOUSE_CODE = "HQ"


def _language() -> str:
    return "zh" if is_chinese() else "en"


def _day(value: dt.date | None) -> str:
    return formats.date_format(value, "DATE_FORMAT") if value else ""


def _moment(value: dt.datetime | None) -> str:
    return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT") if value else ""


def _house() -> str:
    unit = Unit.objects.filter(code="CAST").first() or Unit.objects.order_by("id").first()
    return words(unit, "name") if unit else ""


def _fact(word: str, value: Any, *, wide: bool = False) -> dict[str, Any]:
    return {"word": word, "value": str(value or ""), "wide": wide}


def slip(document: IncomingDocument, at: dt.datetime) -> dict[str, Any]:
    """The processing slip: facts of registration, every opinion grouped by unit, read marks, result."""
    opinions = _grouped(procedure_queries.opinions(document.matter_id)) if document.matter_id else []
    named = queries.units(document.pk)
    co_units = _("; ").join(words(row.unit, "name") for row in named if row.part == Part.CO)
    facts = [
        _fact(_("Our number"), document.number),
        _fact(_("Received on"), _day(document.received_on)),
        _fact(_("Sender"), document.sender),
        _fact(_("Sender's number"), document.sender_number),
        _fact(_("Dated"), _day(document.dated_on)),
        _fact(_("Type"), document.get_kind_display()),
        _fact(_("Urgency"), document.get_urgency_display()),
        _fact(_("Limit"), _day(document.limit_on)),
        _fact(_("House label"), document.get_label_display()),
        _fact(
            _("Copy no. / pages"), " / ".join(str(part) for part in (document.copy_no or "-", document.pages or "-"))
        ),
        _fact(_("Title"), document.title, wide=True),
        _fact(_("Addressees"), document.addressees, wide=True),
        _fact(_("Lead unit"), words(document.lead_unit, "name") if document.lead_unit else ""),
        _fact(_("Co-units"), co_units),
    ]
    readers = [
        {
            "unit": words(row, "unit"),
            "post": " ".join(part for part in (words(row, "person"), words(row, "title")) if part),
            "read": _moment(row["read_at"]) or _("not yet"),
            "note": row["note"],
        }
        for row in map(_reader, queries.readers(document.pk))
    ]
    result = [
        _fact(word, value)
        for word, value in (
            (_("Result"), document.result),
            (_("Reply"), " ".join(part for part in (document.reply_number, document.reply_text) if part)),
            (_("Returned because"), document.return_reason),
            (
                _("Filed under"),
                " · ".join(str(part) for part in (document.file_class, document.get_retention_display()) if part),
            ),
        )
        if value
    ]
    return {
        "language": _language(),
        "house": _house(),
        "heading": _("Document processing slip"),
        "number": document.number,
        "printed": _("Printed from the register on %(when)s") % {"when": _moment(at)},
        "facts": facts,
        "opinions": opinions,
        "readers": readers,
        "result": result,
        "words": {
            "opinions": _("Opinions by unit"),
            "none": _("No opinion has been given yet."),
            "circulation": _("Circulation"),
            "reader_heads": [_("Unit"), _("Reader"), _("Read"), _("Note")],
        },
    }


def _reader(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unit_en": row["post__unit__name_en"],
        "unit_zh": row["post__unit__name_zh"],
        "title_en": row["post__title_en"],
        "title_zh": row["post__title_zh"],
        "person_en": row["read_by__name_en"],
        "person_zh": row["read_by__name_zh"],
        "read_at": row["read_at"],
        "note": row["note"],
    }


def _grouped(opinions: Any) -> list[dict[str, Any]]:
    """Opinions by unit, units in the order in which they first spoke, each in the order of time."""
    groups: dict[str, list[dict[str, str]]] = {}
    for row in sorted(opinions, key=lambda one: one["given_at"]):
        groups.setdefault(words(row, "unit"), []).append(
            {
                "step": words(row, "step"),
                "outcome": words(row, "outcome"),
                "text": row["text"] or "",
                "person": words(row, "person"),
                "post": words(row, "post"),
                "at": _moment(row["given_at"]),
            }
        )
    return [{"unit": unit, "entries": entries} for unit, entries in groups.items()]


def return_letter(document: IncomingDocument, at: dt.datetime) -> dict[str, Any]:
    """The letter to the sender: which paper, why it comes back, what to do."""
    which = _("“%(title)s”") % {"title": document.title}
    if document.sender_number:
        which = _("%(title)s (%(number)s)") % {"title": which, "number": document.sender_number}
    reasons = [str(rules.fault_words(fault)) for fault in document.return_faults if fault != "OTHER"]
    if document.return_reason and document.return_reason not in reasons:
        reasons.append(document.return_reason)
    return {
        "language": _language(),
        "house": _house(),
        "heading": _("Letter returning a document"),
        "number": document.number,
        "to": _("%(sender)s:") % {"sender": document.sender},
        "body": [
            _(
                "Your document %(which)s reached us on %(day)s and was registered as %(number)s."
                " It is returned with this letter:"
            )
            % {"which": which, "day": _day(document.received_on), "number": document.number}
        ],
        "reasons": reasons,
        "closing": _("Please put this right and send it again."),
        "unit": words(document.unit, "name"),
        "date": _day(timezone.localtime(document.closed_at or at).date()),
    }


def slip_pdf(document: IncomingDocument, at: dt.datetime) -> bytes:
    """The slip as PDF."""
    return typeset.pdf(TEMPLATES / "slip.typ", slip(document, at), language=_language())


def return_letter_pdf(document: IncomingDocument, at: dt.datetime) -> bytes:
    """The letter as PDF."""
    return typeset.pdf(TEMPLATES / "return_letter.typ", return_letter(document, at), language=_language())
