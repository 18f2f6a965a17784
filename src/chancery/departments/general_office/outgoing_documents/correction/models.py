"""Nouns: the request to withdraw a paper, and the moment a later paper took effect on an earlier one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.correction.terms import WithdrawalState
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument, Relation


class Withdrawal(models.Model):
    """撤回: one person asks, with the reason; another, at the signer's level, confirms or refuses."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="withdrawals")
    state = models.CharField(max_length=10, choices=WithdrawalState, default=WithdrawalState.ASKED)
    reason = models.TextField(_("reason"), max_length=1000)
    asked_at = models.DateTimeField()
    asked_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    asked_post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_post = models.ForeignKey(
        "directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="withdrawal_one_open",
                fields=["document"],
                condition=Q(state=WithdrawalState.ASKED),
                violation_error_message=_("Its withdrawal has been asked for already."),
            ),
            models.CheckConstraint(
                name="withdrawal_two_people",
                condition=Q(decided_person__isnull=True) | ~Q(decided_person=F("asked_person")),
                violation_error_message=_("Who asks for a withdrawal does not confirm it."),
            ),
            models.CheckConstraint(
                name="withdrawal_decided_by_somebody",
                condition=Q(state=WithdrawalState.ASKED) | Q(decided_person__isnull=False, decided_at__isnull=False),
                violation_error_message=_("A decision names who made it."),
            ),
            models.CheckConstraint(
                name="withdrawal_has_reason", condition=~Q(reason=""), violation_error_message=_("Give a reason.")
            ),
        ]


class RelationEffect(models.Model):
    """When a relation took effect: the later paper was released and who had the earlier one was told."""

    relation = models.OneToOneField(Relation, on_delete=models.PROTECT, related_name="effect")
    at = models.DateTimeField()
    told = models.PositiveIntegerField(default=0)
