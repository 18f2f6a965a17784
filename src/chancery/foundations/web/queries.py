"""What the screen asks for itself."""

from __future__ import annotations

from chancery.foundations.actor import Actor
from chancery.foundations.web.models import SavedView


def views_of(by: Actor, page: str) -> list[SavedView]:
    """The actor's kept views of a list, by name."""
    return list(SavedView.objects.filter(account=by.account_id or 0, page=page).order_by("name"))
