"""Time, injectable. Doors ask `clock.now()` once and pass `at=` down; services never look at a watch."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

_fixed: ContextVar[dt.datetime | None] = ContextVar("chancery_fixed_time", default=None)


def now() -> dt.datetime:
    """The present instant, in UTC, or the instant fixed by `fixed_at`."""
    return _fixed.get() or timezone.now()


def today() -> dt.date:
    """The present date in the site's time zone."""
    return timezone.localtime(now()).date()


def date_of(at: dt.datetime) -> dt.date:
    """The calendar day of an instant, in the site's time zone."""
    return timezone.localtime(at).date()


@contextmanager
def fixed_at(at: dt.datetime) -> Iterator[dt.datetime]:
    """Hold the clock at an aware datetime (tests, the demo's past, re-computation)."""
    if timezone.is_naive(at):
        raise ValueError("the clock takes an aware datetime")
    token = _fixed.set(at.astimezone(dt.UTC))
    try:
        yield at
    finally:
        _fixed.reset(token)
