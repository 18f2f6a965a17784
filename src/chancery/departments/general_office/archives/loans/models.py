"""A loan."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from chancery.departments.general_office.archives.loans.terms import Condition

PERSON = "directory.Person"
POST = "directory.Post"


class Loan(models.Model):
    """An original or a box in somebody's hands, from `lent_at` to `returned_at`; due back on `due_on`."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("records.ArchivalItem", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    box = models.ForeignKey("records.ArchiveBox", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey("procedures.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=120)  # of the item or box, as it was
    borrower = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    borrower_post = models.ForeignKey(POST, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    lent_at = models.DateTimeField()
    lent_person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    extensions = models.PositiveSmallIntegerField(default=0)
    chased = models.PositiveSmallIntegerField(default=0)
    chased_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    condition = models.CharField(max_length=10, choices=Condition.choices, blank=True, default="")
    condition_note = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], condition=Q(returned_at=None), name="loan_due"),
            models.Index(fields=["-lent_at"], name="loan_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="loan_item_or_box",
                condition=Q(item__isnull=False, box=None) | Q(item=None, box__isnull=False),
            ),
            models.UniqueConstraint(fields=["item"], condition=Q(returned_at=None), name="loan_item_once"),
            models.UniqueConstraint(fields=["box"], condition=Q(returned_at=None), name="loan_box_once"),
            models.CheckConstraint(
                name="loan_returned_has_condition", condition=Q(returned_at=None) | ~Q(condition="")
            ),
            models.CheckConstraint(
                name="loan_lender_is_another", condition=Q(lent_person=None) | ~Q(lent_person=F("borrower"))
            ),
        ]
