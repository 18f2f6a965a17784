"""What the tests of levels share. Imports stay inside: this file is read before Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chancery.departments.general_office.confidential_work.classification.tests.desk import Desk


@pytest.fixture
def desk(cast: Any) -> Iterator[Desk]:
    """The cast at work on a Monday in November 2026."""
    from chancery.departments.general_office.confidential_work.classification.tests.desk import Desk
    from chancery.departments.general_office.incoming_documents.tests.office import MONDAY
    from chancery.foundations import clock

    with clock.fixed_at(MONDAY):
        yield Desk(cast)
