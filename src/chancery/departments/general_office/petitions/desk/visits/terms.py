"""Vocabulary of visits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VISIT = "general_office.petitionvisit"
PLACE = "general_office.petitionplace"
MOST_KEY = "petition.representatives"
REFRESH_KEY = "petition.waiting.refresh"


class End(models.TextChoices):
    """What came of a visit."""

    HEARD = "HEARD", _("Heard, and taken in as a petition")
    ADDED = "ADDED", _("About a petition that is here already")
    ADVISED = "ADVISED", _("Advised; nothing to take in")
    LEFT = "LEFT", _("Left without being heard")


class Standing(models.TextChoices):
    """Where a visit stands; told from its times."""

    WAITING = "WAITING", pgettext_lazy("visit", "Waiting")
    CALLED = "CALLED", pgettext_lazy("visit", "Called")
    HEARD = "HEARD", pgettext_lazy("visit", "In conversation")
    ENDED = "ENDED", pgettext_lazy("visit", "Ended")


TONES = {"WAITING": "amber", "CALLED": "violet", "HEARD": "blue", "ENDED": "neutral"}
#: Monday to Sunday.
WEEKDAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
)  # fmt: skip

ACTS = {
    "petition_place.named": _("Place of visits named"),
    "petition_place.closed": _("Place of visits closed"),
    "petition_place.hours": _("Hours of visits set"),
    "petition_place.room": _("Room for visits opened"),
    "petition_place.room_ended": _("Room for visits given up"),
    "petition_visit.arrived": _("Visitors arrived"),
    "petition_visit.called": _("Visitors called"),
    "petition_visit.begun": _("Conversation begun"),
    "petition_visit.ended": _("Visit ended"),
    "petition.visited": _("Visit about the petition"),
}
