"""Fixtures of the tests of seals. Models are imported late: pytest reads this before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Keys and files of one's own, a fixed clock, English words."""
    from django.utils import translation

    from chancery.foundations import clock
    from chancery.kernel.records.seals.tests.office import NOON

    settings.SEAL_KEYS = tmp_path / "seals"
    settings.FILE_STORE = tmp_path / "files"
    settings.LANGUAGE_CODE = "en"
    with clock.fixed_at(NOON), translation.override("en"):
        yield


@pytest.fixture
def seal(cast: Any) -> Any:
    """The General Office's seal."""
    from chancery.kernel.records.seals.tests.office import register

    return register(cast)
