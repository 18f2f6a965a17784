"""Planned interruptions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Interruption(models.Model):
    """A time in which something will not answer, told beforehand."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    what_en = models.CharField(max_length=300, blank=True, default="")
    what_zh = models.CharField(max_length=300, blank=True, default="")
    made_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "publishing_interruption"
        indexes = [models.Index(fields=["ends_at"], name="publishing_interruption_end")]
        constraints = [
            models.CheckConstraint(name="publishing_interruption_lasts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="publishing_interruption_says_what", condition=~Q(what_en="") | ~Q(what_zh="")),
        ]
