"""A run, what it found, and how each content stands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.kernel.records.fixity.terms import ContentState, Outcome, Place, RunCause, RunState


class FixityRun(models.Model):
    """One check of all storage. It goes through the contents in the order of their hashes, in pieces; `cursor` is the
    last one done, so that a run whose worker was killed goes on where it stood."""

    cause = models.CharField(max_length=6, choices=RunCause.choices)
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.RUNNING)
    started_at = models.DateTimeField()
    started_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    cursor = models.CharField(max_length=64, blank=True, default="")
    total = models.PositiveBigIntegerField(default=0)  # contents there were at the start
    total_bytes = models.PositiveBigIntegerField(default=0)
    checked = models.PositiveBigIntegerField(default=0)
    checked_bytes = models.PositiveBigIntegerField(default=0)
    sound = models.PositiveBigIntegerField(default=0)
    damaged = models.PositiveBigIntegerField(default=0)
    missing = models.PositiveBigIntegerField(default=0)
    restored = models.PositiveBigIntegerField(default=0)
    copied = models.PositiveBigIntegerField(default=0)  # written to the second copy for the first time
    busy_ms = models.PositiveBigIntegerField(default=0)  # spent reading
    has_copy = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "records_fixityrun"
        indexes = [models.Index(fields=["-started_at"], name="records_fixityrun_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RunState.RUNNING), name="records_fixityrun_one_at_a_time"
            ),
            models.CheckConstraint(
                name="records_fixityrun_adds_up",
                condition=Q(checked=models.F("sound") + models.F("damaged") + models.F("missing")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class FixityFinding(models.Model):
    """Content that a run found damaged or missing. It stays; what becomes of it is added."""

    run = models.ForeignKey(FixityRun, on_delete=models.PROTECT, related_name="findings")
    last_run = models.ForeignKey(FixityRun, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=ContentState.choices)
    place = models.CharField(max_length=6, choices=Place.choices)
    found_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True, default="")  # why it could not be restored

    class Meta:
        db_table = "records_fixityfinding"
        indexes = [
            models.Index(fields=["run", "id"], name="records_finding_run"),
            models.Index(fields=["sha256"], name="records_finding_sha256"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "place"], condition=Q(outcome=Outcome.OPEN), name="records_finding_open_once"
            ),
            models.CheckConstraint(name="records_finding_is_of_harm", condition=~Q(kind=ContentState.SOUND)),
            models.CheckConstraint(
                name="records_finding_settled_has_time",
                condition=Q(outcome=Outcome.OPEN, settled_at=None)
                | (~Q(outcome=Outcome.OPEN) & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}…"


class ContentCheck(models.Model):
    """How one content stood when it was last read. Shown beside a file to whoever may see the file."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    checked_at = models.DateTimeField()
    sound_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=ContentState.choices)
    copy_state = models.CharField(max_length=8, choices=ContentState.choices, blank=True, default="")
    copy_sound_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "records_contentcheck"
