"""Stored files. The content lies in the content store under `sha256`; the row says what it is and who may see it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.foundations.papers import MEDIA_TYPES, Family
from chancery.kernel.records.files.terms import LONGEST_NAME


class StoredFile(models.Model):
    """A file somebody stored. Two rows may share one content; neither shows that the other exists."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    owner = models.CharField(max_length=120, blank=True, default="")  # "label.model:pk" of what it belongs to
    name = models.CharField(max_length=LONGEST_NAME)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField(blank=True, default="")
    stored_at = models.DateTimeField()
    stored_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stored_post = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    destroyed_at = models.DateTimeField(null=True, blank=True)  # with its archival item: the content is gone

    class Meta:
        db_table = "records_storedfile"
        indexes = [
            models.Index(fields=["owner"], name="records_file_owner"),
            models.Index(fields=["sha256"], name="records_file_sha256"),
        ]
        constraints = [
            models.CheckConstraint(name="records_file_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(name="records_file_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="records_file_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def family(self) -> Family:
        """How it is read and shown."""
        return MEDIA_TYPES[self.media_type].family
