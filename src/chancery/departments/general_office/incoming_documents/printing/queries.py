"""What stands on the slip and the letter, already in words of one language: the template only sets it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries, rules
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.terms import Part
from chancery.foundations import typeset
from chancery.foundations.words import words
from chancery.kernel.procedures.slip import queries as slips
from chancery.kernel.records.archive.placing.queries import period_words

TEMPLATES = Path(__file__).resolve().parents[2] / "templates/general_office/incoming_documents"


def slip(document: IncomingDocument, at: dt.datetime) -> dict[str, Any]:
    """The processing slip: facts of registration, every opinion grouped by unit, read marks, result."""
    named = queries.units(document.pk)
    co_units = _("; ").join(words(row.unit, "name") for row in named if row.part == Part.CO)
    facts = [
        slips.fact(_("Our number"), document.number),
        slips.fact(_("Received on"), slips.day(document.received_on)),
        slips.fact(_("Sender"), document.sender),
        slips.fact(_("Sender's number"), document.sender_number),
        slips.fact(_("Dated"), slips.day(document.dated_on)),
        slips.fact(_("Type"), document.get_kind_display()),
        slips.fact(_("Urgency"), document.get_urgency_display()),
        slips.fact(_("Limit"), slips.day(document.limit_on)),
        slips.fact(_("House label"), document.get_label_display()),
        slips.fact(
            _("Copy no. / pages"), " / ".join(str(part) for part in (document.copy_no or "-", document.pages or "-"))
        ),
        slips.fact(_("Title"), document.title, wide=True),
        slips.fact(_("Addressees"), document.addressees, wide=True),
        slips.fact(_("Lead unit"), words(document.lead_unit, "name") if document.lead_unit else ""),
        slips.fact(_("Co-units"), co_units),
    ]
    readers = [
        {
            "unit": words(row, "unit"),
            "post": " ".join(part for part in (words(row, "person"), words(row, "title")) if part),
            "read": slips.moment(row["read_at"]) or _("not yet"),
            "note": row["note"],
        }
        for row in map(_reader, queries.readers(document.pk))
    ]
    result = [
        slips.fact(word, value)
        for word, value in (
            (_("Result"), document.result),
            (_("Reply"), " ".join(part for part in (document.reply_number, document.reply_text) if part)),
            (_("Returned because"), document.return_reason),
            (
                _("Filed under"),
                " · ".join(str(part) for part in (document.file_class, period_words(document.retention)) if part),
            ),
        )
        if value
    ]
    return slips.slip(
        heading=_("Document processing slip"),
        number=document.number,
        facts=facts,
        matter_id=document.matter_id,
        at=at,
        readers=readers,
        result=result,
    )


def _reader(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unit_en": row["post__unit__name_en"],
        "unit_zh": row["post__unit__name_zh"],
        "title_en": row["post__title_en"],
        "title_zh": row["post__title_zh"],
        "person_en": row["read_by_en"],
        "person_zh": row["read_by_zh"],
        "read_at": row["read_at"],
        "note": row["note"],
    }


def return_letter(document: IncomingDocument, at: dt.datetime) -> dict[str, Any]:
    """The letter to the sender: which paper, why it comes back, what to do."""
    which = _("“%(title)s”") % {"title": document.title}
    if document.sender_number:
        which = _("%(title)s (%(number)s)") % {"title": which, "number": document.sender_number}
    reasons = [str(rules.fault_words(fault)) for fault in document.return_faults if fault != "OTHER"]
    if document.return_reason and document.return_reason not in reasons:
        reasons.append(document.return_reason)
    return {
        "language": slips.language(),
        "house": slips.house(),
        "heading": _("Letter returning a document"),
        "number": document.number,
        "to": _("%(sender)s:") % {"sender": document.sender},
        "body": [
            _(
                "Your document %(which)s reached us on %(day)s and was registered as %(number)s."
                " It is returned with this letter:"
            )
            % {"which": which, "day": slips.day(document.received_on), "number": document.number}
        ],
        "reasons": reasons,
        "closing": _("Please put this right and send it again."),
        "unit": words(document.unit, "name"),
        "date": slips.day(timezone.localtime(document.closed_at or at).date()),
    }


def slip_pdf(document: IncomingDocument, at: dt.datetime) -> bytes:
    """The slip as PDF."""
    return slips.slip_pdf(slip(document, at))


def return_letter_pdf(document: IncomingDocument, at: dt.datetime) -> bytes:
    """The letter as PDF."""
    return typeset.pdf(TEMPLATES / "return_letter.typ", return_letter(document, at), language=slips.language())
