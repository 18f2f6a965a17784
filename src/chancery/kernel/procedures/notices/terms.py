"""Words of notices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeKind(models.TextChoices):
    """Why someone is told."""

    ASKED = "ASKED", _("You are asked to act")
    URGED = "URGED", _("You are urged")
    RETURNED = "RETURNED", _("Returned to you")
    RECALLED = "RECALLED", _("Recalled")
    HANDED = "HANDED", _("Handed over to you")
    CIRCULATED = "CIRCULATED", _("Sent to you for reading")
    OVERDUE = "OVERDUE", _("Overdue")
    MORE_TIME_ASKED = "MORE_TIME", _("More time is asked for")
    MORE_TIME_DECIDED = "TIME_DECIDED", _("Your request for more time was decided")
    NOBODY = "NOBODY", _("Nobody answers for a step")
    CLOSED = "CLOSED", pgettext_lazy("matter", "Closed")


class MailState(models.TextChoices):
    """What became of a mail."""

    WRITTEN = "WRITTEN", _("Written")
    SENT = "SENT", _("Sent")
    FAILED = "FAILED", _("Failed")
