"""Vocabulary of dispatch."""

from __future__ import annotations

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """How a copy goes."""

    INSIDE = "INSIDE", _("Inside the house")
    EMAIL = "EMAIL", _("By e-mail (link)")
    BUNDLE = "BUNDLE", _("On paper: post or by hand")


class DeliveryState(models.TextChoices):
    """Where a copy stands."""

    TO_SEND = "TO_SEND", pgettext_lazy("delivery", "To be sent")
    SENT = "SENT", pgettext_lazy("delivery", "Sent")
    ARRIVED = "ARRIVED", pgettext_lazy("delivery", "Arrived")
    OPENED = "OPENED", pgettext_lazy("delivery", "Opened")
    RECEIPTED = "RECEIPTED", pgettext_lazy("delivery", "Received")
    EXPLAINED = "EXPLAINED", pgettext_lazy("delivery", "No receipt, explained")
    RECALLED = "RECALLED", pgettext_lazy("delivery", "Recalled")
    FAILED = "FAILED", pgettext_lazy("delivery", "Failed")


TONES = {
    DeliveryState.TO_SEND: "neutral",
    DeliveryState.SENT: "blue",
    DeliveryState.ARRIVED: "blue",
    DeliveryState.OPENED: "violet",
    DeliveryState.RECEIPTED: "green",
    DeliveryState.EXPLAINED: "green",
    DeliveryState.RECALLED: "neutral",
    DeliveryState.FAILED: "red",
}
# On its way: a receipt is still awaited.
WAITING = frozenset({DeliveryState.TO_SEND, DeliveryState.SENT, DeliveryState.ARRIVED, DeliveryState.OPENED})
# Nothing more is expected of it.
SETTLED = frozenset({DeliveryState.RECEIPTED, DeliveryState.EXPLAINED, DeliveryState.RECALLED})
UNREAD = frozenset({DeliveryState.TO_SEND, DeliveryState.SENT, DeliveryState.ARRIVED})


class Trouble(enum.StrEnum):
    """Why a copy cannot go the way that was thought of."""

    NO_DESK = "NO_DESK"
    NOT_CLEARED = "NOT_CLEARED"
    NO_EMAIL = "NO_EMAIL"
    NOT_BY_EMAIL = "NOT_BY_EMAIL"
    NOT_A_UNIT = "NOT_A_UNIT"


TROUBLES = {
    Trouble.NO_DESK: _(
        "Nobody registers documents for this unit, nor above it: choose another way, or have the role given."
    ),
    Trouble.NOT_CLEARED: _("Nobody at this unit's desk may see a document with this label: choose another way."),
    Trouble.NO_EMAIL: _("There is no e-mail address: write one, or choose another way."),
    Trouble.NOT_BY_EMAIL: _("A document with this label does not go by e-mail: choose another way."),
    Trouble.NOT_A_UNIT: _("This addressee is not a unit of the directory: choose another way."),
}

ACTS = {
    "dispatch.sent": _("Sent to an addressee"),
    "dispatch.also_sent": _("Sent to a further addressee"),
    "dispatch.again": _("Sent again"),
    "dispatch.left": _("Left the house"),
    "dispatch.failed": _("Sending failed"),
    "dispatch.opened": _("Opened by the addressee"),
    "dispatch.receipted": _("Receipt came in"),
    "dispatch.explained": _("Missing receipt explained"),
    "dispatch.urged": _("Receipt urged"),
    "dispatch.recalled": _("Copy recalled"),
    "dispatch.code_given": _("Access code made"),
}
