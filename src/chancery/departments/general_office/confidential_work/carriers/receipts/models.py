"""Receipt and its lines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.terms import ReceiptState


class CarrierReceipt(models.Model):
    """A handing over: so many copies of one carrier from one person to another, confirmed by each in their own session.

    `escort` is the second person that the highest level may not be moved without.
    """

    carrier = models.ForeignKey("general_office.Carrier", on_delete=models.PROTECT, related_name="receipts")
    number = models.CharField(_("receipt number"), max_length=60, unique=True)
    count = models.PositiveSmallIntegerField(_("number of copies"))
    giver = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    giver_post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    receiver_post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    escort = models.ForeignKey("directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("kept at"), max_length=80)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=ReceiptState.choices, default=ReceiptState.OPEN)
    given_at = models.DateTimeField()
    escorted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "general_office_carrierreceipt"
        constraints = [
            models.CheckConstraint(
                name="carrier_receipt_two_people",
                condition=~Q(giver=F("receiver")),
                violation_error_message=_("Giver and receiver are two people."),
            ),
            models.CheckConstraint(
                name="carrier_receipt_third_person",
                condition=Q(escort__isnull=True) | (~Q(escort=F("giver")) & ~Q(escort=F("receiver"))),
                violation_error_message=_("The second person of the move is neither giver nor receiver."),
            ),
        ]


class ReceiptLine(models.Model):
    """One copy on a receipt."""

    receipt = models.ForeignKey(CarrierReceipt, on_delete=models.PROTECT, related_name="lines")
    copy = models.ForeignKey("general_office.CarrierCopy", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "general_office_carrierreceiptline"
        constraints = [models.UniqueConstraint(fields=["receipt", "copy"], name="carrier_receiptline_once")]
