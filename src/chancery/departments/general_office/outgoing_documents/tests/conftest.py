"""What the tests of outgoing documents share. Imports stay inside: this file is read before Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chancery.departments.general_office.outgoing_documents.tests.house import House


@pytest.fixture
def house(cast: Any) -> Iterator[House]:
    """The cast on a Monday in November 2026, with papers that are released already."""
    from chancery.departments.general_office.outgoing_documents.tests.house import MONDAY, House
    from chancery.foundations import clock

    with clock.fixed_at(MONDAY):
        yield House(cast)
