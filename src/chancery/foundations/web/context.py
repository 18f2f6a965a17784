"""What every page knows."""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from chancery.foundations.web.frame import Frame


def page(request: HttpRequest) -> dict[str, Any]:
    """The actor and the frame (menu, counts, places); nothing is asked of the database until it is printed."""
    frame = Frame(request)
    return {"actor": frame.actor, "frame": frame, "is_demo": settings.DEMO, "sign_in_address": _sign_in_address()}


@functools.cache
def _sign_in_address() -> str:
    try:
        return reverse(settings.LOGIN_URL)
    except NoReverseMatch:
        return ""
