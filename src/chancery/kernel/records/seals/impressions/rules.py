"""What may be an impression."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Refused, Verdict, no, yes

LARGEST_UPLOAD = 2 * 1024 * 1024
LARGEST_SIDE = 4000  # pixels: 45 mm at more than 2,000 dots an inch
LEAST_MM = 10


class BadImpression(Refused):
    """The picture cannot be an impression."""


def may_be_size(diameter_mm: Decimal, most_mm: Decimal, basis: str) -> Verdict:
    """A seal is no larger than the rules allow its kind."""
    if diameter_mm > most_mm:
        return no(
            _("A seal of this kind is at most %(most)s mm across.") % {"most": f"{most_mm:g}"},
            field="diameter_mm",
            basis=basis,
        )
    if diameter_mm < LEAST_MM:
        return no(_("A seal smaller than %(least)s mm cannot be read.") % {"least": LEAST_MM}, field="diameter_mm")
    return yes()


def can_be_cut(missing: list[str]) -> Verdict:
    """Every character of the name is in a font: a seal shows a body's legal name, not a stand-in."""
    if missing:
        return no(
            _("No font here has the character %(characters)s: upload the impression, or add a font.")
            % {"characters": " ".join(missing)},
            field="legal_name",
        )
    return yes()
