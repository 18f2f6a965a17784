"""Pause, request for more time, urge."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from chancery.kernel.procedures.deadlines.terms import RequestState


class Pause(models.Model):
    """A time in which nobody's limit runs. `moved_days` is by how many days the limits moved on resuming."""

    matter = models.ForeignKey("procedures.Matter", on_delete=models.PROTECT, related_name="pauses")
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    began_at = models.DateTimeField()
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    moved_days = models.PositiveSmallIntegerField(null=True)
    person = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(ended_at=None), name="procedures_pause_one_running")
        ]


class ExtensionRequest(models.Model):
    """More time asked for before it ran out; another person decides."""

    matter = models.ForeignKey("procedures.Matter", on_delete=models.PROTECT, related_name="extension_requests")
    task = models.ForeignKey("procedures.Task", on_delete=models.PROTECT, related_name="extension_requests")
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED)
    days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    due_before = models.DateField()
    due_after = models.DateField(null=True)
    asked_at = models.DateTimeField()
    asked_person = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_post = models.ForeignKey(
        "directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decided_person = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_post = models.ForeignKey(
        "directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state=RequestState.ASKED), name="procedures_extension_one_asked"
            ),
            models.CheckConstraint(
                condition=Q(decided_person=None) | ~Q(decided_person=F("asked_person")),
                name="procedures_extension_not_own",
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="procedures_extension_some_days"),
        ]


class Urge(models.Model):
    """A reminder that was sent. `is_automatic` when a timer sent it."""

    matter = models.ForeignKey("procedures.Matter", on_delete=models.PROTECT, related_name="urges")
    task = models.ForeignKey("procedures.Task", on_delete=models.PROTECT, related_name="urges")
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+", db_index=False)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    is_automatic = models.BooleanField(default=False)
    person = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
