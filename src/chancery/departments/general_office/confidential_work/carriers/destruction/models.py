"""Destruction list and its lines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.terms import DestructionState


class CarrierDestruction(models.Model):
    """Copies to be destroyed: drawn up by one, approved by another, carried out by two who each sign."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("list number"), max_length=60, unique=True)
    reason = models.CharField(_("reason"), max_length=200)
    method = models.CharField(_("how and where"), max_length=200)
    state = models.CharField(max_length=8, choices=DestructionState.choices, default=DestructionState.DRAWN)
    drawn_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    approved_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    first = models.ForeignKey("directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    first_signed_at = models.DateTimeField(null=True, blank=True)
    second_signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "general_office_carrierdestruction"
        constraints = [
            models.CheckConstraint(
                name="carrier_destruction_not_own_approval",
                condition=Q(approved_person__isnull=True) | ~Q(approved_person=F("drawn_person")),
                violation_error_message=_("Another person approves the list."),
            ),
            models.CheckConstraint(
                name="carrier_destruction_two_people",
                condition=Q(first__isnull=True) | Q(second__isnull=True) | ~Q(first=F("second")),
                violation_error_message=_("Two different people destroy."),
            ),
            models.CheckConstraint(
                name="carrier_destruction_done_by_two",
                condition=~Q(state=DestructionState.DONE)
                | Q(
                    approved_person__isnull=False,
                    first__isnull=False,
                    second__isnull=False,
                    first_signed_at__isnull=False,
                    second_signed_at__isnull=False,
                ),
                violation_error_message=_("Nothing is destroyed without approval and two signatures."),
            ),
        ]


class DestructionLine(models.Model):
    """One copy on a destruction list."""

    destruction = models.ForeignKey(CarrierDestruction, on_delete=models.PROTECT, related_name="lines")
    copy = models.ForeignKey("general_office.CarrierCopy", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "general_office_carrierdestructionline"
        constraints = [models.UniqueConstraint(fields=["destruction", "copy"], name="carrier_destructionline_once")]
