"""These tests read English refusals and the rules of cn, whatever the site speaks and is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _under_cn(settings: Any) -> None:
    settings.PROFILE = "cn"
