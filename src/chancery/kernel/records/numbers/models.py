"""Issued numbers and the counters behind them. Only `records_issue_number()` (migration 0002) writes either."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from chancery.kernel.records.numbers.terms import NumberState


class SeriesCounter(models.Model):
    """The last number given out in a series and year. Its row lock makes issuers wait for one another. The web role
    cannot read or write it."""

    series = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "records_seriescounter"
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="records_counter_once")]


class IssuedNumber(models.Model):
    """A number that was given out. It is never deleted and never given out again."""

    series = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField()
    text = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=NumberState.choices, default=NumberState.ISSUED)
    subject = models.CharField(max_length=120, blank=True, default="")
    # Without a guard any member of staff sees the number: it then says nothing but itself.
    guard = models.ForeignKey("access.Guard", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_post = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        db_table = "records_issuednumber"
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "value"], name="records_number_once"),
            models.UniqueConstraint(fields=["series", "text"], name="records_number_text_once"),
            models.CheckConstraint(name="records_number_from_one", condition=Q(value__gte=1)),
            models.CheckConstraint(
                name="records_void_has_reason",
                condition=Q(state=NumberState.ISSUED, voided_at=None, void_reason="")
                | (Q(state=NumberState.VOID, voided_at__isnull=False) & ~Q(void_reason="")),
            ),
            models.CheckConstraint(
                name="records_void_after_issue", condition=Q(voided_at=None) | Q(voided_at__gte=F("issued_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.text
