"""Released figures, recommendations to units, rising subjects."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.counting.terms import Adopted, Rising

PERSON = "directory.Person"


def _to(model: str, *, optional: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]  # Django's generics
    return models.ForeignKey(model, null=optional, blank=optional, on_delete=models.PROTECT, related_name="+")


class PetitionRelease(models.Model):
    """A year's figures as everybody may know them: frozen at release, so that two of them cannot be subtracted."""

    year = models.PositiveSmallIntegerField(unique=True)
    tables = models.JSONField()  # as `counting.queries.released` made them, small cells taken out
    least = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()
    released_person = _to(PERSON)
    notice = _to("publishing.PublicNotice", optional=True)


class PetitionRecommendation(models.Model):
    """What the office recommends to a unit after what it learnt from petitions; what the unit makes of it, and why."""

    guard = _to("access.Guard")
    unit = _to("directory.Unit")
    field = models.CharField(_("subject field"), max_length=40, blank=True, default="")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("recommendation"))
    due_on = models.DateField(_("answer by"))
    made_at = models.DateTimeField()
    made_person = _to(PERSON)
    state = models.CharField(max_length=11, choices=Adopted.choices, default=Adopted.OPEN)
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_person = _to(PERSON, optional=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "state"], name="petition_advice_of_unit")]
        constraints = [
            models.CheckConstraint(
                name="petition_advice_answered_whole",
                condition=Q(state=Adopted.OPEN, answer="", answered_at=None, answered_person=None)
                | (~Q(state=Adopted.OPEN) & Q(answered_at__isnull=False, answered_person__isnull=False)),
            ),
            models.CheckConstraint(
                name="petition_advice_refused_with_reason",
                condition=~Q(state__in=[Adopted.NOT_ADOPTED, Adopted.PARTLY]) | ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="petition_advice_by_another",
                condition=Q(answered_person=None) | ~Q(answered_person=F("made_person")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PetitionWarning(models.Model):
    """A subject that rises: so many in the days up to `until_on`, against the mean of the periods before."""

    rising = models.CharField(max_length=5, choices=Rising.choices)
    field = models.CharField(max_length=40, blank=True, default="")
    unit = _to("directory.Unit", optional=True)
    from_on = models.DateField()
    until_on = models.DateField()
    count = models.PositiveIntegerField()
    mean = models.DecimalField(max_digits=8, decimal_places=2)
    noted_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_person = _to(PERSON, optional=True)
    seen_note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rising", "field", "unit"],
                condition=Q(seen_at=None),
                nulls_distinct=False,
                name="petition_warning_once",
            ),
            models.CheckConstraint(
                name="petition_warning_of_something",
                condition=(Q(rising=Rising.FIELD, unit=None) & ~Q(field=""))
                | Q(rising=Rising.UNIT, field="", unit__isnull=False),
            ),
        ]
