"""What the tests of the core share: the desk of letters, and somebody at the public door."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from chancery.departments.general_office.petitions.letters.tests.conftest import desk

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.door.tests.visitor import Visitor

__all__ = ["desk"]


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Somebody at the door, with little to compute."""
    from chancery.departments.general_office.petitions.door import queries
    from chancery.departments.general_office.petitions.door.tests.visitor import Visitor

    figures = queries.figures
    monkeypatch.setattr(queries, "figures", lambda form, on: dataclasses.replace(figures(form, on), bits=4))
    return Visitor()
