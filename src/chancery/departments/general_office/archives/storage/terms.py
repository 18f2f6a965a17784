"""Vocabulary of storage."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ARCHIVIST = "archivist"
ARCHIVE_HEAD = "archive_head"
KEEPERS = (ARCHIVIST, ARCHIVE_HEAD)


class PlaceKind(models.TextChoices):
    """A room holds racks, a rack holds shelves, a shelf holds boxes."""

    ROOM = "ROOM", pgettext_lazy("place of the archive", "Room")
    RACK = "RACK", pgettext_lazy("place of the archive", "Rack")
    SHELF = "SHELF", pgettext_lazy("place of the archive", "Shelf")


#: What stands in what.
WITHIN = {PlaceKind.RACK: PlaceKind.ROOM, PlaceKind.SHELF: PlaceKind.RACK}
BELOW = {PlaceKind.ROOM: PlaceKind.RACK, PlaceKind.RACK: PlaceKind.SHELF}


class StocktakeState(models.TextChoices):
    """Where a stocktake stands."""

    OPEN = "OPEN", pgettext_lazy("stocktake", "Counting")
    COUNTED = "COUNTED", pgettext_lazy("stocktake", "Counted, to be signed off")
    SIGNED = "SIGNED", pgettext_lazy("stocktake", "Signed off")
    CANCELLED = "CANCELLED", pgettext_lazy("stocktake", "Given up")


class Heard(models.TextChoices):
    """What a code turned out to be when it was counted."""

    BOX = "BOX", pgettext_lazy("code counted", "Box")
    PLACE = "PLACE", pgettext_lazy("code counted", "Shelf")
    ITEM = "ITEM", pgettext_lazy("code counted", "Item")
    UNKNOWN = "UNKNOWN", pgettext_lazy("code counted", "Unknown")


class Source(models.TextChoices):
    """How a code came in."""

    TYPED = "TYPED", pgettext_lazy("how a code was counted", "scanner or keyboard")
    CAMERA = "CAMERA", pgettext_lazy("how a code was counted", "camera")


class Finding(models.TextChoices):
    """What a stocktake says of a box."""

    RIGHT = "RIGHT", pgettext_lazy("result of a stocktake", "In its place")
    MISPLACED = "MISPLACED", pgettext_lazy("result of a stocktake", "Misplaced")
    MISSING = "MISSING", pgettext_lazy("result of a stocktake", "Missing")
    SURPLUS = "SURPLUS", pgettext_lazy("result of a stocktake", "Surplus")


ACTS = {
    "storage.place_opened": _("Place of the archive opened"),
    "storage.place_changed": _("Place of the archive changed"),
    "storage.place_closed": _("Place of the archive closed"),
    "storage.box_placed": _("Box placed"),
    "storage.box_taken_away": _("Box taken from its place"),
    "storage.stocktake_opened": _("Stocktake begun"),
    "storage.stocktake_counted": _("Counting ended"),
    "storage.stocktake_signed": _("Stocktake signed off"),
    "storage.stocktake_reopened": _("Counting taken up again"),
    "storage.stocktake_cancelled": _("Stocktake given up"),
}
