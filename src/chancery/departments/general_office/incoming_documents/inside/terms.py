"""Vocabulary of documents from inside the house."""

from __future__ import annotations

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _

PROCEDURE = "inside_document"
SERIES = "incoming_inside"


class NoteKind(models.TextChoices):
    """What a sender says afterwards about a document it sent."""

    CORRECTED = "CORRECTED", _("Corrected by a later document")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    ABOLISHED = "ABOLISHED", _("Abolished")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    URGED = "URGED", _("The sender waits for the receipt")


class Step(enum.StrEnum):
    """Steps of inside_document.bpmn, by their identifiers there."""

    SIGN_FOR = "sign_for"
    ASSIGN = "assign"
    HANDLE = "handle"
    FILE = "file"


class Outcome(enum.StrEnum):
    """Outcomes that the steps declare."""

    SIGNED = "SIGNED"
    DECLINED = "DECLINED"
    HANDLE = "HANDLE"
    FOR_INFORMATION = "FOR_INFORMATION"
    DONE = "DONE"
    FILED = "FILED"


ACTS = {
    "incoming.arrived": _("Arrived from inside the house"),
    "incoming.opened_copy": _("Opened"),
    "incoming.declined": _("Not accepted"),
    "incoming.recalled": _("Recalled by the sender"),
    "incoming.sender_noted": _("Note from the sender"),
}
