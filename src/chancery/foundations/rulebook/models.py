"""The provision: a dated figure with its legal basis."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from chancery.foundations.rulebook.terms import NUMBERS, Origin, Profile, Unit


class Provision(models.Model):
    """A value that holds from `valid_from` to `valid_to`, both days included; open-ended without `valid_to`.

    Nothing here is overwritten: a new value is a new row, the old one is ended the day before (`valid_to`) or, when it
    never held rightly, withdrawn (`withdrawn_at`). The web role may set those columns and no other, and may not delete.
    """

    profile = models.CharField(max_length=16, choices=Profile.choices)
    key = models.CharField(max_length=80)
    name_en = models.TextField()
    name_zh = models.TextField()
    value = models.TextField()
    unit = models.CharField(max_length=16, choices=Unit.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis_en = models.TextField()
    basis_zh = models.TextField()
    note_en = models.TextField(blank=True, default="")
    note_zh = models.TextField(blank=True, default="")
    # Read in the text of the rule itself; a figure from a second-hand page or from custom is not.
    is_verified = models.BooleanField(default=False)
    source = models.TextField(blank=True, default="")
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.SITE)
    # Once the site has had its hand in a key, later releases only report what they would change.
    is_site_edited = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="rulebook_one_provision_at_a_time",
                expressions=[
                    ("profile", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="rulebook_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(name="rulebook_has_a_basis", condition=~Q(basis_en="") & ~Q(basis_zh="")),
        ]
        indexes = [models.Index(fields=["key", "profile", "valid_from"], name="rulebook_by_key")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value} {self.unit} ({self.profile}, {self.valid_from}–{self.valid_to or ''})"

    @property
    def number(self) -> Decimal:
        """The value of a counted unit."""
        if self.unit not in NUMBERS:
            raise TypeError(f"{self.key} is a {self.unit}, not a number")
        return Decimal(self.value)
