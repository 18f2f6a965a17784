"""Words of the instrument, for other apps."""

from django.utils.translation import gettext_lazy as _

from chancery.kernel.records.documents.terms import Direction, DocumentKind, FileRole, Retention, Urgency
from chancery.kernel.records.numbers.terms import register_series
from chancery.kernel.records.search.terms import register_search_kind

ACTS = {
    "document.registered": _("Registered"),
    "document.corrected": _("Entry corrected"),
    "document.file_attached": _("File attached"),
    "document.filed": _("Filed"),
    "file.stored": _("File stored"),
    "number.voided": _("Number voided"),
    "secret_marking.refused": _("State-secret marking refused"),
}

__all__ = [
    "ACTS",
    "Direction",
    "DocumentKind",
    "FileRole",
    "Retention",
    "Urgency",
    "register_search_kind",
    "register_series",
]
