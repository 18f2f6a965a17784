"""A store and a copy of one's own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> Iterator[None]:
    from django.utils import translation

    from chancery.foundations import clock

    settings.FILE_STORE = tmp_path / "files"
    settings.CONTENT_COPY = settings.CONTENT_COPY_BUCKET = ""
    with clock.fixed_at(dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)), translation.override("en"):
        yield


@pytest.fixture
def with_copy(settings: Any, tmp_path: Path) -> Path:
    """A second copy is configured."""
    copy = tmp_path / "copy"
    copy.mkdir()
    settings.CONTENT_COPY = str(copy)
    return copy
