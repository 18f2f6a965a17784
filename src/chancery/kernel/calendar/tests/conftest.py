"""Fixtures of the calendar's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> Iterator[None]:
    from django.utils import translation

    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def rulebook(db: None) -> None:
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.rulebook import services
    from chancery.kernel.calendar import queries

    services.load_all(by=SYSTEM, at=clock.now())
    queries.forget_amber()
