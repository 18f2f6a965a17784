"""Where an impression may stand."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.records.seals.terms import SealPlace

#: More than any paper has: a wrong list is noticed before a hundred signatures are made.
MOST_PLACES = 20


def are_places(
    places: Sequence[SealPlace], page_sizes_mm: Sequence[tuple[float, float]], diameter_mm: float
) -> Verdict:
    """At least one place, each on a page of the paper; the impression stands in the middle of it, inside the page."""
    if not places:
        return no(_("Nothing says where the seal goes."), field="places")
    if len(places) > MOST_PLACES:
        return no(_("A seal is put on at most %(most)s places of a paper.") % {"most": MOST_PLACES}, field="places")
    for place in places:
        if not 0 <= place.page < len(page_sizes_mm):
            return no(
                _("The paper has %(pages)s pages; the seal cannot go on page %(page)s.")
                % {"pages": len(page_sizes_mm), "page": place.page + 1},
                field="places",
            )
        width, height = page_sizes_mm[place.page]
        left = place.x_mm + (place.width_mm - diameter_mm) / 2
        top = place.y_mm + (place.height_mm - diameter_mm) / 2
        is_inside = left >= 0 and top >= 0 and left + diameter_mm <= width and top + diameter_mm <= height
        if not is_inside:
            return no(_("The place of the seal lies outside page %(page)s.") % {"page": place.page + 1}, field="places")
    return yes()
