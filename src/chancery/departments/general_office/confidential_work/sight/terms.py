"""Vocabulary of sight."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: Who may ask about others.
ASKERS = ("confidential_officer", "classification_authority", "auditor")
#: The most things a report lists by name or code name; the counts count all.
MOST = 200

ACTS = {
    "sight.asked_person": _("Asked what a person may see"),
    "sight.asked_thing": _("Asked who may see a thing"),
    "sight.exported": _("Reading log exported"),
}
