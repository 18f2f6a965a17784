"""When a document may be changed and filed; when two are the same."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.records.documents.models import Document

_BRACKETS = str.maketrans("[]【】（）()〈〉<>", "〔〕〔〕〔〕〔〕〔〕〔〕")
_YEAR = re.compile(r"(?<!\d)(19|20|21)\d\d(?!\d)")


def folded(text: str) -> str:
    """A name or number as it is compared: one width, one kind of bracket, no spaces, small letters."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).lower().split())


def year_of(sender_number: str, document_date: dt.date | None) -> int:
    """The year a sender's number belongs to: the one written in it, else the document's; 0 when neither is known."""
    written = _YEAR.search(unicodedata.normalize("NFKC", sender_number))
    if written:
        return int(written.group())
    return document_date.year if document_date else 0


def may_change(document: Document) -> Verdict:
    """A filed document is closed."""
    if document.filed_at is not None:
        return no(_("The document is filed; its entry is closed."))
    return yes()


def may_file(document: Document, filing_class: str, retention: str) -> Verdict:
    """Filing names a class and a retention period."""
    if document.filed_at is not None:
        return no(_("The document is filed already."))
    if not filing_class.strip():
        return no(_("Choose the class it is filed under."), field="filing_class")
    if not retention.strip():
        return no(_("Choose how long it is kept."), field="retention")
    return yes()
