"""Words of the instrument, for other apps."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.kernel.records.archive.terms import ACTS as ARCHIVE_ACTS
from chancery.kernel.records.disposal.terms import ACTS as DISPOSAL_ACTS
from chancery.kernel.records.documents.terms import Direction, DocumentKind, FileRole, Urgency
from chancery.kernel.records.fileplan.terms import ACTS as FILE_PLAN_ACTS
from chancery.kernel.records.holds.terms import ACTS as HOLD_ACTS
from chancery.kernel.records.numbers.terms import Series, register_series, register_series_source
from chancery.kernel.records.papertypes import terms as paper_types
from chancery.kernel.records.seals.terms import ACTS as SEAL_ACTS
from chancery.kernel.records.search.saved.terms import ACTS as SEARCH_ACTS
from chancery.kernel.records.search.saved.terms import tell_with
from chancery.kernel.records.search.terms import (
    Entry,
    Source,
    all_sources,
    register_search_kind,
    register_search_source,
)


def declare_search() -> None:
    """Kinds that the records themselves put into the index, and where they come from. From `AppConfig.ready`."""
    from chancery.kernel.records.search.following.queries import SOURCES  # models are not ready sooner

    now = {
        "NOW": pgettext_lazy("state of a thing found", "Current"),
        "PAST": pgettext_lazy("state of a thing found", "Past"),
    }
    for code, name, url_name in (
        ("unit", pgettext_lazy("kind of thing found", "Units"), "records:found_unit"),
        ("post", pgettext_lazy("kind of thing found", "Posts"), "directory:desk_post"),
        ("person", pgettext_lazy("kind of thing found", "People"), "records:found_person"),
        ("provision", pgettext_lazy("kind of thing found", "Provisions of the rulebook"), "records:found_provision"),
        ("paper_type", pgettext_lazy("kind of thing found", "Types of paper"), "records:found_paper_type"),
        ("seal", pgettext_lazy("kind of thing found", "Seals"), "records:seal"),
    ):
        register_search_kind(code, name, url_name, now)
    for source in SOURCES:
        register_search_source(source)


ACTS = {
    "document.registered": _("Registered"),
    "document.corrected": _("Entry corrected"),
    "document.file_attached": _("File attached"),
    "document.filed": _("Filed"),
    "file.stored": _("File stored"),
    "number.voided": _("Number voided"),
    "secret_marking.refused": _("State-secret marking refused"),
    **ARCHIVE_ACTS,
    **FILE_PLAN_ACTS,
    **paper_types.ACTS,
    **SEAL_ACTS,
    **SEARCH_ACTS,
    **HOLD_ACTS,
    **DISPOSAL_ACTS,
}

__all__ = [
    "ACTS",
    "Direction",
    "DocumentKind",
    "Entry",
    "FileRole",
    "Series",
    "Source",
    "Urgency",
    "all_sources",
    "declare_search",
    "register_search_kind",
    "register_search_source",
    "register_series",
    "register_series_source",
    "tell_with",
]
