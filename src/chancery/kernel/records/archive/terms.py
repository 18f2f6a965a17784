"""Vocabulary of archival items."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class ItemState(models.TextChoices):
    """Where an archival item stands.

    FILED: with the department that made it. OFFERED: on a hand-over list. HELD: accepted by the archive.
    TRANSFERRED and DESTROYED are ends: the row stays as a stub.
    """

    FILED = "FILED", pgettext_lazy("archival item", "Filed")
    OFFERED = "OFFERED", pgettext_lazy("archival item", "Handed over")
    HELD = "HELD", pgettext_lazy("archival item", "In the archive")
    TRANSFERRED = "TRANSFERRED", pgettext_lazy("archival item", "Transferred")
    DESTROYED = "DESTROYED", pgettext_lazy("archival item", "Destroyed")


LIVE = (ItemState.FILED, ItemState.OFFERED, ItemState.HELD)


class PartRole(models.TextChoices):
    """What a file is to its item, in the order in which an item is put together: paper before draft, slip with them."""

    MAIN = "MAIN", pgettext_lazy("part of an archival item", "Text")
    ANNEX = "ANNEX", pgettext_lazy("part of an archival item", "Annex")
    DRAFT = "DRAFT", pgettext_lazy("part of an archival item", "Final draft")
    SLIP = "SLIP", pgettext_lazy("part of an archival item", "Processing slip")
    OPINIONS = "OPINIONS", pgettext_lazy("part of an archival item", "Opinions")
    REPLY = "REPLY", pgettext_lazy("part of an archival item", "Reply")
    SOURCE = "SOURCE", pgettext_lazy("part of an archival item", "Source")
    METADATA = "METADATA", pgettext_lazy("part of an archival item", "Metadata")


class Carrier(models.TextChoices):
    """What the item is on."""

    DIGITAL = "DIGITAL", pgettext_lazy("carrier of an archival item", "Electronic")
    PAPER = "PAPER", pgettext_lazy("carrier of an archival item", "Paper")
    BOTH = "BOTH", pgettext_lazy("carrier of an archival item", "Paper and electronic")


class BoxState(models.TextChoices):
    """Whether a box still takes items."""

    OPEN = "OPEN", pgettext_lazy("box of the archive", "Open")
    CLOSED = "CLOSED", pgettext_lazy("box of the archive", "Closed")
