"""Documents and the files that make them up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.foundations.actor import Clearance
from chancery.kernel.records.documents.terms import Direction, DocumentKind, FileRole, Urgency


class Document(models.Model):
    """A paper as the register knows it. `sender_key`, `number_key` and `number_year` are the folded forms under which a
    sender's number may appear once."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    title = models.CharField(max_length=300)
    sender = models.CharField(max_length=200, blank=True, default="")
    sender_unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sender_number = models.CharField(max_length=120, blank=True, default="")
    document_date = models.DateField(null=True, blank=True)
    urgency = models.CharField(max_length=12, choices=Urgency.choices, default=Urgency.ORDINARY)
    label = models.PositiveSmallIntegerField(
        choices=[(c.value, c.name) for c in Clearance], default=Clearance.INTERNAL.value
    )
    copy_number = models.CharField(max_length=20, blank=True, default="")
    page_count = models.PositiveIntegerField(null=True, blank=True)
    addressees = models.CharField(max_length=500, blank=True, default="")
    note = models.TextField(blank=True, default="")
    number = models.OneToOneField(
        "records.IssuedNumber", null=True, blank=True, on_delete=models.PROTECT, related_name="document"
    )
    number_text = models.CharField(max_length=120, blank=True, default="")  # repeated for lists
    received_on = models.DateField(null=True, blank=True)
    registered_at = models.DateTimeField()
    registered_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_post = models.ForeignKey(
        "directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sender_key = models.CharField(max_length=200, blank=True, default="")
    number_key = models.CharField(max_length=120, blank=True, default="")
    number_year = models.PositiveSmallIntegerField(default=0)
    filing_class = models.CharField(max_length=60, blank=True, default="")
    retention = models.CharField(max_length=8, blank=True, default="")  # code of a period of the file plan
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_post = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "records_document"
        indexes = [
            models.Index(fields=["-registered_at", "-id"], name="records_document_latest"),
            models.Index(fields=["guard"], name="records_document_guard"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["direction", "sender_key", "number_key", "number_year"],
                condition=~Q(number_key=""),
                name="records_document_once",
            ),
            models.CheckConstraint(name="records_document_titled", condition=~Q(title="")),
            models.CheckConstraint(
                name="records_filed_with_retention",
                condition=Q(filed_at=None) | (~Q(retention="") & ~Q(filing_class="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentFile(models.Model):
    """A file in its role and version. A later version replaces an earlier one; both stay."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="parts")
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=FileRole.choices)
    version = models.PositiveSmallIntegerField(default=1)
    attached_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "records_documentfile"
        constraints = [
            models.UniqueConstraint(fields=["document", "file"], name="records_part_once"),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(role=FileRole.MAIN, replaced_at=None),
                name="records_one_current_text",
            ),
        ]
