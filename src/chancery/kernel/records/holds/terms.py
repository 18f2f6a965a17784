"""Vocabulary of holds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class HoldKind(models.TextChoices):
    """Why things must stay."""

    LEGAL = "LEGAL", pgettext_lazy("hold", "Legal case")
    AUDIT = "AUDIT", pgettext_lazy("hold", "Audit")
    PETITION = "PETITION", pgettext_lazy("hold", "Petition")


HOLD_KEEPER = "hold_keeper"
