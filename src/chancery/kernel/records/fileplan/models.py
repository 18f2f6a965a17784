"""Fonds, plan, period, class."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from chancery.foundations.rulebook.terms import Profile
from chancery.kernel.records.fileplan.terms import AtEnd, PlanState


class Fonds(models.Model):
    """全宗: the whole record of one body. `keeper_unit` is the unit whose archivists keep it."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    keeper_unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    history_en = models.TextField(blank=True, default="")
    history_zh = models.TextField(blank=True, default="")
    begun_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "records_fonds"
        constraints = [
            models.CheckConstraint(
                name="records_fonds_code_form",
                condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9]{0,19}$"),
                violation_error_message=_("A code has capital letters and digits."),
            ),
            models.CheckConstraint(
                name="records_fonds_closed_after_begun",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("begun_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class FilePlan(models.Model):
    """One version of a fonds' plan and schedule. Approved, it holds from `valid_from` to `valid_to`, both included.

    A version under approval or approved is not changed any more (migration 0009): a change is a new version.
    """

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()  # of the version, from 1
    profile = models.CharField(max_length=16, choices=Profile.choices)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, default="")  # what this version changes and why
    basis_en = models.TextField(blank=True, default="")
    basis_zh = models.TextField(blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approval_number = models.CharField(max_length=120, blank=True, default="")  # of the authority that agreed to it
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "records_fileplan"
        ordering = ["fonds", "number"]
        constraints = [
            models.UniqueConstraint(fields=["fonds", "number"], name="records_fileplan_number_once"),
            ExclusionConstraint(
                name="records_fileplan_one_at_a_time",
                expressions=[
                    ("fonds", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=PlanState.APPROVED),
            ),
            models.CheckConstraint(
                name="records_fileplan_approved_is_dated",
                condition=~Q(state=PlanState.APPROVED) | Q(valid_from__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="records_fileplan_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fonds_id}/{self.number}"


class RetentionPeriod(models.Model):
    """保管期限 as a plan knows it. `years` null is for good; `rank` orders periods, the longest highest."""

    plan = models.ForeignKey(FilePlan, on_delete=models.CASCADE, related_name="periods")
    code = models.CharField(_("code"), max_length=8)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    basis_en = models.TextField(blank=True, default="")
    basis_zh = models.TextField(blank=True, default="")

    class Meta:
        db_table = "records_retentionperiod"
        ordering = ["plan", F("years").desc(nulls_first=True), "code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="records_period_once"),
            models.CheckConstraint(name="records_period_code_form", condition=Q(code__regex=r"^[A-Z][A-Z0-9]{0,7}$")),
            models.CheckConstraint(name="records_period_years", condition=Q(years=None) | Q(years__gte=1)),
        ]

    def __str__(self) -> str:
        return self.code


class PlanClass(models.Model):
    """A class of the plan. Only leaves are filed under. `category` is the letters in the archival code (WS: 文书).

    `proposes`: what falls under it without asking, as "kind" or "kind/TYPE" ("incoming/REQUEST", "outgoing"), the
    most particular first; with `unit` it does so only for that unit and what stands below it.
    """

    plan = models.ForeignKey(FilePlan, on_delete=models.CASCADE, related_name="classes")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    code = models.CharField(_("code"), max_length=40)
    category = models.CharField(max_length=8, default="WS")
    position = models.PositiveSmallIntegerField(default=0)
    name_en = models.CharField(max_length=300)
    name_zh = models.CharField(max_length=300)
    scope_en = models.TextField(blank=True, default="")
    scope_zh = models.TextField(blank=True, default="")
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(
        max_length=8, blank=True, default=""
    )  # code of a RetentionPeriod of the plan; "" on a node
    at_end = models.CharField(max_length=8, choices=AtEnd.choices, default=AtEnd.APPRAISE)
    proposes = models.JSONField(default=list, blank=True)
    basis_en = models.TextField(blank=True, default="")
    basis_zh = models.TextField(blank=True, default="")
    is_open = models.BooleanField(default=True)  # false: nothing new is filed here

    class Meta:
        db_table = "records_planclass"
        ordering = ["plan", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="records_planclass_once"),
            models.CheckConstraint(
                name="records_planclass_code_form", condition=Q(code__regex=r"^[A-Z0-9]+([.-][A-Z0-9]+)*$")
            ),
            models.CheckConstraint(
                name="records_planclass_category_form", condition=Q(category__regex=r"^[A-Z]{1,8}$")
            ),
        ]
        indexes = [models.Index(fields=["parent"], name="records_planclass_parent")]

    def __str__(self) -> str:
        return self.code


class UnitCode(models.Model):
    """机构代码: how a unit is called in archival codes of a fonds, from a day on. Units below it share it."""

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="unit_codes")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "records_unitcode"
        ordering = ["fonds", "code", "valid_from"]
        constraints = [
            models.CheckConstraint(
                name="records_unitcode_form",
                condition=Q(code__regex=r"^[A-Z0-9]{1,12}$"),
                violation_error_message=_("A code has capital letters and digits."),
            ),
            models.CheckConstraint(
                name="records_unitcode_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="records_unitcode_one_a_unit",
                expressions=[
                    ("fonds", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
            # A code that meant one unit never means another on the same day: two would share a row of numbers.
            ExclusionConstraint(
                name="records_unitcode_one_meaning",
                expressions=[
                    ("fonds", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.code
