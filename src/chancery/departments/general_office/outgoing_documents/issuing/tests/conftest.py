"""What the tests of issuing share. Imports stay inside: this file is read before Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import Desk


@pytest.fixture
def desk(cast: Any, settings: Any, tmp_path: Path) -> Iterator[Desk]:
    """The cast at work on a Monday in November 2026: a series and a seal of Planning and Finance are there."""
    from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import MONDAY, Desk
    from chancery.foundations import clock

    settings.SEAL_KEYS = tmp_path / "seals"
    with clock.fixed_at(MONDAY):
        yield Desk(cast)
