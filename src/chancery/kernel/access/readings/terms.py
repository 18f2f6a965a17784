"""How a restricted thing was read, and why somebody may read it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class How(models.TextChoices):
    """What of the thing was opened."""

    PAGE = "PAGE", pgettext_lazy("reading", "Page")
    PREVIEW = "PREVIEW", pgettext_lazy("reading", "Preview")
    DOWNLOAD = "DOWNLOAD", pgettext_lazy("reading", "Download")
    API = "API", pgettext_lazy("reading", "Interface")
    EXPORT = "EXPORT", pgettext_lazy("reading", "Export")


class Why(models.TextChoices):
    """On what ground a person may see a thing."""

    PUBLIC = "PUBLIC", _("Open to all staff of that clearance")
    OPENER = "OPENER", _("Opened it")
    OVERSIGHT = "OVERSIGHT", _("Heads or registers for its unit")
    READER = "READER", _("Named as a reader")
    DUTY = "DUTY", _("Answers for a duty that reads it")
