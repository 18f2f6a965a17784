"""Yearly review, its entries, undefined matters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.terms import Target
from chancery.departments.general_office.confidential_work.review.terms import Decision, ReviewState


class YearlyReview(models.Model):
    """A unit's list for a year: every level in force when it was opened."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(max_length=8, choices=ReviewState, default=ReviewState.OPEN)
    due_on = models.DateField(_("due"))
    opened_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="yearlyreview_once", fields=["unit", "year"]),
            models.CheckConstraint(
                name="yearlyreview_signed_by_somebody",
                condition=~Q(state=ReviewState.SIGNED) | Q(signed_at__isnull=False, signed_person__isnull=False),
            ),
            models.CheckConstraint(
                name="yearlyreview_two_people",
                condition=Q(signed_person=None) | ~Q(signed_person=models.F("handed_in_person")),
                violation_error_message=_("Who hands a review in does not sign it."),
            ),
        ]
        indexes = [models.Index(fields=["-year", "unit"], name="yearlyreview_by_year")]


class ReviewEntry(models.Model):
    """One level under review."""

    review = models.ForeignKey(YearlyReview, on_delete=models.PROTECT, related_name="entries")
    classification = models.ForeignKey(Classification, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True, default="")
    new_level = models.CharField(_("new level"), max_length=12, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reviewentry_once", fields=["review", "classification"]),
            models.CheckConstraint(
                name="reviewentry_decided_with_reason",
                condition=Q(decision="", decided_at=None) | (Q(decided_at__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="reviewentry_change_says_level", condition=~Q(decision=Decision.CHANGE) | ~Q(new_level="")
            ),
        ]


class UndefinedMatter(models.Model):
    """不明确事项: nobody can say whether and how far it is to be kept. It is reported upward within some days and kept
    at a provisional level meanwhile."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    target = models.CharField(max_length=8, choices=Target)
    subject = models.CharField(max_length=120, blank=True, default="")
    alias = models.CharField(_("alias"), max_length=120, blank=True, default="")
    question = models.TextField(_("what is unclear"), max_length=2000)
    provisional_level = models.CharField(_("provisional level"), max_length=12)
    raised_at = models.DateTimeField()
    raised_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("to be reported by"))
    is_provisional = models.BooleanField(default=False)  # the calendar of that day is not announced yet
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_to = models.CharField(_("reported to"), max_length=200, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("decision"), max_length=2000, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["-raised_at", "-id"], name="undefinedmatter_latest")]
        constraints = [
            models.CheckConstraint(
                name="undefinedmatter_thing_or_carrier",
                condition=Q(target=Target.THING, alias="") & ~Q(subject="")
                | Q(target=Target.CARRIER, subject="") & ~Q(alias=""),
            ),
            models.CheckConstraint(name="undefinedmatter_asked", condition=~Q(question="")),
            models.CheckConstraint(
                name="undefinedmatter_reported_to_somebody", condition=Q(reported_at=None) | ~Q(reported_to="")
            ),
            models.CheckConstraint(
                name="undefinedmatter_answered_after_report",
                condition=Q(answered_at=None) | (Q(reported_at__isnull=False) & ~Q(answer="")),
            ),
        ]
