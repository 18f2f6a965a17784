"""Two deciding on one list of openings at once: each decision stands once, what both open is open once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.archives.openings.models import OpeningRow, OpenRecord
from chancery.departments.general_office.archives.openings.tests.test_openings import AT, decide, held, proposed
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import queries as matters

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Each act in a thread of its own, begun together: "done" or "refused", in no order."""
    barrier, said = threading.Barrier(len(acts)), list[str]()

    def work(act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            with clock.fixed_at(AT):
                act()
            said.append("done")
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said)


def test_head_and_officer_at_once_open_everything_once_and_the_matter_ends(cast: Cast) -> None:
    opening = proposed(cast, held(cast, 3))
    said = at_once(
        lambda: decide(opening, cast.archive_head),
        lambda: decide(opening, cast.confidential_officer),
        lambda: decide(opening, cast.archive_head),
    )
    assert said == ["done", "done", "refused"]
    with acting_as(SYSTEM), transaction.atomic():
        assert set(OpeningRow.objects.values_list("state", flat=True)) == {"OPENED"}
        assert OpenRecord.objects.filter(is_open=True).count() == 3
        matter = matters.matter_of(f"general_office.opening:{opening.pk}")
        assert matter is not None
        assert matter.state == "CLOSED"
