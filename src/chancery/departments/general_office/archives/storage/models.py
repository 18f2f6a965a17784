"""Nouns of storage: places, where a box stood and stands, stocktakes and what was counted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.storage.terms import Heard, PlaceKind, Source, StocktakeState

PERSON = "directory.Person"
POST = "directory.Post"


class StoragePlace(models.Model):
    """A room, a rack in it, a shelf of that. `code` is what its label says, unique in the house."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    keeper_unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=PlaceKind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True, default="")
    path = models.CharField(max_length=130)  # codes from the room down, "A|A-01|A-01-3|": what lies below begins so
    position = models.PositiveSmallIntegerField(default=0)
    width_mm = models.PositiveIntegerField(_("clear width in mm"), null=True, blank=True)  # of a shelf
    note = models.CharField(max_length=300, blank=True, default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["path"], name="storage_place_path", opclasses=["text_pattern_ops"])]
        constraints = [
            models.CheckConstraint(
                name="storage_place_code_form",
                condition=Q(code__regex=r"^[A-Z0-9]+(-[A-Z0-9]+)*$"),
                violation_error_message=_("A code has capital letters, digits and dashes, for example A-01-3."),
            ),
            models.CheckConstraint(
                name="storage_place_stands_in",
                condition=Q(kind=PlaceKind.ROOM, parent=None) | (~Q(kind=PlaceKind.ROOM) & Q(parent__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class BoxPlacing(models.Model):
    """Where a box stood, from when to when. The open one is where it stands."""

    box = models.ForeignKey("records.ArchiveBox", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(StoragePlace, on_delete=models.PROTECT, related_name="placings")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(POST, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True, default="")
    stocktake = models.ForeignKey("Stocktake", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["box"], condition=Q(until=None), name="storage_box_one_place"),
            models.CheckConstraint(name="storage_placing_days", condition=Q(until=None) | Q(until__gte=F("since"))),
        ]
        indexes = [models.Index(fields=["place"], condition=Q(until=None), name="storage_placing_now")]


class Stocktake(models.Model):
    """盘点 of a place with all that stands below it. Whoever ends the counting does not sign it off."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(StoragePlace, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=StocktakeState, default=StocktakeState.OPEN)
    opened_at = models.DateTimeField()
    opened_person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_post = models.ForeignKey(POST, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(state=StocktakeState.OPEN),
                name="storage_stocktake_one_open",
                violation_error_message=_("A stocktake of this place is running already."),
            ),
            models.CheckConstraint(
                name="storage_stocktake_two_people",
                condition=~Q(state=StocktakeState.SIGNED) | ~Q(signed_person=F("counted_person")),
            ),
        ]


class StocktakeExpected(models.Model):
    """A box that should stand there: as it was written down when the counting began."""

    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, related_name="expected")
    box = models.ForeignKey("records.ArchiveBox", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(StoragePlace, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stocktake", "box"], name="storage_expected_once")]


class StocktakeCount(models.Model):
    """A code as it was read, by whom, at which shelf. Nothing counted is taken back."""

    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, related_name="counts")
    text = models.CharField(max_length=200)
    heard = models.CharField(max_length=7, choices=Heard)
    box = models.ForeignKey("records.ArchiveBox", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("records.ArchivalItem", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(StoragePlace, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_again = models.BooleanField(default=False)  # the box was counted before in this stocktake
    source = models.CharField(max_length=6, choices=Source, default=Source.TYPED)
    at = models.DateTimeField()
    person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["stocktake", "-id"], name="storage_count_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["stocktake", "box"],
                condition=Q(heard=Heard.BOX, is_again=False),
                name="storage_count_once",
            )
        ]
