"""Appraisal list with its rows, the names put to it, what was destroyed, and the asking for a shorter period."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.kernel.records.disposal.terms import ActKind, DecisionState, ListState, SheetState, Verdict


class AppraisalList(models.Model):
    """Items of a fonds whose period ended before `cut_off`. Approved, it is frozen by `frozen_hash`."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    number = models.OneToOneField("records.IssuedNumber", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=ListState.choices, default=ListState.DRAFT)
    cut_off = models.DateField()
    note = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    made_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    frozen_hash = models.CharField(max_length=64, blank=True, default="")
    executed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)  # grows with every change of a verdict

    class Meta:
        db_table = "records_appraisallist"
        indexes = [models.Index(fields=["guard"], name="records_appraisal_guard")]
        constraints = [
            models.CheckConstraint(
                name="records_appraisal_approved_is_frozen",
                condition=~Q(state__in=(ListState.APPROVED, ListState.EXECUTED))
                | (Q(approved_at__isnull=False) & ~Q(frozen_hash="")),
            )
        ]

    def __str__(self) -> str:
        return self.code


class AppraisalRow(models.Model):
    """An item on a list as it stood when the list was drawn up, and what the appraisers say of it."""

    list = models.ForeignKey(AppraisalList, on_delete=models.CASCADE, related_name="rows")
    item = models.ForeignKey("records.ArchivalItem", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    class_code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=8)
    retain_until = models.DateField()
    page_count = models.PositiveIntegerField(null=True, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True, default="")
    new_period = models.CharField(max_length=8, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    appraised_at = models.DateTimeField(null=True, blank=True)
    appraised_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    left_out_at = models.DateTimeField(null=True, blank=True)  # held when the list was to be carried out
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "records_appraisalrow"
        ordering = ["list", "position"]
        indexes = [models.Index(fields=["item"], name="records_appraisalrow_item")]
        constraints = [
            models.UniqueConstraint(fields=["list", "item"], name="records_appraisalrow_once"),
            models.UniqueConstraint(fields=["list", "position"], name="records_appraisalrow_place"),
            models.CheckConstraint(
                name="records_appraisalrow_period_with_extend",
                condition=(Q(verdict=Verdict.EXTEND) & ~Q(new_period=""))
                | (~Q(verdict=Verdict.EXTEND) & Q(new_period="")),
            ),
            models.CheckConstraint(
                name="records_appraisalrow_verdict_with_reason", condition=Q(verdict="") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AppraisalSheet(models.Model):
    """A spreadsheet that came back from the appraisers, kept as it came."""

    list = models.ForeignKey(AppraisalList, on_delete=models.CASCADE, related_name="sheets")
    file = models.OneToOneField("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=6, choices=SheetState.choices)
    row_count = models.PositiveIntegerField()
    fault_count = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    sent_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "records_appraisalsheet"


class PeriodDecision(models.Model):
    """A shorter period for one item: asked for by one, agreed to by the archive's head, approved by a leader."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("records.ArchivalItem", on_delete=models.PROTECT, related_name="+")
    from_period = models.CharField(max_length=8)
    to_period = models.CharField(max_length=8)
    reason = models.TextField()
    basis = models.CharField(max_length=200)  # the authority's paper by which the schedule allows it
    state = models.CharField(max_length=8, choices=DecisionState.choices, default=DecisionState.ASKED)
    asked_at = models.DateTimeField()
    asked_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "records_perioddecision"
        constraints = [
            models.CheckConstraint(
                name="records_perioddecision_has_reason", condition=~Q(reason="") & ~Q(basis="") & ~Q(to_period="")
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state=DecisionState.ASKED), name="records_perioddecision_one_open"
            ),
        ]


class DisposalAct(models.Model):
    """A name put to a list or to a shorter period. Never changed; the database fills in who, and the hash of what."""

    list = models.ForeignKey(AppraisalList, null=True, blank=True, on_delete=models.CASCADE, related_name="acts")
    decision = models.ForeignKey(PeriodDecision, null=True, blank=True, on_delete=models.CASCADE, related_name="acts")
    act = models.CharField(max_length=10, choices=ActKind.choices)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "records_disposalact"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="records_disposalact_on_one",
                condition=Q(list__isnull=False, decision=None) | Q(list=None, decision__isnull=False),
            )
        ]


class DestructionCertificate(models.Model):
    """What was destroyed, by whom, by which list. Staff may know its figures; its paper stays with the archive."""

    list = models.OneToOneField(AppraisalList, on_delete=models.PROTECT, related_name="certificate")
    number = models.OneToOneField("records.IssuedNumber", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80, unique=True)
    destroyed_at = models.DateTimeField()
    destroyer = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    item_count = models.PositiveIntegerField()
    file_count = models.PositiveIntegerField()
    totals = models.JSONField()  # [{"class_code", "year", "items", "files"}]
    list_hash = models.CharField(max_length=64)
    items_hash = models.CharField(max_length=64)
    file = models.OneToOneField("records.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "records_destructioncertificate"

    def __str__(self) -> str:
        return self.code


class DestroyedItem(models.Model):
    """By which certificate an item was destroyed. Shows to whoever may know of the item."""

    item = models.OneToOneField("records.ArchivalItem", on_delete=models.PROTECT, related_name="destruction")
    certificate = models.ForeignKey(DestructionCertificate, on_delete=models.PROTECT, related_name="items")

    class Meta:
        db_table = "records_destroyeditem"
