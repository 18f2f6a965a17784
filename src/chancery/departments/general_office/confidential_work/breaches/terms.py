"""Vocabulary of breaches."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SERIES = "breach"
PROCEDURE = "breach_report"
CLOSE_DAYS = "breach.close.days"
REMEDY_DAYS = "breach.remedy.days"


class State(models.TextChoices):
    """Where a breach stands."""

    OPEN = "OPEN", pgettext_lazy("breach", "To be reported")
    REPORTED = "REPORTED", pgettext_lazy("breach", "Reported to the authority")
    CLOSED = "CLOSED", pgettext_lazy("breach", "Closed")


STATE_TONES = {State.OPEN: "red", State.REPORTED: "amber", State.CLOSED: "green"}


class What(models.TextChoices):
    """What happened."""

    LOST = "LOST", _("A copy is missing")
    LEAKED = "LEAKED", _("Content became known to somebody who may not know it")
    WRONG_SYSTEM = "WRONG_SYSTEM", _("Classified matter was put on an open system or network")
    COPIED = "COPIED", _("Copied or taken out without approval")
    OTHER = "OTHER", _("Something else")


class StepOutcome(models.TextChoices):
    """How the steps of the procedure end."""

    REPORTED = "REPORTED", pgettext_lazy("breach", "Reported to the authority")
    DONE = "DONE", _("Measures taken")
    CLOSE = "CLOSE", _("Close with its result")
    MORE = "MORE", _("More measures are needed")


ACTS = {
    "breach.found": _("Breach found"),
    "breach.measures": _("Measures noted"),
    "breach.reported": _("Breach reported to the authority"),
    "breach.closed": _("Breach closed"),
    "breach.chased": _("Overdue breach report chased"),
}
