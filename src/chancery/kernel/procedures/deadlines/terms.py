"""Words of time."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    """How a request for more time stands."""

    ASKED = "ASKED", _("Asked")
    GRANTED = "GRANTED", _("Granted")
    REFUSED = "REFUSED", _("Refused")
    LAPSED = "LAPSED", _("Lapsed")
