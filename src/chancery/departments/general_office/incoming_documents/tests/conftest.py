"""What the tests of incoming documents share. Imports stay inside: this file is read before Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chancery.departments.general_office.incoming_documents.tests.office import Office


@pytest.fixture
def office(cast: Any) -> Iterator[Office]:
    """The cast at work on a Monday in November 2026, with the rulebook loaded."""
    from chancery.departments.general_office.incoming_documents.tests.office import MONDAY, Office
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.rulebook import services as rulebook

    with clock.fixed_at(MONDAY):
        rulebook.load_all(by=SYSTEM, at=MONDAY)
        yield Office(cast)
