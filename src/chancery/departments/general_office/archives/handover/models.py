"""Nouns of handing over: what a department owes for a year, its lists, their items, what the checks found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.handover.terms import CheckName, ListState, Result, RowState

PERSON = "directory.Person"
POST = "directory.Post"


class HandoverDuty(models.Model):
    """归档任务: one department, one year. The counts are those of the last round, over everything, whoever looks."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    keeper_unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    unfiled = models.PositiveIntegerField(default=0)  # closed, and not filed
    unhanded = models.PositiveIntegerField(default=0)  # filed, and not handed over
    counted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    matter = models.ForeignKey("procedures.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminded_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="handover_duty_once")]
        indexes = [models.Index(fields=["due_on"], condition=Q(settled_at=None), name="handover_duty_open")]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.year}"


class HandoverList(models.Model):
    """移交清册. Signed twice, by two different people: whoever hands over, whoever takes over."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=80, blank=True, default="")  # from the handing over on
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    keeper_unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ListState, default=ListState.DRAFT)
    note = models.TextField(_("note"), max_length=1000, blank=True, default="")
    made_at = models.DateTimeField()
    made_person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    made_post = models.ForeignKey(POST, null=True, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    offered_post = models.ForeignKey(POST, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_post = models.ForeignKey(POST, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.TextField(blank=True, default="")
    matter = models.ForeignKey("procedures.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="handover_list_latest"),
            models.Index(fields=["unit", "state"], name="handover_list_unit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="handover_list_number_once"),
            models.CheckConstraint(
                name="handover_list_numbered",
                condition=Q(state=ListState.DRAFT) | ~Q(number=""),
            ),
            models.CheckConstraint(
                name="handover_list_two_people",
                condition=~Q(state=ListState.TAKEN) | ~Q(ended_person=F("offered_person")),
                violation_error_message=_("Whoever handed over does not take over as well."),
            ),
            models.CheckConstraint(
                name="handover_list_offered_is_signed",
                condition=Q(state=ListState.DRAFT) | Q(offered_at__isnull=False, offered_person__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_list_taken_is_signed",
                condition=~Q(state=ListState.TAKEN) | Q(ended_at__isnull=False, ended_person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class HandoverRow(models.Model):
    """An item on a list. `reason`: why it went back, or why it was taken although a check was not passed."""

    list = models.ForeignKey(HandoverList, on_delete=models.CASCADE, related_name="rows")
    item = models.ForeignKey("records.ArchivalItem", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=RowState, default=RowState.WAITING)
    round = models.PositiveSmallIntegerField(default=0)  # of checks; 0 = none made yet
    worst = models.CharField(max_length=8, choices=Result, blank=True, default="")  # of the last round
    reason = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["list", "position"]
        constraints = [
            models.UniqueConstraint(fields=["list", "item"], name="handover_row_once"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=[RowState.WAITING, RowState.ACCEPTED]),
                name="handover_row_one_list",
                violation_error_message=_("The item is on a hand-over list already."),
            ),
            models.CheckConstraint(
                name="handover_row_accepted_passed",
                condition=~Q(state=RowState.ACCEPTED)
                | Q(worst=Result.PASS)
                | (Q(worst__in=[Result.WARN, Result.UNKNOWN]) & ~Q(reason="")),
                violation_error_message=_("What failed a check is not accepted; a warning needs a written reason."),
            ),
            models.CheckConstraint(
                name="handover_row_returned_with_reason", condition=~Q(state=RowState.RETURNED) | ~Q(reason="")
            ),
        ]


class HandoverCheck(models.Model):
    """One finding of one round of checks on an item or one of its parts. Written once, kept."""

    row = models.ForeignKey(HandoverRow, on_delete=models.PROTECT, related_name="checks")
    round = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=10, choices=CheckName)
    result = models.CharField(max_length=8, choices=Result)
    part = models.ForeignKey("records.ItemPart", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["row", "round", "position"]
        constraints = [models.UniqueConstraint(fields=["row", "round", "position"], name="handover_check_place")]
