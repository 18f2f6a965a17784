"""Vocabulary of carriers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OFFICER = "confidential_officer"
AUTHORITY = "classification_authority"
SERIES = "carrier"
RECEIPT_SERIES = "carrier_receipt"
DESTRUCTION_SERIES = "carrier_destruction"


class Level(models.TextChoices):
    """Levels of what a carrier carries, highest first. The words are the profile's: `level_words`."""

    TOP_SECRET = "TOP_SECRET", pgettext_lazy("carrier level", "Top secret")
    SECRET = "SECRET", pgettext_lazy("carrier level", "Secret")
    CONFIDENTIAL = "CONFIDENTIAL", pgettext_lazy("carrier level", "Confidential")


HOUSE_LEVELS: dict[str, StrOrPromise] = {
    Level.TOP_SECRET: _("House level 1 (highest)"),
    Level.SECRET: _("House level 2"),
    Level.CONFIDENTIAL: _("House level 3"),
}
LEVEL_TONES = {Level.TOP_SECRET: "red", Level.SECRET: "amber", Level.CONFIDENTIAL: "blue"}


def level_words() -> dict[str, StrOrPromise]:
    """The levels by code, in the words of the site's profile."""
    if settings.PROFILE == "neutral":
        return HOUSE_LEVELS
    return {level.value: level.label for level in Level}


class Medium(models.TextChoices):
    """What it is made of."""

    PAPER = "PAPER", _("Paper")
    DISC = "DISC", _("Disc")
    DRIVE = "DRIVE", _("Removable drive")
    DEVICE = "DEVICE", _("Device")
    OTHER = "OTHER", _("Other")


class CopyState(models.TextChoices):
    """Where a copy stands."""

    HELD = "HELD", pgettext_lazy("carrier copy", "Held")
    MISSING = "MISSING", pgettext_lazy("carrier copy", "Missing")
    DESTROYED = "DESTROYED", pgettext_lazy("carrier copy", "Destroyed")


COPY_TONES = {CopyState.HELD: "blue", CopyState.MISSING: "red", CopyState.DESTROYED: "neutral"}


class ReceiptState(models.TextChoices):
    """Where a receipt stands."""

    OPEN = "OPEN", pgettext_lazy("carrier receipt", "To be confirmed")
    CONFIRMED = "CONFIRMED", pgettext_lazy("carrier receipt", "Confirmed by both sides")
    REFUSED = "REFUSED", pgettext_lazy("carrier receipt", "Refused by the receiver")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("carrier receipt", "Withdrawn")


RECEIPT_TONES = {
    ReceiptState.OPEN: "amber",
    ReceiptState.CONFIRMED: "green",
    ReceiptState.REFUSED: "red",
    ReceiptState.WITHDRAWN: "neutral",
}


class AskState(models.TextChoices):
    """Where a request for further copies stands."""

    ASKED = "ASKED", pgettext_lazy("carrier copying", "Asked")
    APPROVED = "APPROVED", pgettext_lazy("carrier copying", "Approved")
    REFUSED = "REFUSED", pgettext_lazy("carrier copying", "Refused")


class DestructionState(models.TextChoices):
    """Where a destruction list stands."""

    DRAWN = "DRAWN", pgettext_lazy("carrier destruction", "Drawn up")
    APPROVED = "APPROVED", pgettext_lazy("carrier destruction", "Approved")
    REFUSED = "REFUSED", pgettext_lazy("carrier destruction", "Refused")
    DONE = "DONE", pgettext_lazy("carrier destruction", "Destroyed")


DESTRUCTION_TONES = {
    DestructionState.DRAWN: "amber",
    DestructionState.APPROVED: "blue",
    DestructionState.REFUSED: "red",
    DestructionState.DONE: "green",
}


class CountState(models.TextChoices):
    """Where a yearly count stands."""

    OPEN = "OPEN", pgettext_lazy("carrier count", "Open")
    CLOSED = "CLOSED", pgettext_lazy("carrier count", "Closed")


class Found(models.TextChoices):
    """What a count says of a copy."""

    WAITING = "WAITING", pgettext_lazy("carrier count", "Not counted yet")
    SEEN = "SEEN", pgettext_lazy("carrier count", "Seen")
    MISSING = "MISSING", pgettext_lazy("carrier count", "Missing")


FOUND_TONES = {Found.WAITING: "amber", Found.SEEN: "green", Found.MISSING: "red"}

ACTS = {
    "carrier.registered": _("Carrier registered"),
    "carrier.corrected": _("Carrier: level or period changed"),
    "carrier.copying_asked": _("Further copies asked for"),
    "carrier.copying_refused": _("Further copies refused"),
    "carrier.copied": _("Further copies numbered"),
    "carrier.placed": _("Place of custody changed"),
    "carrier.offered": _("Handed over: receipt opened"),
    "carrier.escorted": _("Second person confirmed"),
    "carrier.received": _("Receipt confirmed"),
    "carrier.receipt_refused": _("Receipt refused"),
    "carrier.receipt_withdrawn": _("Receipt withdrawn"),
    "carrier.counted": _("Copy counted"),
    "carrier.missing": _("Copy found missing"),
    "carrier.found_again": _("Missing copy found again"),
    "carrier.count_opened": _("Yearly count opened"),
    "carrier.count_closed": _("Yearly count closed"),
    "carrier.destruction_drawn": _("Destruction list drawn up"),
    "carrier.destruction_approved": _("Destruction list approved"),
    "carrier.destruction_refused": _("Destruction list refused"),
    "carrier.destruction_signed": _("Destruction signed for"),
    "carrier.destroyed": _("Copies destroyed"),
}
