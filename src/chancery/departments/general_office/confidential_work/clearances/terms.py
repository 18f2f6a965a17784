"""Vocabulary of clearances and leavers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.foundations.actor import Clearance as AccountClearance


class Kind(models.TextChoices):
    """Kinds of cleared persons, highest first."""

    CORE = "CORE", _("Core")
    IMPORTANT = "IMPORTANT", _("Important")
    GENERAL = "GENERAL", _("General")


#: What each kind may hold (level codes of carriers), and how far its account may see.
REACHES = {
    Kind.CORE: ("TOP_SECRET", "SECRET", "CONFIDENTIAL"),
    Kind.IMPORTANT: ("SECRET", "CONFIDENTIAL"),
    Kind.GENERAL: ("CONFIDENTIAL",),
}
ACCOUNT_REACHES = {
    Kind.CORE: AccountClearance.CONFIDENTIAL,
    Kind.IMPORTANT: AccountClearance.CONFIDENTIAL,
    Kind.GENERAL: AccountClearance.RESTRICTED,
}
COOLING = {
    Kind.CORE: "clearance.cooling.core",
    Kind.IMPORTANT: "clearance.cooling.important",
    Kind.GENERAL: "clearance.cooling.general",
}


class State(models.TextChoices):
    """Where a clearance stands."""

    PROPOSED = "PROPOSED", pgettext_lazy("clearance", "Proposed")
    STANDING = "STANDING", pgettext_lazy("clearance", "Standing")
    REFUSED = "REFUSED", pgettext_lazy("clearance", "Refused")
    ENDED = "ENDED", pgettext_lazy("clearance", "Ended")


STATE_TONES = {State.PROPOSED: "amber", State.STANDING: "green", State.REFUSED: "red", State.ENDED: "neutral"}


class ExitState(models.TextChoices):
    """Where a request to travel abroad stands."""

    ASKED = "ASKED", pgettext_lazy("exit approval", "Asked")
    APPROVED = "APPROVED", pgettext_lazy("exit approval", "Approved")
    REFUSED = "REFUSED", pgettext_lazy("exit approval", "Refused")


EXIT_TONES = {ExitState.ASKED: "amber", ExitState.APPROVED: "green", ExitState.REFUSED: "red"}


class LeavingState(models.TextChoices):
    """Where a clearing list stands."""

    OPEN = "OPEN", pgettext_lazy("leaving", "Being cleared")
    CLEARED = "CLEARED", pgettext_lazy("leaving", "Cleared")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("leaving", "Withdrawn")


LEAVING_TONES = {LeavingState.OPEN: "amber", LeavingState.CLEARED: "green", LeavingState.WITHDRAWN: "neutral"}

ACTS = {
    "clearance.proposed": _("Clearance proposed"),
    "clearance.granted": _("Clearance granted"),
    "clearance.refused": _("Clearance refused"),
    "clearance.reviewed": _("Clearance reviewed"),
    "clearance.trained": _("Confidentiality training noted"),
    "clearance.ended": _("Clearance ended"),
    "clearance.exit_asked": _("Leave to travel abroad asked"),
    "clearance.exit_decided": _("Leave to travel abroad decided"),
    "leaving.opened": _("Clearing list opened"),
    "leaving.noted": _("Clearing list: matters handed on"),
    "leaving.cleared": _("Leaver cleared"),
    "leaving.withdrawn": _("Clearing list withdrawn"),
}
