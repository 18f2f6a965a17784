"""Decision and audience."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.classification.terms import (
    Derived,
    Kind,
    PeriodKind,
    State,
    Target,
)


class Classification(models.Model):
    """One decision about one thing or carrier, from its proposal on. What it says never changes; a change, an extension
    or a declassification is a decision of its own that replaces it.

    `guard` is the thing's own guard, so whoever may see the thing may see on what ground it is kept; a carrier has a
    guard of its own. `key` says what is classified whatever it is called: "guard:7" or "carrier:B-17". `until` is the
    last day of the level, at most `cap_years` after `starts_on`; with a condition it is the latest day.
    """

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey("procedures.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    target = models.CharField(max_length=8, choices=Target)
    key = models.CharField(max_length=140)
    subject = models.CharField(max_length=120, blank=True, default="")
    alias = models.CharField(_("alias"), max_length=120, blank=True, default="")
    title = models.CharField(_("title"), max_length=300)  # as the thing was called; a carrier's alias
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    level = models.CharField(_("level"), max_length=12)
    level_before = models.CharField(max_length=12, blank=True, default="")
    basis_clause = models.CharField(_("legal clause"), max_length=24)
    basis_text = models.CharField(_("basis"), max_length=500)
    reason = models.TextField(_("reason"), max_length=2000, blank=True, default="")
    period_kind = models.CharField(_("period"), max_length=10, choices=PeriodKind)
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    condition = models.CharField(_("condition"), max_length=300, blank=True, default="")
    starts_on = models.DateField(_("counted from"))
    until = models.DateField(_("until"))
    cap_years = models.PositiveSmallIntegerField()
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")
    derived_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="heirs")
    derived_how = models.CharField(max_length=10, choices=Derived, blank=True, default="")

    proposed_at = models.DateTimeField()
    proposed_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_post = models.ForeignKey(
        "directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_note = models.CharField(max_length=1000, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["guard"], name="classification_by_guard"),
            models.Index(fields=["key", "-id"], name="classification_by_key"),
            models.Index(fields=["unit", "until"], condition=Q(state=State.IN_FORCE), name="classification_by_unit"),
            models.Index(fields=["until", "id"], condition=Q(state=State.IN_FORCE), name="classification_expiry"),
            models.Index(fields=["-proposed_at", "-id"], name="classification_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="classification_one_pending",
                fields=["key"],
                condition=Q(state=State.PROPOSED),
                violation_error_message=_("A proposal about it is waiting for its decision already."),
            ),
            models.UniqueConstraint(
                name="classification_one_in_force", fields=["key"], condition=Q(state=State.IN_FORCE)
            ),
            models.CheckConstraint(
                name="classification_two_people",
                condition=Q(decided_person=None) | Q(proposed_person=None) | ~Q(decided_person=F("proposed_person")),
                violation_error_message=_("Who proposes a level does not approve it."),
            ),
            models.CheckConstraint(
                name="classification_has_basis",
                condition=~Q(basis_clause="") & ~Q(basis_text="") & ~Q(level=""),
                violation_error_message=_("A level needs its basis."),
            ),
            models.CheckConstraint(
                name="classification_thing_or_carrier",
                condition=Q(target=Target.THING, alias="") & ~Q(subject="")
                | Q(target=Target.CARRIER, subject="") & ~Q(alias=""),
            ),
            models.CheckConstraint(
                name="classification_condition_said", condition=~Q(period_kind=PeriodKind.CONDITION) | ~Q(condition="")
            ),
            models.CheckConstraint(
                name="classification_period_runs_forward", condition=Q(until__gte=F("starts_on")) & Q(cap_years__gt=0)
            ),
            models.CheckConstraint(
                name="classification_later_has_previous",
                condition=Q(kind=Kind.CLASSIFY) | Q(previous__isnull=False),
            ),
            models.CheckConstraint(
                name="classification_decided_has_time",
                condition=Q(state__in=[State.PROPOSED, State.WITHDRAWN]) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="classification_refused_with_reason", condition=~Q(state=State.REFUSED) | ~Q(decision_note="")
            ),
        ]

    def __str__(self) -> str:
        return self.alias or self.subject


class ClassificationAudience(models.Model):
    """Who may know: a unit (its head and handlers) or a post."""

    classification = models.ForeignKey(Classification, on_delete=models.PROTECT, related_name="audience")
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="classification_audience_unit_or_post",
                condition=Q(unit__isnull=False, post=None) | Q(unit=None, post__isnull=False),
            ),
            models.UniqueConstraint(
                name="classification_audience_unit_once",
                fields=["classification", "unit"],
                condition=Q(unit__isnull=False),
            ),
            models.UniqueConstraint(
                name="classification_audience_post_once",
                fields=["classification", "post"],
                condition=Q(post__isnull=False),
            ),
        ]
