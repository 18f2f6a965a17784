"""Vocabulary of loans."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROCEDURE = "archive_loan"
SUBJECT = "general_office.loan"
DAYS, EXTENSION_DAYS, EXTENSIONS = "archive.loan.days", "archive.loan.extension.days", "archive.loan.extensions"


class Condition(models.TextChoices):
    """How what was lent came back."""

    SOUND = "SOUND", pgettext_lazy("what was lent came back", "Sound and complete")
    DAMAGED = "DAMAGED", pgettext_lazy("what was lent came back", "Damaged")
    INCOMPLETE = "INCOMPLETE", pgettext_lazy("what was lent came back", "Incomplete")


ACTS = {
    "loan.lent": _("Lent"),
    "loan.extended": _("Loan extended"),
    "loan.chased": _("Borrower urged"),
    "loan.returned": _("Brought back"),
}
