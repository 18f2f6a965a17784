"""Identity and originals, which the web role cannot select; requests to open them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from chancery.departments.general_office.petitions.custody.terms import OpeningState, Purpose

PERSON = "directory.Person"
POST = "directory.Post"
PETITION = "general_office.Petition"


class PetitionIdentity(models.Model):
    """Who petitions, sealed. Written once by a function of the database, read by another one on an opening; the web
    role can select nothing of it. The indexes find the same name or contact again, and tell neither."""

    petition = models.OneToOneField(PETITION, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True)
    sealed = models.BinaryField()
    name_index = models.BinaryField(null=True, blank=True)
    contact_index = ArrayField(models.BinaryField(), default=list)
    needles = models.JSONField(default=list)
    sealed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name_index"], name="petition_same_name")]


class PetitionOriginal(models.Model):
    """What its sender wrote, or called a file, before anything was blacked out. As closed as the identity."""

    petition = models.ForeignKey(PETITION, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(unique=True)  # of the text or the file
    sealed = models.BinaryField()


class IdentityOpening(models.Model):
    """A request to know who petitions: for what, why, who asked; the custodian who opened or refused it, until when."""

    petition = models.ForeignKey(PETITION, on_delete=models.PROTECT, related_name="openings")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=OpeningState.choices, default=OpeningState.ASKED)
    requested_person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    requested_post = models.ForeignKey(POST, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    custodian_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    custodian_post = models.ForeignKey(POST, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    first_read_at = models.DateTimeField(null=True, blank=True)
    readings = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["petition", "-requested_at"], name="petition_openings"),
            models.Index(fields=["expires_at"], condition=Q(state="OPEN"), name="petition_openings_end"),
        ]
        constraints = [
            models.CheckConstraint(
                name="petition_opened_by_another",
                condition=Q(custodian_person=None) | ~Q(custodian_person=F("requested_person")),
            ),
            models.CheckConstraint(
                name="petition_opening_decided_whole",
                condition=Q(state=OpeningState.ASKED, custodian_person=None)
                | Q(state=OpeningState.REFUSED, custodian_person__isnull=False, decided_at__isnull=False)
                | Q(
                    state__in=[OpeningState.OPEN, OpeningState.ENDED],
                    custodian_person__isnull=False,
                    decided_at__isnull=False,
                    expires_at__isnull=False,
                ),
            ),
            models.CheckConstraint(name="petition_opening_reasoned", condition=~Q(reason="")),
        ]
