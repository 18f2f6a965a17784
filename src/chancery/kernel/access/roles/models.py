"""RoleGrant."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


class RoleGrant(models.Model):
    """A post holds a role over a unit and all below it. `valid_to` is the first day on which it no longer does."""

    post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("post"))
    role = models.CharField(_("role"), max_length=60)
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("over"))
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    granted_by_post = models.ForeignKey(
        "directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["role", "unit"], name="access_rolegrant_where"),
            models.Index(fields=["post"], name="access_rolegrant_who"),
        ]
        constraints = [
            # A grant ended on the day it began (valid_to = valid_from) never counted: an entry withdrawn.
            models.CheckConstraint(
                name="access_rolegrant_ends_after_start",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The end must not come before the start."),
            ),
            ExclusionConstraint(
                name="access_rolegrant_once_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (
                        Func(F("valid_from"), F("valid_to"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("The post already holds this role over the unit on some of those days."),
            ),
        ]
