"""Words of the inbox."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TABS = {
    "todo": _("To do"),
    "read": _("To read"),
    "overdue": pgettext_lazy("inbox", "Overdue"),
    "done": _("Done"),
    "started": _("Started by me"),
    "watched": _("Watched"),
}
COUNT_CAP = 100
LIST_CAP = 2000
