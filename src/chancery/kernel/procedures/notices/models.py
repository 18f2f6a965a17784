"""Notice and mail."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.kernel.procedures.notices.terms import MailState, NoticeKind


class Notice(models.Model):
    """Something a post is told about a matter; whoever holds the post sees it. `note` is as its writer gave it."""

    post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey("procedures.Matter", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey("procedures.Task", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=NoticeKind)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["post", "-id"], condition=Q(seen_at=None), name="procedures_notice_unseen"),
            models.Index(fields=["id"], condition=Q(mailed_at=None), name="procedures_notice_unmailed"),
        ]


class Mail(models.Model):
    """A mail as sent, kept so that one can see what was sent to whom."""

    to_email = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WRITTEN)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    digest_key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest_key"], condition=~Q(digest_key=""), name="procedures_mail_digest_once"
            )
        ]
        indexes = [models.Index(fields=["-written_at"], name="procedures_mail_latest")]
