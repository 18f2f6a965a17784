"""Words and codes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.foundations.card import Role
from chancery.foundations.papers import types

EDITOR, REVIEWER = "notice_editor", "publication_reviewer"
PROCEDURE = "public_notice"
SUBJECT = "publishing.publicnotice"
REVIEW_DAYS = "publishing.notice.review.days"
FILE_MB, FILES_MOST = "publishing.notice.file.max", "publishing.notice.files.max"
LONGEST_TITLE, LONGEST_PARAGRAPH, MOST_PARAGRAPHS = 160, 4000, 40
#: What goes out: formats that show on every device what the reviewer saw, and run nothing.
SAFE = (types.PDF, types.OFD, types.PNG, types.JPEG, types.TEXT)
UNSAFE_ENDINGS = ("xml", "md", "log")  # text as well, but a browser or a person may take it for something else

ROLES = (
    Role(EDITOR, "Notice editor", "公告编辑", "Writes public notices and takes them back.", "起草和撤回对外公告。"),
    Role(
        REVIEWER,
        "Publication reviewer",
        "信息发布保密审查员",
        "Looks through what is to be made public, item by item, before it goes out.",
        "对拟公开的内容逐项进行发布前保密审查。",
    ),
)


class NoticeState(models.TextChoices):
    """Where a notice stands."""

    DRAFT = "DRAFT", _("Draft")
    REVIEW = "REVIEW", _("Under review")
    PUBLISHED = "PUBLISHED", _("Published")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("notice", "Withdrawn")


class ItemVerdict(models.TextChoices):
    """What the reviewer says of one item."""

    CLEARED = "CLEARED", _("May go out")
    HELD = "HELD", _("May not go out")


TONES = {
    NoticeState.DRAFT: "neutral",
    NoticeState.REVIEW: "amber",
    NoticeState.PUBLISHED: "green",
    NoticeState.WITHDRAWN: "red",
}

ACTS = {
    "notice.drafted": _("Notice drafted"),
    "notice.changed": _("Notice changed"),
    "notice.file_added": _("Attachment added to the notice"),
    "notice.file_removed": _("Attachment taken off the notice"),
    "notice.submitted": _("Notice sent to publication review"),
    "notice.reviewed": _("Notice looked through, item by item"),
    "notice.returned": _("Notice returned to its editor"),
    "notice.published": _("Notice published"),
    "notice.withdrawn": _("Notice withdrawn"),
}
