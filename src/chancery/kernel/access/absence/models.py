"""Absence."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


class Absence(models.Model):
    """A post whose holder is away, and the post that stands in. Both days count.

    `scopes` limits the standing-in to procedures by code; null is all. A cancelled absence never counted again from
    `cancelled_at` on; the row stays as the trace.
    """

    absent_post = models.ForeignKey(
        "directory.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("absent post")
    )
    absent_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    deputy_post = models.ForeignKey(
        "directory.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("deputy")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    scopes = ArrayField(models.TextField(), null=True, blank=True, verbose_name=_("for"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    declared_by_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["deputy_post"], name="access_absence_deputy", condition=Q(cancelled_at=None)),
            models.Index(fields=["absent_post"], name="access_absence_absent", condition=Q(cancelled_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="access_absence_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                name="access_absence_not_own_deputy",
                condition=~Q(absent_post=F("deputy_post")),
                violation_error_message=_("A post cannot stand in for itself."),
            ),
            models.CheckConstraint(
                name="access_absence_scopes_not_empty",
                condition=Q(scopes=None) | Q(scopes__len__gt=0),
                violation_error_message=_("Choose what the deputy stands in for."),
            ),
            ExclusionConstraint(
                name="access_absence_one_at_a_time",
                expressions=[
                    ("absent_post", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(cancelled_at=None),
                violation_error_message=_("Another absence of this post covers some of those days."),
            ),
        ]
