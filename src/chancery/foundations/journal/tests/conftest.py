"""A short committed history, and hands that tamper with it. Imports wait: Django is not up when this file is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.utils import translation

if TYPE_CHECKING:
    from chancery.foundations.journal.tests.history import Hands


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def hands(owner_connection: psycopg.Connection[Any]) -> Iterator[Hands]:
    """The owner's hands, in a transaction that is rolled back: no test needs a fresh database for it."""
    from chancery.foundations.journal.tests.history import Hands

    with owner_connection.transaction(force_rollback=True):
        yield Hands(owner_connection)


@pytest.fixture
def story(hands: Hands) -> dict[str, list[int]]:
    """Three subjects; ids by subject. Told in the transaction of `hands`."""
    from chancery.foundations.journal.tests.history import tell

    return tell(hands.write)


@pytest.fixture
def sealed(story: dict[str, list[int]], hands: Hands) -> Callable[[], None]:
    """Seal Monday; an entry of Tuesday follows."""
    from chancery.foundations.journal.tests.history import MINUTES, MONDAY, TUESDAY

    def seal() -> None:
        hands.seal(MONDAY.date())
        hands.write(MINUTES, "minutes.sent", at=TUESDAY)

    return seal


@pytest.fixture
def committed_story(transactional_db: None) -> dict[str, list[int]]:
    """The same story, committed act by act through the service."""
    from chancery.foundations.journal.tests.history import tell, write

    return tell(write)


@pytest.fixture
def committed_hands(owner_connection: psycopg.Connection[Any]) -> Hands:
    """The owner's hands on what is committed."""
    from chancery.foundations.journal.tests.history import Hands

    return Hands(owner_connection)
