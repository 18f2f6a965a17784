"""Noun: a package that was taken in."""

from __future__ import annotations

from django.db import models


class TakenPackage(models.Model):
    """A package whose items are in the archive now. `manifest` is the SHA-256 of its payload manifest, once only."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    manifest = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    organization = models.CharField(max_length=200, blank=True, default="")
    reference = models.CharField(max_length=120, blank=True, default="")  # its own identifier
    items = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    first_code = models.CharField(max_length=120)
    last_code = models.CharField(max_length=120)
    taken_at = models.DateTimeField()
    taken_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "records_takenpackage"
        indexes = [models.Index(fields=["-taken_at"], name="records_takenpackage_latest")]

    def __str__(self) -> str:
        return self.name
