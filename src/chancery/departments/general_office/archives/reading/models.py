"""Requests to read, and the copies that were made."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from chancery.departments.general_office.archives.reading.terms import State

PERSON = "directory.Person"
POST = "directory.Post"


class ReadingRequest(models.Model):
    """One person, in one post, asks to read one item. Granted, it lasts to `ends_on`, that day included."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("records.ArchivalItem", on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey("procedures.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(POST, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    wanted_until = models.DateField()
    wants_copy = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_post = models.ForeignKey(POST, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision_note = models.TextField(blank=True, default="")
    may_copy = models.BooleanField(default=False)
    ends_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reader_added = models.BooleanField(default=False)  # false: the post could read before, and still can after

    class Meta:
        indexes = [
            models.Index(fields=["item", "-asked_at"], name="reading_of_item"),
            models.Index(fields=["ends_on"], condition=Q(state=State.GRANTED), name="reading_ends"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "post", "person"],
                condition=Q(state__in=(State.ASKED, State.GRANTED)),
                name="reading_once_at_a_time",
            ),
            models.CheckConstraint(
                name="reading_granted_has_end",
                condition=~Q(state=State.GRANTED) | Q(ends_on__isnull=False, decided_person__isnull=False),
            ),
            models.CheckConstraint(
                name="reading_decided_by_another",
                condition=Q(decided_person=None) | ~Q(decided_person=F("person")),
            ),
        ]


class ReadingCopy(models.Model):
    """A watermarked copy that left: which file, of how many pages, with which sum. The copy itself is not kept."""

    request = models.ForeignKey(ReadingRequest, on_delete=models.PROTECT, related_name="copies")
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="reading_copy_number_once")]
