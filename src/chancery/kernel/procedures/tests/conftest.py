"""Fixtures. Django is not ready when this is read: imports stay inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def procedure() -> Iterator[None]:
    """The test procedure is on the board."""
    from chancery.kernel.procedures import bindings
    from chancery.kernel.procedures.definitions import queries
    from chancery.kernel.procedures.tests import everything

    bindings.register(everything.BINDING)
    queries.forget_plans()
    everything.heard.clear()
    yield
    bindings.withdraw("everything")


@pytest.fixture
def world(db: None, procedure: None) -> Iterator[Any]:
    """The known world, at ten on a Monday morning."""
    from django.utils import translation

    from chancery.foundations import clock
    from chancery.kernel.procedures.tests.world import NOW, build

    with clock.fixed_at(NOW), translation.override("en"):
        yield build()
