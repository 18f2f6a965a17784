"""Words of the address book."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTS = {
    "address_group.kept": _("Address group kept"),
    "address_group.ended": _("Address group taken out of use"),
}
