"""What is to be read anew; the guards shared by things that all staff, or the public, may see."""

from __future__ import annotations

from django.db import models


class SearchDue(models.Model):
    """A row that changed: "directory.unit", 5. Written by triggers, as often as it changes; emptied by the job."""

    source = models.CharField(max_length=60)
    key = models.BigIntegerField()

    class Meta:
        db_table = "records_searchdue"

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"


class SearchGuard(models.Model):
    """The one guard for things of a label that are shown to everybody cleared for it."""

    label = models.PositiveSmallIntegerField(unique=True)
    guard = models.OneToOneField("access.Guard", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "records_searchguard"

    def __str__(self) -> str:
        return str(self.label)
