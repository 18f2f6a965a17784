"""Carrier, its numbered copies, requests for further copies."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.terms import AskState, CopyState, Level, Medium


class Carrier(models.Model):
    """One thing, or a set of numbered copies, kept outside this system and known in it by a neutral alias alone.

    `expires_on` or `until_condition` says how long the level lasts; `classification` is the decision it rests on, where
    that was taken here, otherwise basis and approver stand on the carrier itself.
    """

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("register number"), max_length=60, unique=True)
    alias = models.CharField(_("alias"), max_length=40, unique=True)
    medium = models.CharField(_("kind"), max_length=8, choices=Medium.choices)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    classification = models.ForeignKey(
        "general_office.Classification", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    basis = models.CharField(_("basis"), max_length=200)
    approver = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("classified on"))
    expires_on = models.DateField(_("classified until"), null=True, blank=True)
    until_condition = models.CharField(_("classified until (condition)"), max_length=120, blank=True)
    received_from = models.CharField(_("received from"), max_length=120, blank=True)
    registered_at = models.DateTimeField()
    registered_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "general_office_carrier"
        constraints = [
            models.CheckConstraint(
                name="carrier_period_said",
                condition=Q(expires_on__isnull=False) | ~Q(until_condition=""),
                violation_error_message=_("Say until when the level lasts."),
            ),
            models.CheckConstraint(
                name="carrier_period_forward",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("starts_on")),
                violation_error_message=_("The period ends before it begins."),
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], name="carrier_expiry")]

    def __str__(self) -> str:
        return self.number


class CarrierCopy(models.Model):
    """One numbered copy. Whoever holds it answers for it; a copy made of it is one more copy, with its own number."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveIntegerField(_("copy no."))
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    holder_post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("kept at"), max_length=80)
    state = models.CharField(max_length=10, choices=CopyState.choices, default=CopyState.HELD)
    #: The receipt it is on its way with, until both sides have said so.
    moving = models.ForeignKey(
        "general_office.CarrierReceipt", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()

    class Meta:
        db_table = "general_office_carriercopy"
        constraints = [models.UniqueConstraint(fields=["carrier", "number"], name="carrier_copy_once")]
        indexes = [models.Index(fields=["holder", "state"], name="carrier_copy_holder")]

    def __str__(self) -> str:
        return f"{self.carrier} / {self.number}"


class CopyRequest(models.Model):
    """Further copies, asked for by a holder and approved by the classification authority before they are made."""

    copy = models.ForeignKey(CarrierCopy, on_delete=models.PROTECT, related_name="requests")
    count = models.PositiveSmallIntegerField(_("number of copies"))
    reason = models.CharField(_("reason"), max_length=200)
    place = models.CharField(_("kept at"), max_length=80)
    asked_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    asked_post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=AskState.choices, default=AskState.ASKED)
    decided_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "general_office_carriercopyrequest"
        constraints = [
            models.CheckConstraint(
                name="carrier_copying_not_by_oneself",
                condition=Q(decided_person__isnull=True) | ~Q(decided_person=F("asked_person")),
                violation_error_message=_("Another person approves copies."),
            ),
            models.CheckConstraint(
                name="carrier_copying_decided",
                condition=Q(state=AskState.ASKED) | Q(decided_person__isnull=False),
            ),
        ]
