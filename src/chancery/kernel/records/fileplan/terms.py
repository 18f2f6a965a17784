"""Vocabulary of the file plan."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class PlanState(models.TextChoices):
    """Where a version of the plan stands."""

    DRAFT = "DRAFT", pgettext_lazy("version of the file plan", "Draft")
    SUBMITTED = "SUBMITTED", pgettext_lazy("version of the file plan", "Under approval")
    APPROVED = "APPROVED", pgettext_lazy("version of the file plan", "Approved")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("version of the file plan", "Withdrawn")


class AtEnd(models.TextChoices):
    """What is done when the period of a class has run out."""

    KEEP = "KEEP", pgettext_lazy("disposal action", "Kept for good")
    APPRAISE = "APPRAISE", pgettext_lazy("disposal action", "Appraise")
    TRANSFER = "TRANSFER", pgettext_lazy("disposal action", "Transfer to the archives authority")


#: Roles of the archive. `archivist` itself is a role of the General Office (function 7).
ARCHIVIST = "archivist"
ARCHIVE_HEAD = "archive_head"
