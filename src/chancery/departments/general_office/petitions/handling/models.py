"""What happens to a petition: decisions, assignments, meetings, more time, opinions. Words are sealed texts; here stand
the facts, and which texts they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.handling.terms import (
    Asked,
    Decided,
    Direction,
    Drafted,
    Ground,
    Meeting,
    Result,
    WhyEnded,
)
from chancery.departments.general_office.petitions.terms import Outcome

PETITION = "general_office.Petition"
STAGE = "general_office.PetitionStage"
TEXT = "general_office.PetitionText"


def _to(model: str, *, optional: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]  # Django's generics
    return models.ForeignKey(model, null=optional, blank=optional, on_delete=models.PROTECT, related_name="+")


class PetitionDecision(models.Model):
    """An officer's decision: accepted, not accepted with its ground, transferred where to; and the notice of it."""

    petition = models.ForeignKey(PETITION, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField(default=1)
    decision = models.CharField(max_length=10, choices=Decided.choices)
    ground = models.CharField(_("ground"), max_length=12, choices=Ground.choices, blank=True, default="")
    reference = models.CharField(_("reference"), max_length=200, blank=True, default="")
    direction = models.CharField(_("direction"), max_length=6, choices=Direction.choices, blank=True, default="")
    to_unit = _to("directory.Unit", optional=True)
    to_body = models.CharField(_("other body"), max_length=200, blank=True, default="")
    at = models.DateTimeField()
    on = models.DateField()
    person = _to("directory.Person")
    post = _to("directory.Post", optional=True)
    notice = _to(TEXT, optional=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    noticed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "round"],
                name="petition_decided_once",
                violation_error_message=_("This was decided already."),
            ),
            models.CheckConstraint(
                name="petition_refused_with_ground", condition=~Q(decision=Decided.NOT_ACCEPT) | ~Q(ground="")
            ),
            models.CheckConstraint(
                name="petition_transferred_somewhere",
                condition=~Q(decision=Decided.TRANSFER)
                | (~Q(direction="") & (Q(to_unit__isnull=False) | ~Q(to_body=""))),
            ),
        ]


class PetitionAssignment(models.Model):
    """A petition goes to a unit, or to one of its posts; until `refuse_until` it may go back as misrouted."""

    stage = models.ForeignKey(STAGE, on_delete=models.PROTECT, related_name="assignments")
    unit = _to("directory.Unit")
    post = _to("directory.Post", optional=True)
    assigned_at = models.DateTimeField()
    assigned_on = models.DateField()
    refuse_until = models.DateField()
    person = _to("directory.Person", optional=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=10, choices=WhyEnded.choices, blank=True, default="")
    reason = _to(TEXT, optional=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage"], condition=Q(ended_at=None), name="petition_assigned_to_one"),
        ]


class PetitionMeeting(models.Model):
    """A mediation, hearing or verification, with its sealed record."""

    stage = models.ForeignKey(STAGE, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=12, choices=Meeting.choices)
    held_on = models.DateField()
    result = models.CharField(max_length=8, choices=Result.choices)
    record = _to(TEXT)
    at = models.DateTimeField()
    person = _to("directory.Person")
    post = _to("directory.Post", optional=True)


class PetitionExtension(models.Model):
    """More time for a stage: asked before it has run out, granted by the head, the reason told to the sender."""

    stage = models.ForeignKey(STAGE, on_delete=models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField(_("days"))
    reason = _to(TEXT)
    told = _to(TEXT, optional=True)
    state = models.CharField(max_length=8, choices=Asked.choices, default=Asked.ASKED)
    matter = _to("procedures.Matter", optional=True)
    due_before = models.DateField()
    due_after = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField()
    asked_person = _to("directory.Person")
    asked_post = _to("directory.Post", optional=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_person = _to("directory.Person", optional=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage"],
                condition=Q(state__in=[Asked.ASKED, Asked.GRANTED]),
                name="petition_more_time_once",
                violation_error_message=_("More time was asked for already."),
            ),
            models.CheckConstraint(name="petition_more_time_some", condition=Q(days__gte=1)),
            models.CheckConstraint(
                name="petition_more_time_by_another",
                condition=Q(decided_person=None) | ~Q(decided_person=models.F("asked_person")),
            ),
        ]


class PetitionOpinion(models.Model):
    """A written opinion of a stage: five texts, all there, and what it comes to."""

    stage = models.ForeignKey(STAGE, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveSmallIntegerField(default=1)
    request = _to(TEXT)
    facts = _to(TEXT)
    view = _to(TEXT)
    basis = _to(TEXT)
    remedy = _to(TEXT)
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    state = models.CharField(max_length=8, choices=Drafted.choices, default=Drafted.DRAFT)
    drafted_at = models.DateTimeField()
    person = _to("directory.Person")
    post = _to("directory.Post", optional=True)
    unit = _to("directory.Unit", optional=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_person = _to("directory.Person", optional=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="petition_opinion_numbered"),
            models.UniqueConstraint(
                fields=["stage"], condition=Q(state=Drafted.APPROVED), name="petition_one_opinion_a_stage"
            ),
        ]
