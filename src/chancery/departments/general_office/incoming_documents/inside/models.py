"""Nouns: how a document came from inside the house, and what its sender said of it afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents.inside.terms import NoteKind
from chancery.departments.general_office.incoming_documents.models import IncomingDocument


class Arrival(models.Model):
    """A document sent by another unit of the house.

    `source` names what was sent ("label.model:pk"); it comes to a unit once. `parts` lists its files as they were sent:
    [{"stored": pk, "name", "part", "size", "pages", "sha256"}]. They become files of the document when it is opened.
    """

    document = models.OneToOneField(IncomingDocument, on_delete=models.PROTECT, related_name="arrival")
    source = models.CharField(max_length=120)
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")  # whose desk it is at
    sender_unit = models.ForeignKey("directory.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    parts = models.JSONField(default=list)
    arrived_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recalled_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="arrival_once",
                fields=["source", "unit"],
                condition=Q(recalled_at__isnull=True, declined_at__isnull=True),
                violation_error_message=_("This document is at that desk already."),
            ),
            models.CheckConstraint(
                name="arrival_recalled_unopened",
                condition=Q(recalled_at__isnull=True) | Q(opened_at__isnull=True, signed_at__isnull=True),
                violation_error_message=_("What was opened is not recalled."),
            ),
            models.CheckConstraint(
                name="arrival_signed_is_opened",
                condition=Q(signed_at__isnull=True) | Q(opened_at__isnull=False),
                violation_error_message=_("What was signed for was opened."),
            ),
            models.CheckConstraint(
                name="arrival_end_has_reason",
                condition=Q(recalled_at__isnull=True, declined_at__isnull=True) | ~Q(end_reason=""),
                violation_error_message=_("Give a reason."),
            ),
        ]


class SenderNote(models.Model):
    """What the sender said afterwards: superseded, corrected, withdrawn, please sign. It stays."""

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="sender_notes")
    kind = models.CharField(max_length=12, choices=NoteKind)
    number = models.CharField(max_length=80, blank=True)  # of the later document, if one did it
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
