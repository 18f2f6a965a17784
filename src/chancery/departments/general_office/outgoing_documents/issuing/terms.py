"""Words of issuing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SERIES_PREFIX = "outgoing."  # of the keys under which kernel.records.numbers counts
PATTERN_KEY = "outgoing.number.pattern"
RESERVED_IN_PATTERN = ("{code}", "{year}", "{n}")

ACTS = {
    "series.opened": _("Numbering series opened"),
    "series.changed": _("Numbering series changed"),
    "series.ended": _("Numbering series ended"),
    "outgoing.signature_withdrawn": _("Signature taken back"),
    "outgoing.countersigners_named": _("Units that countersign changed"),
    "outgoing.reset": _("To be set and sealed again"),
}
