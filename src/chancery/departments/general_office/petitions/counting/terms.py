"""Vocabulary of counting."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.departments.general_office.petitions.terms import Outcome

LEAST_KEY = "petition.cells.least"
WARNING_KEYS = (
    "petition.warning.days",
    "petition.warning.periods",
    "petition.warning.chance",
    "petition.warning.least",
)
ANSWER_KEY = "petition.recommendation"


class Dimension(models.TextChoices):
    """What is counted by."""

    KIND = "kind", pgettext_lazy("petition", "Kind")
    FIELD = "field", _("Subject field")
    UNIT = "unit", _("Unit complained of")
    REGION = "region", pgettext_lazy("petition", "Region")
    CHANNEL = "channel", _("Came by")
    STAGE = "stage", pgettext_lazy("petition", "Stage")
    STATE = "state", pgettext_lazy("petition", "State")
    OUTCOME = "outcome", pgettext_lazy("petition", "Outcome")
    MONTH = "month", _("Month")


class Ending(models.TextChoices):
    """How petitions ended, as it is released: one by one, outcomes would tell kind and stage, which are hidden."""

    MET = "MET", _("Met, wholly or in part")
    NOT_MET = "NOT_MET", _("Not met, or explained")
    ELSEWHERE = "ELSEWHERE", _("Not handled here, withdrawn or joined to another")


ENDINGS = {
    **dict.fromkeys((Outcome.SUPPORTED, Outcome.PARTLY, Outcome.SETTLED, Outcome.ADOPTED, Outcome.CHANGED), Ending.MET),
    **dict.fromkeys((Outcome.NOT_SUPPORTED, Outcome.EXPLAINED, Outcome.UPHELD, Outcome.RETURNED), Ending.NOT_MET),
    **dict.fromkeys((Outcome.REFERRED, Outcome.NOT_ACCEPTED, Outcome.WITHDRAWN, Outcome.MERGED), Ending.ELSEWHERE),
}

#: Released tables share nothing but the number of all petitions: what one hides, no other shows.
RELEASED = (Dimension.FIELD, Dimension.UNIT, Dimension.REGION, Dimension.CHANNEL, Dimension.STAGE, Dimension.OUTCOME)


class Adopted(models.TextChoices):
    """What a unit made of a recommendation."""

    OPEN = "OPEN", pgettext_lazy("recommendation", "Open")
    ADOPTED = "ADOPTED", pgettext_lazy("recommendation", "Adopted")
    PARTLY = "PARTLY", pgettext_lazy("recommendation", "Adopted in part")
    NOT_ADOPTED = "NOT_ADOPTED", pgettext_lazy("recommendation", "Not adopted")


ADOPTED_TONES = {"OPEN": "amber", "ADOPTED": "green", "PARTLY": "blue", "NOT_ADOPTED": "neutral"}


class Rising(models.TextChoices):
    """What a warning is about."""

    FIELD = "FIELD", _("Subject field")
    UNIT = "UNIT", _("Unit complained of")


ACTS = {
    "petition_figures.released": _("Figures of petitions released"),
    "petition_recommendation.made": _("Recommendation made"),
    "petition_recommendation.answered": _("Recommendation answered"),
    "petition_warning.noted": _("Rising subject noted"),
    "petition_warning.seen": _("Rising subject looked into"),
}
