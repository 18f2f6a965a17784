"""Input cleaned."""

from __future__ import annotations

from chancery.kernel.records.archive.placing.forms import PlaceForm


class FileMatterForm(PlaceForm):
    """Class and period of a closed matter."""
