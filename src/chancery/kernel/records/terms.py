"""Words of the instrument, for other apps."""

from django.utils.translation import gettext_lazy as _

from chancery.kernel.records.documents.terms import Direction, DocumentKind, FileRole, Retention, Urgency
from chancery.kernel.records.numbers.terms import Series, register_series, register_series_source
from chancery.kernel.records.papertypes import terms as paper_types
from chancery.kernel.records.seals.terms import ACTS as SEAL_ACTS
from chancery.kernel.records.search.terms import register_search_kind

ACTS = {
    "document.registered": _("Registered"),
    "document.corrected": _("Entry corrected"),
    "document.file_attached": _("File attached"),
    "document.filed": _("Filed"),
    "file.stored": _("File stored"),
    "number.voided": _("Number voided"),
    "secret_marking.refused": _("State-secret marking refused"),
    **paper_types.ACTS,
    **SEAL_ACTS,
}

__all__ = [
    "ACTS",
    "Direction",
    "DocumentKind",
    "FileRole",
    "Retention",
    "Series",
    "Urgency",
    "register_search_kind",
    "register_series",
    "register_series_source",
]
