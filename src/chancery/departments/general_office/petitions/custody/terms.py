"""Vocabulary of custody."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

HOURS_KEY = "petition.opening.hours"
OPENING = "general_office.identityopening"


class Purpose(models.TextChoices):
    """What an identity is opened for. Its sender is told these words."""

    REACH = "REACH", _("To reach you about your petition")
    DELIVER = "DELIVER", _("To deliver a letter to you")
    VERIFY = "VERIFY", _("To make sure who you are")
    HEARING = "HEARING", _("To invite you to a hearing or mediation")
    REPEAT = "REPEAT", _("To tell whether petitions come from the same person")
    LAW = "LAW", _("Because a law requires it")
    SAFETY = "SAFETY", _("To protect somebody from harm")


class OpeningState(models.TextChoices):
    """Where a request to open stands."""

    ASKED = "ASKED", pgettext_lazy("opening of identity", "Asked")
    OPEN = "OPEN", pgettext_lazy("opening of identity", "Open")
    REFUSED = "REFUSED", pgettext_lazy("opening of identity", "Refused")
    ENDED = "ENDED", pgettext_lazy("opening of identity", "Ended")


TONES = {"ASKED": "blue", "OPEN": "red", "REFUSED": "neutral", "ENDED": "neutral"}
BLACK = "█"
