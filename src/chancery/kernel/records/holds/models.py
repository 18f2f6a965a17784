"""A hold and what it covers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from chancery.kernel.records.holds.terms import HoldKind


class Hold(models.Model):
    """Stands until lifted. `review_on` is when somebody must look whether it is still needed; it ends nothing."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=HoldKind.choices)
    title = models.CharField(max_length=200)
    reason = models.TextField()
    basis = models.TextField()
    placed_at = models.DateTimeField()
    placed_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_reason = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "records_hold"
        constraints = [
            models.CheckConstraint(
                name="records_hold_has_reason", condition=~Q(title="") & ~Q(reason="") & ~Q(basis="")
            ),
            models.CheckConstraint(
                name="records_hold_lifted_with_reason",
                condition=Q(lifted_at=None, lifted_reason="") | (Q(lifted_at__isnull=False) & ~Q(lifted_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class HoldCover(models.Model):
    """What a hold covers: one item, or all items (present and future) of a class, a unit (with what stands below it)
    and a span of years, each left open when null."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="covers")
    item = models.ForeignKey("records.ArchivalItem", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fonds = models.ForeignKey("records.Fonds", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    class_code = models.CharField(max_length=40, blank=True, default="")  # it and the classes below it
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        db_table = "records_holdcover"
        indexes = [models.Index(fields=["item"], condition=Q(item__isnull=False), name="records_holdcover_item")]
        constraints = [
            models.UniqueConstraint(
                fields=["hold", "item"], condition=Q(item__isnull=False), name="records_holdcover_item_once"
            ),
            models.CheckConstraint(
                name="records_holdcover_item_or_fonds",
                condition=Q(item__isnull=False, fonds=None, class_code="", unit=None, from_year=None, to_year=None)
                | Q(item=None, fonds__isnull=False),
            ),
            models.CheckConstraint(
                name="records_holdcover_years",
                condition=Q(from_year=None) | Q(to_year=None) | Q(to_year__gte=F("from_year")),
            ),
        ]
