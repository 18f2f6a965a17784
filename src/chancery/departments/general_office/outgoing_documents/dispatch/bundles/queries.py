"""The bundle of a copy that goes on paper."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.terms import Label
from chancery.foundations import clock, typeset
from chancery.kernel.records import queries as records

TEMPLATE = (
    Path(__file__).parents[3] / "templates" / "general_office" / "outgoing_documents" / "dispatch" / "receipt_slip.typ"
)


def bundle(delivery: Delivery, at: dt.datetime) -> tuple[str, bytes]:
    """(name, zip): the sealed paper, its annexes in order, the slip that comes back as the receipt."""
    document = delivery.document
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for number, part in enumerate(dispatch.parts(document)):
            stored = records.file_of(int(part["stored"]))
            if stored is None:
                continue
            with records.open_file(stored) as content:
                package.writestr(f"{number:02} {_plain(str(part['name']))}", content.read())
        with translation.override("zh-hans" if document.language.startswith("zh") else "en"):
            package.writestr(f"{_plain(_('Receipt slip'))}.pdf", slip_pdf(delivery, at))
    return f"{_plain(document.number)} {_plain(delivery.name)[:60]}.zip", out.getvalue()


def slip(delivery: Delivery, at: dt.datetime) -> dict[str, Any]:
    """The words of the slip, in the active language."""
    document = delivery.document
    day = document.dated_on or clock.date_of(at)
    return {
        "language": "zh" if document.language.startswith("zh") else "en",
        "house": dispatch.issuer_names(document),
        "heading": _("Receipt"),
        "rows": [
            [_("Document"), document.title if document.label == Label.INTERNAL else document.number],
            [_("Number"), document.number],
            [_("Dated"), formats.date_format(day, "DATE_FORMAT")],
            [_("Sent to"), delivery.name],
            [_("Pages"), str(document.pages or "")],
        ],
        "asked": _("Please sign and send this slip back to the sender."),
        "blanks": [_("Received by"), _("On"), _("Signature or seal")],
    }


def slip_pdf(delivery: Delivery, at: dt.datetime) -> bytes:
    """The slip as PDF."""
    said = slip(delivery, at)
    return typeset.pdf(TEMPLATE, said, language=said["language"])


def _plain(name: str) -> str:
    """A name that any system can keep in a zip."""
    return "".join(sign if sign not in '\\/:*?"<>|' and sign.isprintable() else "-" for sign in name).strip(" .") or "-"
