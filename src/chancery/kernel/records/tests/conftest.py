"""Fixtures of the record's tests. Models are imported late: pytest reads this before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chancery.kernel.records.tests.world import World


@pytest.fixture(autouse=True)
def _clean_store(settings: Any, tmp_path: Any) -> Iterator[None]:
    """A store of one's own, a fixed clock, and English words whatever the site's language is."""
    from django.utils import translation

    from chancery.foundations import clock
    from chancery.kernel.records.tests.world import AT

    settings.FILE_STORE = tmp_path / "files"
    settings.LANGUAGE_CODE = "en"
    with clock.fixed_at(AT), translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> World:
    from chancery.kernel.records.tests.world import build

    return build()
