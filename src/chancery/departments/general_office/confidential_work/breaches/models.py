"""Breach."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.breaches.terms import State, What


class Breach(models.Model):
    """Something lost or leaked. `due_at` is when the authority must have been told; closed only with a result."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=60, unique=True)
    copy = models.ForeignKey(
        "general_office.CarrierCopy", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    alias = models.CharField(_("alias of the carrier"), max_length=40, blank=True)
    what = models.CharField(_("what happened"), max_length=12, choices=What.choices)
    account = models.TextField(_("what is known"))
    found_at = models.DateTimeField(_("found"))
    reporter = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    reporter_post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(_("to be reported by"))
    measures = models.TextField(_("measures"), blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_to = models.CharField(_("reported to"), max_length=120, blank=True)
    reported_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    chased_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "general_office_breach"
        constraints = [
            models.CheckConstraint(
                name="breach_reported_to_somebody",
                condition=Q(state=State.OPEN) | (Q(reported_at__isnull=False) & ~Q(reported_to="")),
                violation_error_message=_("Say whom it was reported to."),
            ),
            models.CheckConstraint(
                name="breach_closed_with_result",
                condition=~Q(state=State.CLOSED)
                | (~Q(result="") & Q(closed_person__isnull=False, closed_at__isnull=False)),
                violation_error_message=_("A breach is closed with its result."),
            ),
            models.CheckConstraint(
                name="breach_not_closed_by_reporter",
                condition=Q(closed_person__isnull=True) | ~Q(closed_person=F("reporter")),
                violation_error_message=_("Who found it does not close it."),
            ),
        ]
