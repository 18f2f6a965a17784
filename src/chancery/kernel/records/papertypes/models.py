"""The paper type: a dated row with its rules."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from chancery.foundations.rulebook.terms import Profile
from chancery.kernel.records.papertypes.terms import Origin


class PaperType(models.Model):
    """A type of paper as it holds from `valid_from` to `valid_to`, both included; open-ended without `valid_to`.

    `rules` maps a rule's code (`terms.RULES`) to {"value": …, "basis_en": …, "basis_zh": …}. Nothing is overwritten: an
    edit is a new row, the old one ends the day before or, begun on that very day, is withdrawn.
    """

    profile = models.CharField(max_length=16, choices=Profile.choices)
    code = models.CharField(max_length=24)
    position = models.PositiveSmallIntegerField(default=0)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    use_en = models.TextField()  # what it is for
    use_zh = models.TextField()
    basis_en = models.TextField()
    basis_zh = models.TextField()
    rules = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.SITE)
    # Once the site has had its hand in a type, later releases only report what they would change.
    is_site_edited = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )

    class Meta:
        db_table = "records_papertype"
        ordering = ["profile", "position", "code", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="papertype_one_at_a_time",
                expressions=[
                    ("profile", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="papertype_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(name="papertype_has_a_basis", condition=~Q(basis_en="") & ~Q(basis_zh="")),
        ]

    def __str__(self) -> str:
        return f"{self.profile}/{self.code} {self.valid_from}–{self.valid_to or ''}"

    def says(self, rule: str) -> Any:
        """What a rule says for this type, or None when it carries no such rule."""
        return self.rules.get(rule, {}).get("value")
