"""Matter, task, opinion."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.foundations.actor import Clearance
from chancery.kernel.procedures.matters.terms import OPEN_TASKS, ClosedHow, MatterState, OpinionKind, TaskState, Urgency


class Matter(models.Model):
    """Something to be brought to a decision. `subject` names the row it is about, "label.model:pk", or is empty.

    `due_on` is the last day, `due_unit` how it was counted (WD working, CD calendar days). `version` counts changes.
    """

    number = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    procedure = models.CharField(max_length=60)
    definition = models.ForeignKey("procedures.Definition", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=MatterState, default=MatterState.OPEN)
    closed_how = models.CharField(max_length=10, choices=ClosedHow, default=ClosedHow.NOT_YET, blank=True)
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    label = models.PositiveSmallIntegerField(default=Clearance.INTERNAL.value)
    urgency = models.CharField(max_length=14, choices=Urgency, default=Urgency.NORMAL)
    subject = models.CharField(max_length=100, blank=True)
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    due_unit = models.CharField(max_length=2, default="WD")
    is_provisional = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_person = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_post = models.ForeignKey(
        "directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_body = models.ForeignKey(
        "directory.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    act_token = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedures_matter_number_once"),
            models.UniqueConstraint(
                fields=["act_token"], condition=~Q(act_token=""), name="procedures_matter_opened_once"
            ),
            models.CheckConstraint(
                condition=Q(state=MatterState.CLOSED, closed_at__isnull=False)
                | (~Q(state=MatterState.CLOSED) & Q(closed_at=None)),
                name="procedures_matter_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_person", "-id"], name="procedures_matter_by_opener"),
            models.Index(fields=["unit", "-id"], name="procedures_matter_by_unit"),
            models.Index(
                fields=["unit", "due_on"],
                condition=Q(state=MatterState.OPEN, due_on__isnull=False),
                name="procedures_matter_running_due",
            ),
            models.Index(fields=["subject"], condition=~Q(subject=""), name="procedures_matter_subject"),
            models.Index(fields=["procedure", "-closed_at"], name="procedures_matter_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Standing(models.Model):
    """Where the engine stands: its compact state. `timer_at` is when the earliest timer is due."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="standing")
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.TextField()
    timer_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["timer_at"], condition=Q(timer_at__isnull=False), name="procedures_standing_timer")
        ]


class Task(models.Model):
    """A step someone is asked to do, or (`key` null) a circulated matter someone is asked to read.

    Addressed to `post`, or while that is null to whoever answers for `role` in `unit` at the moment of asking.
    `asked_post` is the post asked by name; it gets the task back when the holder puts it back.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="tasks")
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.PositiveIntegerField(null=True)
    step = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("directory.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_post = models.ForeignKey(
        "directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    item = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.READY)
    to_read = models.BooleanField(default=False)
    procedure = models.CharField(max_length=60)
    urgency = models.CharField(max_length=14, choices=Urgency, default=Urgency.NORMAL)
    asked_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    due_unit = models.CharField(max_length=2, default="WD")
    is_provisional = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)
    outcome = models.CharField(max_length=40, blank=True)
    doer_person = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    doer_post = models.ForeignKey(
        "directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    doer_body = models.ForeignKey(
        "directory.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    deputising_for = models.ForeignKey(
        "directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_by_task = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)
    act_token = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "key"],
                condition=Q(state__in=OPEN_TASKS, key__isnull=False),
                name="procedures_task_one_open_a_position",
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False) | (~Q(role="") & Q(unit__isnull=False)),
                name="procedures_task_is_addressed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_TASKS, done_at=None) | (~Q(state__in=OPEN_TASKS) & Q(done_at__isnull=False)),
                name="procedures_task_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "to_read", "due_on", "id"],
                condition=Q(state__in=OPEN_TASKS),
                name="procedures_task_of_post",
            ),
            models.Index(
                fields=["role", "unit", "to_read", "due_on", "id"],
                condition=Q(state__in=OPEN_TASKS, post=None),
                name="procedures_task_of_duty",
            ),
            models.Index(
                fields=["doer_person", "-done_at"], condition=Q(done_at__isnull=False), name="procedures_task_by_doer"
            ),
            models.Index(
                fields=["due_on"], condition=Q(state__in=OPEN_TASKS, is_late=False), name="procedures_task_due"
            ),
            models.Index(
                fields=["procedure", "step", "-done_at"], condition=Q(state=TaskState.DONE), name="procedures_task_took"
            ),
        ]


class Opinion(models.Model):
    """What was said, as given, for ever: no update, no delete."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="opinions")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=OpinionKind, default=OpinionKind.OPINION)
    step = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    given_at = models.DateTimeField()
    person = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.ForeignKey("directory.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    deputising_for = models.ForeignKey(
        "directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
