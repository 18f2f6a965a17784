"""Yearly count and its lines."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.terms import CountState, Found


class CarrierCount(models.Model):
    """The count of one year: every copy that stood on the day it was opened."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    state = models.CharField(max_length=6, choices=CountState.choices, default=CountState.OPEN)
    opened_at = models.DateTimeField()
    opened_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("to be closed by"))
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "general_office_carriercount"


class CountLine(models.Model):
    """One copy in a count: seen, or missing."""

    count = models.ForeignKey(CarrierCount, on_delete=models.PROTECT, related_name="lines")
    copy = models.ForeignKey("general_office.CarrierCopy", on_delete=models.PROTECT, related_name="+")
    found = models.CharField(max_length=8, choices=Found.choices, default=Found.WAITING)
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "general_office_carriercountline"
        constraints = [models.UniqueConstraint(fields=["count", "copy"], name="carrier_countline_once")]
