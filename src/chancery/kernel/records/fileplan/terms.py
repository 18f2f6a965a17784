"""Vocabulary of the file plan."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
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


#: Roles of the archive. `archivist` and `leader` themselves are roles of the General Office.
ARCHIVIST = "archivist"
ARCHIVE_HEAD = "archive_head"
LEADER = "leader"

TONES = {"DRAFT": "orange", "SUBMITTED": "blue", "APPROVED": "green", "WITHDRAWN": "neutral"}

ACTS = {
    "fileplan.loaded": _("File plan loaded"),
    "fileplan.drafted": _("Version of the file plan drafted"),
    "fileplan.class_put": _("Class written"),
    "fileplan.class_removed": _("Class taken out of the draft"),
    "fileplan.period_put": _("Period written"),
    "fileplan.period_removed": _("Period taken out of the draft"),
    "fileplan.taken_in": _("Draft replaced from a workbook"),
    "fileplan.submitted": _("File plan submitted for approval"),
    "fileplan.returned": _("File plan returned to its draft"),
    "fileplan.approved": _("File plan approved"),
    "fileplan.withdrawn": _("Draft withdrawn"),
    "fonds.opened": _("Fonds opened"),
    "fonds.unit_code_put": _("Unit code given"),
}

_submission: list[str] = []


def register_submission(url_name: str) -> None:
    """Where a draft is sent to approval: the page of the department that runs the procedure."""
    _submission[:] = [url_name]


def submission() -> str:
    """The name of that page; "" where no department brings one."""
    return _submission[0] if _submission else ""
