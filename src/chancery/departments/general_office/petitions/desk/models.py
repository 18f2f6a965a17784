"""How a petition came that did not come through the public's own door. Nothing of who sent it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.desk.terms import Given, Way

PETITION = "general_office.Petition"
PERSON = "directory.Person"


class PetitionArrival(models.Model):
    """When it was written, how it came, who took it in, and how its receipt reached the sender."""

    petition = models.OneToOneField(PETITION, on_delete=models.PROTECT, related_name="arrival")
    way = models.CharField(_("how it came"), max_length=10, choices=Way.choices, blank=True, default="")
    envelope_on = models.DateField(_("date on the envelope"), null=True, blank=True)
    began_at = models.DateTimeField(_("call began"), null=True, blank=True)
    ended_at = models.DateTimeField(_("call ended"), null=True, blank=True)
    taken_at = models.DateTimeField()
    taken_person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    receipt_given = models.CharField(max_length=5, choices=Given.choices, blank=True, default="")
    receipt_given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="petition_call_forward",
                condition=Q(began_at=None) | Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
            ),
            models.CheckConstraint(
                name="petition_receipt_given_whole",
                condition=Q(receipt_given="", receipt_given_at=None)
                | (~Q(receipt_given="") & Q(receipt_given_at__isnull=False)),
            ),
        ]
