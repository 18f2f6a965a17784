"""Places of visits, their hours and rooms; visits with their number in the day's queue. No name stands here."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.desk.visits.terms import End, Standing

PERSON = "directory.Person"


class PetitionPlace(models.Model):
    """A place that was named for visits, from one day to another. `screen`: the address of its waiting-room screen."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    address = models.CharField(_("address"), max_length=200)
    since = models.DateField(_("named from"))
    until = models.DateField(_("to"), null=True, blank=True)  # the last day
    screen = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="petition_place_forward", condition=Q(until=None) | Q(until__gte=F("since"))),
            models.CheckConstraint(name="petition_place_called", condition=~Q(name_en="") & ~Q(name_zh="")),
        ]


class PetitionHours(models.Model):
    """When a place is open on the working days that are among `weekdays` (0 is Monday)."""

    place = models.ForeignKey(PetitionPlace, on_delete=models.PROTECT, related_name="hours")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="petition_hours_forward", condition=Q(closes__gt=F("opens"))),
            models.CheckConstraint(name="petition_hours_some_day", condition=Q(weekdays__len__gt=0)),
        ]


class PetitionRoom(models.Model):
    """A room at a place in which visitors are heard."""

    place = models.ForeignKey(PetitionPlace, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("room"), max_length=40)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(ended_on=None), name="petition_room_once",
                violation_error_message=_("There is a room of that name already."),
            )
        ]  # fmt: skip


class PetitionVisit(models.Model):
    """Visitors: their number of the day at a place, how many they are, when they came, were called and heard.

    Nothing says who they are: that goes into custody with the petition that is taken in.
    """

    place = models.ForeignKey(PetitionPlace, on_delete=models.PROTECT, related_name="visits")
    day = models.DateField()
    number = models.PositiveIntegerField(default=0)  # the database gives it: the next of that place and day
    group_size = models.PositiveIntegerField(_("how many people"), default=1)
    representatives = models.PositiveSmallIntegerField(_("representatives"), default=1)
    arrived_at = models.DateTimeField()
    arrived_person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(PetitionRoom, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    called_at = models.DateTimeField(null=True, blank=True)
    called_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=7, choices=End.choices, blank=True, default="")
    petition = models.ForeignKey(
        "general_office.Petition", null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )

    class Meta:
        indexes = [
            models.Index(fields=["place", "day", "number"], condition=Q(ended_at=None), name="petition_visits_open"),
            models.Index(fields=["petition"], name="petition_visits_of"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["place", "day", "number"], name="petition_visit_number_once"),
            models.UniqueConstraint(
                fields=["room"], condition=Q(ended_at=None, room__isnull=False), name="petition_room_one_visit"
            ),
            models.CheckConstraint(
                name="petition_visit_somebody",
                condition=Q(group_size__gte=1, representatives__gte=1, representatives__lte=F("group_size")),
            ),
            models.CheckConstraint(
                name="petition_visit_in_order",
                condition=(Q(called_at=None) | Q(called_at__gte=F("arrived_at"), room__isnull=False))
                & (Q(begun_at=None) | Q(begun_at__gte=F("called_at")))
                & (Q(ended_at=None, end="") | (Q(ended_at__gte=F("arrived_at")) & ~Q(end=""))),
            ),
        ]

    @property
    def standing(self) -> Standing:
        """Where the visit stands."""
        if self.ended_at:
            return Standing.ENDED
        if self.begun_at:
            return Standing.HEARD
        return Standing.CALLED if self.called_at else Standing.WAITING
