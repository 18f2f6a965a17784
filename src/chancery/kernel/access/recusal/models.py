"""Recusal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Recusal(models.Model):
    """A person keeps out of one subject ("label.model:pk", as the journal names it) until the recusal is lifted."""

    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    reason = models.CharField(_("reason"), max_length=300)
    declared_by_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject"], name="access_recusal_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "subject"],
                name="access_recusal_once",
                condition=models.Q(lifted_at=None),
                violation_error_message=_("This person already keeps out of it."),
            )
        ]
