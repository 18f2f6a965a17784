"""Nouns: the years announced, and the days that differ from Monday to Friday."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.kernel.calendar.terms import EARLIEST_YEAR, LATEST_YEAR, DayKind


class AnnouncedYear(models.Model):
    """A year whose working days are settled. A deadline that touches any other year is provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source_en = models.CharField(max_length=300)
    source_zh = models.CharField(max_length=300)
    announced_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "calendar_year"
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(name="calendar_year_sane", condition=Q(year__range=(EARLIEST_YEAR, LATEST_YEAR))),
        ]


class WorkingDay(models.Model):
    """A day that needs saying: a holiday (also one that falls on a weekend), or a weekend day that is worked."""

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=10, choices=DayKind.choices)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    source_en = models.CharField(max_length=300)
    source_zh = models.CharField(max_length=300)

    class Meta:
        db_table = "calendar_workingday"
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(name="calendar_day_kind_known", condition=Q(kind__in=DayKind.values)),
            # A Monday cannot be "adjusted into" a working day: it is one.
            models.CheckConstraint(
                name="calendar_adjusted_is_weekend",
                condition=~Q(kind=DayKind.ADJUSTED) | Q(day__week_day__in=(1, 7)),
            ),
        ]
