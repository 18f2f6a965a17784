"""Notices and their items."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.kernel.publishing.notices.terms import ItemVerdict, NoticeState


class PublicNotice(models.Model):
    """A notice in both languages. Its text is its items; the first is the title."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey("procedures.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title_en = models.CharField(max_length=160, blank=True, default="")
    title_zh = models.CharField(max_length=160, blank=True, default="")
    state = models.CharField(max_length=9, choices=NoticeState.choices, default=NoticeState.DRAFT)
    made_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "publishing_publicnotice"
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(state="PUBLISHED"), name="publishing_notice_public"
            )
        ]
        constraints = [
            models.CheckConstraint(name="publishing_notice_has_title", condition=~Q(title_en="") | ~Q(title_zh="")),
            models.CheckConstraint(
                name="publishing_notice_state_has_its_day",
                condition=Q(state__in=["DRAFT", "REVIEW"], published_at=None, withdrawn_at=None)
                | Q(state="PUBLISHED", published_at__isnull=False, withdrawn_at=None)
                | (Q(state="WITHDRAWN", withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title_en or self.title_zh


class NoticeItem(models.Model):
    """A paragraph in both languages, and what the reviewer said of it."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text_en = models.TextField(blank=True, default="")
    text_zh = models.TextField(blank=True, default="")
    verdict = models.CharField(max_length=7, choices=ItemVerdict.choices, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    reviewed_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "publishing_noticeitem"
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="publishing_noticeitem_place"),
            models.CheckConstraint(
                name="publishing_noticeitem_held_with_reason", condition=~Q(verdict="HELD") | ~Q(reason="")
            ),
        ]


class NoticeFile(models.Model):
    """An attachment of a notice, looked through with it. What the public's door needs stands here, so that the row of
    the stored file stays behind its guard."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.CASCADE, related_name="files")
    stored = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    title_en = models.CharField(max_length=160)
    title_zh = models.CharField(max_length=160)
    name = models.CharField(max_length=180)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    particulars = models.CharField(max_length=1000, blank=True, default="")  # author, title … of its properties
    verdict = models.CharField(max_length=7, choices=ItemVerdict.choices, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    reviewed_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "publishing_noticefile"
        constraints = [
            models.UniqueConstraint(fields=["notice", "sha256"], name="publishing_noticefile_once"),
            models.CheckConstraint(
                name="publishing_noticefile_held_with_reason", condition=~Q(verdict="HELD") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="publishing_noticefile_titled", condition=~Q(title_en="") & ~Q(title_zh="") & ~Q(name="")
            ),
        ]

    def __str__(self) -> str:
        return self.name
