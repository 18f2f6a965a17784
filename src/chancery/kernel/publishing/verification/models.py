"""Issued papers and the files released of each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from chancery.kernel.publishing.verification.terms import IssuedState


class Issued(models.Model):
    """A paper that left the house, as the verification page knows it: no title, no number, no content.

    `subject` is "label.model:pk" of the function that issued it. `code` is kept without its dashes.
    """

    code = models.CharField(max_length=16, unique=True)
    subject = models.CharField(max_length=120, unique=True)
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    # Without a guard any member of staff sees the row: it says nothing but that something was issued.
    guard = models.ForeignKey("access.Guard", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField()
    state = models.CharField(max_length=10, choices=IssuedState.choices, default=IssuedState.GENUINE)
    state_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        db_table = "publishing_issued"
        constraints = [
            models.CheckConstraint(name="publishing_code_form", condition=Q(code__regex=r"^[0-9A-HJKMNP-TV-Z]{16}$")),
            models.CheckConstraint(
                name="publishing_state_has_its_day",
                condition=Q(state=IssuedState.GENUINE, state_on=None, successor=None, reason="")
                | Q(state=IssuedState.SUPERSEDED, state_on__isnull=False)
                | (Q(state=IssuedState.WITHDRAWN, state_on__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="publishing_not_its_own_successor", condition=Q(successor=None) | ~Q(successor=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.code


class IssuedFile(models.Model):
    """The hash of a file that was released: the sealed paper, its copy in another format."""

    issued = models.ForeignKey(Issued, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "publishing_issuedfile"
        indexes = [models.Index(fields=["sha256"], name="publishing_file_hash")]
        constraints = [models.UniqueConstraint(fields=["issued", "sha256"], name="publishing_file_once")]
