"""Vocabulary of reading."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROCEDURE = "archive_reading"
RESTRICTED_PROCEDURE = "archive_reading_restricted"
HOW = "reading"
DAYS = "archive.reading.days"
SUBJECT = "general_office.readingrequest"


class State(models.TextChoices):
    """Where a request stands."""

    ASKED = "ASKED", pgettext_lazy("request to read", "Asked")
    GRANTED = "GRANTED", pgettext_lazy("request to read", "Granted")
    REFUSED = "REFUSED", pgettext_lazy("request to read", "Refused")
    ENDED = "ENDED", pgettext_lazy("request to read", "Ended")


TONES = {"ASKED": "blue", "GRANTED": "green", "REFUSED": "red", "ENDED": "neutral"}

ACTS = {
    "reading.asked": _("Asked to read"),
    "reading.granted": _("Reading granted"),
    "reading.refused": _("Reading refused"),
    "reading.copied": _("Watermarked copy made"),
    "reading.ended": _("Reading ended"),
}
