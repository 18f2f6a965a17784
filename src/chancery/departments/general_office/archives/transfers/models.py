"""Transfer list, its rows, the packages made of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from chancery.departments.general_office.archives.transfers.terms import ListState

_NOTHING = list  # `list` is a field's name below


def _person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey("directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class TransferList(models.Model):
    """What goes to the authority together. Approved by another person than drew it up; what stands here about that is
    checked by the database (migration `transfers_law`)."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=ListState.choices, default=ListState.DRAFT)
    authority = models.CharField(max_length=200)
    note = models.TextField(blank=True, default="")
    drawn_at = models.DateTimeField()
    drawn_person = _person()
    submitted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")  # why it was sent back or withdrawn
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_person = _person()
    receipt_number = models.CharField(max_length=120, blank=True, default="")
    receipt_on = models.DateField(null=True, blank=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True, default="")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_person = _person()
    copies_until = models.DateField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "general_office_transferlist"
        indexes = [models.Index(fields=["-drawn_at"], name="general_office_transfer_latest")]
        constraints = [
            models.CheckConstraint(
                name="general_office_transfer_two_persons",
                condition=Q(approved_person=None) | ~Q(approved_person=models.F("drawn_person")),
            ),
            models.CheckConstraint(
                name="general_office_transfer_completed_whole",
                condition=~Q(state=ListState.COMPLETED)
                | (
                    ~Q(receipt_number="")
                    & ~Q(receipt_sha256="")
                    & Q(receipt_on__isnull=False, completed_at__isnull=False, approved_person__isnull=False)
                    & Q(copies_until__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TransferRow(models.Model):
    """An item on a list. `stub` is what its files were when it went: role, name, size, hash."""

    list = models.ForeignKey(TransferList, on_delete=models.PROTECT, related_name="rows")
    item = models.ForeignKey("records.ArchivalItem", on_delete=models.PROTECT, related_name="+")
    taken_off_at = models.DateTimeField(null=True, blank=True)
    taken_off_reason = models.CharField(max_length=300, blank=True, default="")
    stub = models.JSONField(default=_NOTHING, blank=True)

    class Meta:
        db_table = "general_office_transferrow"
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(taken_off_at=None), name="general_office_transferrow_once"
            )
        ]
        indexes = [models.Index(fields=["list"], name="general_office_transferrow_lis")]


class TransferPackage(models.Model):
    """A package that was made of a list. The receipt names the hash of one of them."""

    list = models.ForeignKey(TransferList, on_delete=models.PROTECT, related_name="packages")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    items = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_person = _person()

    class Meta:
        db_table = "general_office_transferpackage"
        constraints = [models.UniqueConstraint(fields=["list", "sha256"], name="general_office_transferpackage_once")]
