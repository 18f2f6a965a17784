"""Writing the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from chancery.foundations.actor import Actor


def write(
    *,
    by: Actor,
    at: dt.datetime,
    act: str,
    on: Model | str,
    data: Mapping[str, Any] | None = None,
    guard_id: int | None = None,
) -> None:
    """Append one entry to the chain of `on`, in the running transaction."""
