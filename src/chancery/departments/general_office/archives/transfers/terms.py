"""Vocabulary of transfers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SERIES = "transfer_list"
PROCEDURE = "archive_transfer"
SUBJECT = "general_office.transferlist:{}"
MOST_ROWS = 5000


class ListState(models.TextChoices):
    """Where a transfer list stands."""

    DRAFT = "DRAFT", pgettext_lazy("transfer list", "Being drawn up")
    SUBMITTED = "SUBMITTED", pgettext_lazy("transfer list", "With the head of the archive")
    APPROVED = "APPROVED", pgettext_lazy("transfer list", "Approved")
    COMPLETED = "COMPLETED", pgettext_lazy("transfer list", "Transferred")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("transfer list", "Withdrawn")


OPEN = (ListState.DRAFT, ListState.SUBMITTED, ListState.APPROVED)
TONES = {
    ListState.DRAFT: "neutral",
    ListState.SUBMITTED: "amber",
    ListState.APPROVED: "blue",
    ListState.COMPLETED: "green",
    ListState.WITHDRAWN: "neutral",
}

ACTS = {
    "transfer.drawn_up": _("Transfer list drawn up"),
    "transfer.taken_off": _("Taken off the transfer list"),
    "transfer.submitted": _("Submitted to the head of the archive"),
    "transfer.sent_back": _("Sent back to the archivist"),
    "transfer.approved": _("Transfer approved"),
    "transfer.withdrawn": _("Transfer list withdrawn"),
    "transfer.packed": _("Transfer package made"),
    "transfer.completed": _("Receipt entered; transferred"),
    "transfer.released": _("Copies of what was transferred removed"),
    "item.transferred": _("Transferred to the archives authority"),
}
