"""Vocabulary of holds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HoldKind(models.TextChoices):
    """Why things must stay."""

    LEGAL = "LEGAL", pgettext_lazy("hold", "Legal case")
    AUDIT = "AUDIT", pgettext_lazy("hold", "Audit")
    PETITION = "PETITION", pgettext_lazy("hold", "Petition")


HOLD_KEEPER = "hold_keeper"

ACTS = {
    "hold.placed": _("Hold placed"),
    "hold.covered": _("Hold covers more"),
    "hold.reviewed": _("Hold looked at again"),
    "hold.lifted": _("Hold lifted"),
    "hold.review_due": _("Hold is to be looked at again"),
}
