"""Versions, unsaved work, who is editing, templates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.drafting.terms import VersionKind
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument


class DraftVersion(models.Model):
    """What the paper said after somebody's change; written once, never changed.

    `parts` is `queries.parts_of` on that day, so that versions are compared as the addressee would have read them;
    `facts` is what the services take, so that a version can be taken up again.
    """

    document = models.ForeignKey(OutgoingDocument, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=VersionKind, default=VersionKind.SAVED)
    note = models.CharField(max_length=300, blank=True)  # why
    parts = models.JSONField()
    facts = models.JSONField()
    text_hash = models.CharField(max_length=64)
    characters = models.PositiveIntegerField(default=0)
    person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "general_office_draftversion"
        ordering = ["document", "-number"]
        constraints = [models.UniqueConstraint(name="draftversion_number_once", fields=["document", "number"])]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"


class UnsavedWork(models.Model):
    """What somebody typed and has not saved: the fields of the page as they were sent. One a person and document."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.CASCADE, related_name="unsaved")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    base_version = models.PositiveIntegerField()  # the version it was typed on
    fields = models.JSONField()  # name → list of values
    at = models.DateTimeField()

    class Meta:
        db_table = "general_office_unsavedwork"
        constraints = [models.UniqueConstraint(name="unsavedwork_once", fields=["document", "person"])]


class EditLock(models.Model):
    """Who has the draft's editor open, and when the page last said so."""

    document = models.OneToOneField(OutgoingDocument, on_delete=models.CASCADE, related_name="lock")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    beat_at = models.DateTimeField()
    # Whom it was taken from, until that person's page has been told.
    taken_from = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "general_office_editlock"


class DraftTemplate(models.Model):
    """A beginning for papers of a type: for everyone, or for one unit."""

    code = models.CharField(max_length=60, blank=True)  # of shipped ones; "" for the site's own
    profile = models.CharField(max_length=12)
    paper_type = models.CharField(_("type"), max_length=24)
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    language = models.CharField(max_length=8, default="zh")
    direction = models.CharField(max_length=10, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.JSONField(_("text"), default=dict)
    note = models.CharField(_("note"), max_length=300, blank=True)
    kept_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "general_office_drafttemplate"
        ordering = ["paper_type", "id"]
        constraints = [
            models.UniqueConstraint(
                name="drafttemplate_code_once", fields=["profile", "code"], condition=~Q(code="") & Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.name_en
