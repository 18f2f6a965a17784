"""Item, its parts, the box it lies in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Clearance
from chancery.kernel.records.archive.terms import LIVE, BoxState, Carrier, ItemState, PartRole

LABELS = [(c.value, c.name) for c in Clearance]


class ArchiveBox(models.Model):
    """档案盒. It says nothing of what lies in it but fonds, category, year, period and unit."""

    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=8)
    unit_code = models.CharField(max_length=20)
    number = models.PositiveIntegerField()  # within those five
    code = models.CharField(_("code"), max_length=80, unique=True)  # what its barcode says
    spine_mm = models.PositiveSmallIntegerField(default=30)
    state = models.CharField(max_length=6, choices=BoxState.choices, default=BoxState.OPEN)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "records_archivebox"
        constraints = [
            models.UniqueConstraint(
                fields=["fonds", "category", "year", "period", "unit_code", "number"], name="records_archivebox_once"
            )
        ]

    def __str__(self) -> str:
        return self.code


class ArchivalItem(models.Model):
    """件: one archival item as the catalogue knows it.

    `guard` says who may know of it (its line in the catalogue), `content_guard` who may read its files. An ordinary
    item is listed for all staff while its files stay with those who had the matter; a restricted one is known to the
    latter alone (both guards are then the same). `retain_until` is the last day of its period, null = for good; it is
    never moved nearer (migration 0009). `subject` is what was filed, "label.model:pk", at most once.
    """

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    content_guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    plan_class = models.ForeignKey("records.PlanClass", on_delete=models.PROTECT, related_name="+")
    number = models.OneToOneField("records.IssuedNumber", on_delete=models.PROTECT, related_name="archival_item")
    code = models.CharField(_("archival code"), max_length=120, unique=True)  # 档号
    category = models.CharField(max_length=8)
    class_code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=8)
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    unit_code = models.CharField(max_length=20)  # 机构代码 in the code, e.g. BGS
    item_number = models.PositiveIntegerField()  # 件号
    title = models.CharField(max_length=300)
    author = models.CharField(max_length=200, blank=True, default="")  # 责任者
    document_number = models.CharField(max_length=120, blank=True, default="")  # 文号
    dated_on = models.DateField()
    page_count = models.PositiveIntegerField(null=True, blank=True)
    label = models.PositiveSmallIntegerField(choices=LABELS, default=Clearance.INTERNAL.value)
    note = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=60)  # what was filed: "incoming", "outgoing", …
    subject = models.CharField(max_length=120, blank=True, default="")
    matter_number = models.CharField(max_length=60, blank=True, default="")
    carrier = models.CharField(max_length=8, choices=Carrier.choices, default=Carrier.DIGITAL)
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.FILED)
    filed_at = models.DateTimeField()
    filed_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_post = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True, blank=True)  # accepted by the archive
    ended_at = models.DateTimeField(null=True, blank=True)  # transferred or destroyed
    retain_from = models.DateField()  # first day of the period: 1 January after the year
    retain_until = models.DateField(null=True, blank=True)
    opens_on = models.DateField(null=True, blank=True)  # open to the public from that day
    box = models.ForeignKey(ArchiveBox, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "records_archivalitem"
        indexes = [
            models.Index(fields=["guard"], name="records_item_guard"),
            models.Index(fields=["content_guard"], name="records_item_content_guard"),
            models.Index(fields=["-filed_at", "-id"], name="records_item_latest"),
            models.Index(
                fields=["fonds", "category", "year", "period", "unit_code", "item_number"], name="records_item_place"
            ),
            models.Index(fields=["unit", "state", "year"], name="records_item_due"),
            models.Index(
                fields=["retain_until"],
                condition=Q(state__in=LIVE, retain_until__isnull=False),
                name="records_item_expiry",
            ),
            models.Index(fields=["box"], condition=Q(box__isnull=False), name="records_item_box"),
            models.Index(fields=["opens_on"], condition=Q(opens_on__isnull=False), name="records_item_opens"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=~Q(subject=""), name="records_item_subject_once"),
            models.CheckConstraint(name="records_item_titled", condition=~Q(title="")),
            models.CheckConstraint(
                name="records_item_ended_has_time",
                condition=Q(state__in=LIVE, ended_at=None) | (~Q(state__in=LIVE) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="records_item_period_runs_forward",
                condition=Q(retain_until=None) | Q(retain_until__gte=F("retain_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ItemPart(models.Model):
    """A file of an item, in its role and order. Parts are neither changed nor taken away while the item lives."""

    item = models.ForeignKey(ArchivalItem, on_delete=models.PROTECT, related_name="parts")
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=PartRole.choices)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=300, blank=True, default="")
    page_count = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        db_table = "records_itempart"
        ordering = ["item", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "file"], name="records_itempart_once"),
            models.UniqueConstraint(fields=["item", "position"], name="records_itempart_place"),
        ]


class CatalogueGuard(models.Model):
    """The guard that the lines of a fonds' ordinary items share: all staff may know of them.

    Made by `records_catalogue_guard()` (migration 0011) and by nothing else; nobody relabels or moves it.
    """

    fonds = models.ForeignKey("records.Fonds", on_delete=models.PROTECT, related_name="+")
    label = models.PositiveSmallIntegerField(choices=LABELS)
    guard = models.OneToOneField("access.Guard", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "records_catalogueguard"
        constraints = [models.UniqueConstraint(fields=["fonds", "label"], name="records_catalogueguard_once")]

    def __str__(self) -> str:
        return f"{self.fonds_id}/{self.label}"
