"""Words of keeping."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: What the file plan and the archive call a petition.
KIND = "petition"

ACTS = {
    "petition.filed": _("Filed in the archive"),
    "petition.held": _("Kept from disposal: open again"),
}
