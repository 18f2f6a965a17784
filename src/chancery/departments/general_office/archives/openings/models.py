"""Opening, its rows, and what is open."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.openings.terms import OpenVerdict, RowState


class Opening(models.Model):
    """A list of items proposed to be opened. `years` is what the rulebook demanded on the day it was made."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    years = models.PositiveSmallIntegerField()
    made_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "general_office_opening"
        indexes = [models.Index(fields=["guard"], name="opening_guard")]

    def __str__(self) -> str:
        return f"{self.fonds_id} {self.made_at:%Y-%m-%d}"


class OpeningRow(models.Model):
    """One item of the list and the two decisions on it. A trigger draws the consequence (migration 0022)."""

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="rows")
    item = models.ForeignKey("records.ArchivalItem", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=RowState.choices, default=RowState.PROPOSED)
    head_verdict = models.CharField(max_length=4, choices=OpenVerdict.choices, blank=True, default="")
    head_reason = models.CharField(max_length=300, blank=True, default="")
    head_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    head_at = models.DateTimeField(null=True, blank=True)
    officer_verdict = models.CharField(max_length=4, choices=OpenVerdict.choices, blank=True, default="")
    officer_reason = models.CharField(max_length=300, blank=True, default="")
    officer_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    officer_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "general_office_openingrow"
        constraints = [
            models.UniqueConstraint(fields=["opening", "item"], name="openingrow_once"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(state="PROPOSED"), name="openingrow_one_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opening_id}: {self.item_id}"


class OpenRecord(models.Model):
    """What the public is told of an open item: its line as it stood when it was opened. Written by functions of the
    owner alone; of what is closed again nothing is left but that it was there, for those who had harvested it."""

    item = models.OneToOneField("records.ArchivalItem", on_delete=models.PROTECT, related_name="+")
    fonds_code = models.CharField(max_length=20)
    code = models.CharField(max_length=120, blank=True, default="")
    title = models.CharField(max_length=300, blank=True, default="")
    author = models.CharField(max_length=200, blank=True, default="")
    document_number = models.CharField(max_length=120, blank=True, default="")
    dated_on = models.DateField(null=True, blank=True)
    class_code = models.CharField(max_length=40, blank=True, default="")
    page_count = models.PositiveIntegerField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    datestamp = models.DateTimeField()

    class Meta:
        db_table = "general_office_openrecord"
        indexes = [
            models.Index(fields=["datestamp", "id"], name="openrecord_harvest"),
            models.Index(fields=["-opened_at"], condition=models.Q(is_open=True), name="openrecord_latest"),
        ]

    def __str__(self) -> str:
        return self.code
