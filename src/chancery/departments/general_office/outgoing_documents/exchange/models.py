"""Noun: a package that was taken in."""

from __future__ import annotations

from django.db import models

from chancery.departments.general_office.incoming_documents.models import IncomingDocument


class PackageTaken(models.Model):
    """Which package an incoming document came in. `manifest` is the SHA-256 of its payload manifest: it is unique."""

    document = models.OneToOneField(IncomingDocument, on_delete=models.PROTECT, related_name="package")
    manifest = models.CharField(max_length=64, unique=True)
    organization = models.CharField(max_length=200, blank=True)
    signed_by = models.CharField(max_length=300, blank=True)  # whom the seal of the paper names
    is_trusted = models.BooleanField(default=False)
    taken_at = models.DateTimeField()
