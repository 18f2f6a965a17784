"""Petitions: what is petitioned, its texts and files (sealed), its stages. Who petitions is in `custody`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.terms import (
    LONGEST_TITLE,
    Channel,
    Clearance,
    Kind,
    Outcome,
    Part,
    Scan,
    Side,
    Stage,
    State,
)

GUARD = "access.Guard"
PERSON = "directory.Person"
POST = "directory.Post"
UNIT = "directory.Unit"
MATTER = "procedures.Matter"


def _to(model: str, *, optional: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]  # Django's generics
    return models.ForeignKey(model, null=optional, blank=optional, on_delete=models.PROTECT, related_name="+")


class PetitionCampaign(models.Model):
    """One text, many senders: petitions handled as one, each with its own receipt."""

    guard = _to(GUARD)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    opened_at = models.DateTimeField()
    opened_person = _to(PERSON, optional=True)
    leading = models.ForeignKey("Petition", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)


class Petition(models.Model):
    """A suggestion, accusation or appeal. `title` is the office's own neutral summary, never its sender's words."""

    guard = _to(GUARD)
    number = models.CharField(_("number"), max_length=60, blank=True, default="")
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    field = models.CharField(_("subject field"), max_length=40, blank=True, default="")
    region = models.CharField(_("region"), max_length=80, blank=True, default="")
    subject_unit = _to(UNIT, optional=True)
    subject_person = _to(PERSON, optional=True)
    handling_unit = _to(UNIT, optional=True)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_person = _to(PERSON, optional=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    state_at = models.DateTimeField()
    stage = models.CharField(max_length=9, choices=Stage.choices, default=Stage.FIRST)
    due_on = models.DateField(null=True, blank=True)  # of the running stage, or of the receipt notice before it
    is_provisional = models.BooleanField(default=False)
    group_size = models.PositiveIntegerField(_("how many people"), default=1)
    is_anonymous = models.BooleanField(default=False)
    is_repeat = models.BooleanField(default=False)
    matter = _to(MATTER, optional=True)
    campaign = models.ForeignKey(
        PetitionCampaign, null=True, blank=True, on_delete=models.PROTECT, related_name="petitions"
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="petition_latest"),
            models.Index(fields=["guard"], name="petition_guard"),
            models.Index(fields=["state", "due_on"], name="petition_state_due"),
            models.Index(fields=["subject_unit", "-received_on"], name="petition_of_unit"),
            models.Index(fields=["handling_unit", "state"], name="petition_handled_by"),
            models.Index(fields=["field", "-received_on"], name="petition_of_field"),
            models.Index(fields=["-received_on"], condition=Q(is_repeat=True), name="petition_repeats"),
            models.Index(fields=["due_on"], name="petition_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="petition_number_once"),
            models.CheckConstraint(
                name="petition_registered_whole",
                condition=Q(number="", registered_at=None)
                | (~Q(number="") & ~Q(title="") & Q(registered_at__isnull=False)),
            ),
            models.CheckConstraint(name="petition_somebody", condition=Q(group_size__gte=1)),
            models.CheckConstraint(
                name="petition_not_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="petition_rating_of_five", condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5)
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def leads(self) -> Petition:
        """The petition it is handled with, or itself: where that stands, this stands."""
        return self.merged_into or self


class PetitionStage(models.Model):
    """One time a petition is decided: first handling, review, re-review. A reopened stage is a new row."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=9, choices=Stage.choices)
    round = models.PositiveSmallIntegerField(default=1)
    unit = _to(UNIT, optional=True)
    matter = _to(MATTER, optional=True)
    opened_at = models.DateTimeField()
    opened_on = models.DateField()
    due_on = models.DateField()
    is_provisional = models.BooleanField(default=False)
    extended_days = models.PositiveSmallIntegerField(default=0)
    extended_at = models.DateTimeField(null=True, blank=True)
    reason_told_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["due_on"], condition=Q(answered_at=None), name="petition_stage_due")]
        constraints = [
            models.UniqueConstraint(fields=["petition", "stage", "round"], name="petition_stage_once"),
        ]


class PetitionPause(models.Model):
    """Time that does not count: a hearing, a question to the sender. Both days told; open while `until_on` is empty."""

    stage = models.ForeignKey(PetitionStage, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=10, choices=[("HEARING", _("Hearing")), ("ASKED", _("Sender asked"))])
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage"], condition=Q(until_on=None), name="petition_one_open_pause"),
            models.CheckConstraint(
                name="petition_pause_forward", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
        ]


class PetitionHand(models.Model):
    """Who had a petition in hand, in which stage, from when to when: later stages are not for the same people."""

    stage = models.ForeignKey(PetitionStage, on_delete=models.PROTECT, related_name="hands")
    post = _to(POST, optional=True)
    person = _to(PERSON)
    unit = _to(UNIT, optional=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "person"], condition=Q(ended_at=None), name="petition_hand_once")
        ]


class PetitionText(models.Model):
    """A text about a petition. `masked` is sealed: what those who handle may read, with identity blacked out. The
    original of what its sender wrote is a `PetitionOriginal`, which nobody reads without an opening.

    `released_at` is empty until a registrar has looked at it; before that it is not shown to those who handle.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="texts")
    ref = models.UUIDField(default=uuid.uuid4, unique=True)
    stage = models.CharField(max_length=9, choices=Stage.choices, default=Stage.FIRST)
    part = models.CharField(max_length=16, choices=Part.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    masked = models.BinaryField()
    blacked = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    person = _to(PERSON, optional=True)
    post = _to(POST, optional=True)
    released_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # of the office's texts: shown to the sender since

    class Meta:
        indexes = [
            models.Index(fields=["petition", "at"], name="petition_texts"),
            models.Index(fields=["at"], condition=Q(released_at=None), name="petition_texts_waiting"),
        ]


class PetitionFile(models.Model):
    """An attachment. Its bytes lie sealed in the content store; its name is neutral; those who handle see it when it
    is cleared, or see the redacted copy that takes its place."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="files")
    ref = models.UUIDField(default=uuid.uuid4, unique=True)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    side = models.CharField(max_length=10, choices=Side.choices)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(null=True, blank=True)
    stored = _to("records.StoredFile")
    wrapped = models.BinaryField()  # the sealed key of the bytes
    clearance = models.CharField(max_length=8, choices=Clearance.choices, default=Clearance.WITHHELD)
    scan = models.CharField(max_length=8, choices=Scan.choices)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_person = _to(PERSON, optional=True)

    class Meta:
        indexes = [models.Index(fields=["at"], condition=Q(clearance="WITHHELD"), name="petition_files_withheld")]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="petition_file_number_once"),
            models.CheckConstraint(
                name="petition_file_cleared_by_someone",
                condition=Q(clearance=Clearance.WITHHELD) | Q(decided_at__isnull=False),
            ),
        ]

    @property
    def shown_name(self) -> str:
        """The neutral name in the reader's language."""
        return gettext("Attachment %(number)s") % {"number": self.number} + f".{self.name.rpartition('.')[2]}"
