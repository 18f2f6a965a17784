"""Vocabulary of reviews."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewState(models.TextChoices):
    """Where a yearly review stands."""

    OPEN = "OPEN", pgettext_lazy("review", "With the unit")
    DECIDED = "DECIDED", pgettext_lazy("review", "Waits for signature")
    SIGNED = "SIGNED", pgettext_lazy("review", "Signed")


class Decision(models.TextChoices):
    """What the unit says of one level."""

    KEEP = "KEEP", pgettext_lazy("review", "Keep")
    CHANGE = "CHANGE", pgettext_lazy("review", "Lower the level")
    DECLASSIFY = "DECLASSIFY", pgettext_lazy("review", "Declassify")


REVIEW_TONES = {ReviewState.OPEN: "amber", ReviewState.DECIDED: "blue", ReviewState.SIGNED: "green"}

ACTS = {
    "review.opened": _("Yearly review opened"),
    "review.decided": _("Level reviewed"),
    "review.handed_in": _("Yearly review handed in"),
    "review.signed": _("Yearly review signed"),
    "undefined.raised": _("Undefined matter raised"),
    "undefined.reported": _("Undefined matter reported"),
    "undefined.answered": _("Undefined matter decided"),
}
