"""What the tests of letters share. Imports stay inside: this file is read before Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import Desk


@pytest.fixture
def desk(cast: Any, settings: Any, tmp_path: Path) -> Iterator[Desk]:
    """The desk of outgoing papers, with a series for letters of Planning and Finance and of the office, and seals."""
    from chancery.departments.general_office.petitions.letters.tests.writing import furnished

    settings.SEAL_KEYS = tmp_path / "seals"
    with furnished(cast) as made:
        yield made
