"""Clearance of a person; leave to travel abroad."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.clearances.terms import ExitState, Kind, State


class PersonClearance(models.Model):
    """One person cleared as one kind: proposed by the officer, granted by the authority, never by or for oneself."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    basis = models.CharField(_("basis"), max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    trained_on = models.DateField(_("last trained on"), null=True, blank=True)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    cooling_until = models.DateField(_("cooling-off until"), null=True, blank=True)

    class Meta:
        db_table = "general_office_personclearance"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                name="clearance_one_standing",
                condition=Q(state=State.STANDING),
                violation_error_message=_("The person has a standing clearance: end it first."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                name="clearance_one_proposed",
                condition=Q(state=State.PROPOSED),
                violation_error_message=_("A clearance of this person waits for a decision already."),
            ),
            models.CheckConstraint(
                name="clearance_not_own",
                condition=Q(decided_person__isnull=True)
                | (~Q(decided_person=F("person")) & ~Q(decided_person=F("proposed_person"))),
                violation_error_message=_("Nobody is cleared by themselves, nor by who proposed it."),
            ),
            models.CheckConstraint(
                name="clearance_decided",
                condition=Q(state=State.PROPOSED) | Q(decided_person__isnull=False),
            ),
        ]


class ExitRequest(models.Model):
    """A cleared person's journey abroad, approved before it begins."""

    clearance = models.ForeignKey(PersonClearance, on_delete=models.PROTECT, related_name="exits")
    where_to = models.CharField(_("where to"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=200)
    leaves_on = models.DateField(_("leaves on"))
    returns_on = models.DateField(_("returns on"))
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ExitState.choices, default=ExitState.ASKED)
    decided_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "general_office_exitrequest"
        constraints = [
            models.CheckConstraint(
                name="exit_forward",
                condition=Q(returns_on__gte=F("leaves_on")),
                violation_error_message=_("The journey ends before it begins."),
            )
        ]
