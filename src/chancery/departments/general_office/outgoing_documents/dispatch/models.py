"""Nouns: the delivery of a released paper to one addressee."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.dispatch.terms import Channel, DeliveryState
from chancery.departments.general_office.outgoing_documents.models import Addressee, OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import AddresseePart


class Delivery(models.Model):
    """One copy for one addressee, and what became of it.

    `addressee` is empty for whoever was added after the release (`reason` says why). An e-mail carries a link whose
    token is kept as its SHA-256 alone; a code, told apart, is kept hashed. The database keeps openings and receipts.
    """

    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="deliveries")
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    addressee = models.ForeignKey(Addressee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=4, choices=AddresseePart, default=AddresseePart.MAIN)
    position = models.PositiveSmallIntegerField(default=0)
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)  # as it stands on the paper
    email = models.EmailField(_("e-mail"), blank=True)
    postal = models.CharField(_("postal address"), max_length=300, blank=True)
    channel = models.CharField(_("goes"), max_length=8, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.TO_SEND)
    reason = models.CharField(_("why also sent to"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    incoming = models.ForeignKey(
        "general_office.IncomingDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mail = models.ForeignKey("procedures.Mail", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, blank=True)
    token_until = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=128, blank=True)
    code_misses = models.PositiveSmallIntegerField(default=0)

    created_at = models.DateTimeField()
    due_on = models.DateField(_("receipt due"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    receipted_at = models.DateTimeField(_("receipt"), null=True, blank=True)
    receipt_on = models.DateField(null=True, blank=True)
    receipt_name = models.CharField(_("received by"), max_length=120, blank=True)
    receipt_note = models.CharField(_("note"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # recalled, failed or explained
    end_reason = models.CharField(_("reason"), max_length=1000, blank=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    urged_count = models.PositiveSmallIntegerField(_("urged"), default=0)
    urged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["document_id", "part", "position", "id"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="delivery_by_due"),
            models.Index(fields=["incoming"], name="delivery_by_incoming"),
            models.Index(fields=["guard"], name="delivery_by_guard"),
            models.Index(fields=["mail"], name="delivery_by_mail", condition=Q(mail__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="delivery_unit_once",
                fields=["document", "unit"],
                condition=Q(unit__isnull=False) & ~Q(state=DeliveryState.RECALLED),
                violation_error_message=_("This document was sent to that unit already."),
            ),
            models.UniqueConstraint(
                name="delivery_addressee_once",
                fields=["document", "addressee"],
                condition=Q(addressee__isnull=False),
                violation_error_message=_("This document was sent to that addressee already."),
            ),
            models.UniqueConstraint(name="delivery_token_once", fields=["token_hash"], condition=~Q(token_hash="")),
            models.CheckConstraint(
                name="delivery_reachable",
                condition=Q(channel=Channel.BUNDLE)
                | Q(channel=Channel.INSIDE, unit__isnull=False)
                | (Q(channel=Channel.EMAIL) & ~Q(email="")),
                violation_error_message=_("A copy inside the house needs a unit, an e-mail an address."),
            ),
            models.CheckConstraint(
                name="delivery_receipt_named",
                condition=~Q(state=DeliveryState.RECEIPTED) | (Q(receipted_at__isnull=False) & ~Q(receipt_name="")),
                violation_error_message=_("A receipt says who received it and when."),
            ),
            models.CheckConstraint(
                name="delivery_end_has_reason",
                condition=~Q(state__in=[DeliveryState.RECALLED, DeliveryState.FAILED, DeliveryState.EXPLAINED])
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                violation_error_message=_("Give a reason."),
            ),
            models.CheckConstraint(
                name="delivery_recalled_unread",
                condition=~Q(state=DeliveryState.RECALLED) | Q(opened_at__isnull=True, receipted_at__isnull=True),
                violation_error_message=_("What was opened is not recalled."),
            ),
            models.CheckConstraint(
                name="delivery_sent_has_time",
                condition=Q(state__in=[DeliveryState.TO_SEND, DeliveryState.FAILED, DeliveryState.RECALLED])
                | Q(sent_at__isnull=False),
                violation_error_message=_("What was sent has its time."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
