"""Clearing list of a leaver."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.clearances.terms import LeavingState


class Leaving(models.Model):
    """A person who goes, and what must be settled first. What is still out is asked, never copied here."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(max_length=10, choices=LeavingState.choices, default=LeavingState.OPEN)
    opened_at = models.DateTimeField()
    opened_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    handed_to = models.ForeignKey("directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_note = models.CharField(_("matters handed on"), max_length=300, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cooling_until = models.DateField(_("cooling-off until"), null=True, blank=True)

    class Meta:
        db_table = "general_office_leaving"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                name="leaving_one_open",
                condition=Q(state=LeavingState.OPEN),
                violation_error_message=_("A clearing list of this person is open already."),
            ),
            models.CheckConstraint(
                name="leaving_cleared_by_somebody",
                condition=~Q(state=LeavingState.CLEARED)
                | Q(cleared_person__isnull=False, handed_to__isnull=False, cleared_at__isnull=False),
            ),
        ]
