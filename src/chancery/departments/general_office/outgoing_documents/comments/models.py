"""Comments and the passage they hang on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument


class Comment(models.Model):
    """A remark on a passage of the text, or an answer to one (`thread`). What was said stays as said.

    The passage is a W3C text quote over the plain text: its words, what stood around it, and where it began. Without
    words (`exact` empty) the remark is about the whole paper.
    """

    document = models.ForeignKey(OutgoingDocument, on_delete=models.CASCADE, related_name="comments")
    thread = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    version = models.PositiveIntegerField()  # the version that was read
    exact = models.CharField(max_length=2000, blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField(default=0)
    text = models.CharField(_("comment"), max_length=2000)
    person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "general_office_comment"
        ordering = ["start", "at", "id"]
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="comment_answer_has_no_passage", condition=Q(thread__isnull=True) | Q(exact="", resolved_at=None)
            ),
        ]
