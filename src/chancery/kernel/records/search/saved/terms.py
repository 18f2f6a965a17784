"""Words of saved searches; who carries their notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Notify(models.TextChoices):
    """When to tell of what is new."""

    NEVER = "NEVER", pgettext_lazy("saved search", "Never")
    DAILY = "DAILY", pgettext_lazy("saved search", "Once a day")
    AT_ONCE = "AT_ONCE", pgettext_lazy("saved search", "At once")


ACTS = {
    "search.saved": _("Search saved"),
    "search.changed": _("Saved search changed"),
    "search.dropped": _("Saved search deleted"),
}
#: What was told is remembered up to so many things a search; a search with a notice finds at most half of it.
REMEMBERED = 4000

#: Writes one mail: (address, name, subject, text, time). The post room lies above this storey and registers itself.
Teller = Callable[[str, str, str, str, dt.datetime], None]
_tellers: list[Teller] = []


def tell_with(teller: Teller) -> None:
    """Register who writes the mails; from `AppConfig.ready`."""
    _tellers[:] = [teller]


def tell(address: str, name: str, subject: str, text: str, at: dt.datetime) -> None:
    """Write a mail, if anybody carries mails."""
    for teller in _tellers:
        teller(address, name, subject, text, at)
