"""Vocabulary of correction."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WithdrawalState(models.TextChoices):
    """Where a request to withdraw stands."""

    ASKED = "ASKED", pgettext_lazy("withdrawal", "Waits for confirmation")
    CONFIRMED = "CONFIRMED", pgettext_lazy("withdrawal", "Confirmed")
    REFUSED = "REFUSED", pgettext_lazy("withdrawal", "Refused")


ACTS = {
    "correction.begun": _("Correcting document begun"),
    "correction.asked": _("Withdrawal asked for"),
    "correction.refused": _("Withdrawal refused"),
    "correction.told": _("Recipients told"),
    "correction.superseded": _("Superseded by a later document"),
}
