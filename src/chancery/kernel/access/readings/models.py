"""Reading."""

from __future__ import annotations

from django.db import models

from chancery.foundations.actor import Clearance
from chancery.kernel.access.readings.terms import How


class Reading(models.Model):
    """One opening of something restricted. Written by the database function `access_note_reading` alone; it stays."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+", db_index=False)
    label = models.PositiveSmallIntegerField(choices=[(c.value, c.name) for c in Clearance])  # as it was then
    subject = models.CharField(max_length=120)  # "label.model:pk"
    how = models.CharField(max_length=8, choices=How)
    at = models.DateTimeField()
    account = models.ForeignKey("access.Account", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "access_reading"
        indexes = [
            models.Index(fields=["guard", "-at"], name="access_reading_of_guard"),
            models.Index(fields=["account", "subject", "-at"], name="access_reading_again"),
            models.Index(fields=["-at", "-id"], name="access_reading_latest"),
        ]
