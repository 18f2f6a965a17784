"""Vocabulary of drafting."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Who was asked to draft along reads the draft's guard with this word.
DRAFTING_ALONG = "drafting"


class VersionKind(models.TextChoices):
    """How a version came about."""

    OPENED = "OPENED", pgettext_lazy("how a version came about", "Begun")
    SAVED = "SAVED", pgettext_lazy("how a version came about", "Saved")
    RESTORED = "RESTORED", pgettext_lazy("how a version came about", "Earlier version taken up again")
    IMPORTED = "IMPORTED", pgettext_lazy("how a version came about", "Imported from a file")
    SUBMITTED = "SUBMITTED", pgettext_lazy("how a version came about", "Submitted")
    SIGNED = "SIGNED", pgettext_lazy("how a version came about", "Signed")


ACTS = {
    "outgoing.version_kept": _("Version kept"),
    "outgoing.restored": _("Earlier version taken up again"),
    "outgoing.imported": _("Text imported from a file"),
    "outgoing.taken_over": _("Editing taken over"),
    "outgoing.asked_along": _("Asked to draft along"),
    "outgoing.template_kept": _("Template kept"),
    "outgoing.template_ended": _("Template taken out of use"),
}
