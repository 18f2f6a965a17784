"""A proposal to open archives comes into two inboxes, and leaves each with its last decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from chancery.departments.general_office.archives.openings import services
from chancery.departments.general_office.archives.openings.models import Opening, OpeningRow
from chancery.departments.general_office.archives.openings.tests.test_openings import AT, decide, held, proposed
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures.services import close, complete

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def matter_of(by: Actor, opening: Opening) -> Any:
    with acting_as(by), transaction.atomic():
        return procedures.matter_of(f"general_office.opening:{opening.pk}")


def waiting(by: Actor, opening: Opening) -> dict[str, int]:
    """Step → task, of what waits."""
    matter = matter_of(by, opening)
    with acting_as(by), transaction.atomic():
        return {task["step"]: task["id"] for task in procedures.open_tasks(matter.pk)} if matter is not None else {}


def test_both_are_asked_at_once_and_each_inbox_empties_with_the_last_decision(cast: Cast) -> None:
    opening = proposed(cast, held(cast, 2))
    assert set(waiting(cast.archive_head, opening)) == {"head", "officer"}
    with acting_as(SYSTEM), transaction.atomic():
        first, second = OpeningRow.objects.order_by("pk").values_list("pk", flat=True)
    for row, left in ((first, {"head", "officer"}), (second, {"officer"})):
        services.decide_opening(opening_id=opening.pk, verdicts={row: ("OPEN", "")}, by=cast.archive_head, at=AT)
        assert set(waiting(cast.confidential_officer, opening)) == left
    decide(opening, cast.confidential_officer, "KEEP", "Names a living person")
    assert waiting(cast.archive_head, opening) == {}
    assert matter_of(cast.archivist, opening).state == "CLOSED"


def test_a_step_is_not_pressed_past_its_items_nor_by_the_other_side(cast: Cast) -> None:
    opening = proposed(cast, held(cast))
    task = waiting(cast.archive_head, opening)["head"]
    with pytest.raises(Refused, match="every item"):
        complete(task_id=task, outcome="DECIDED", by=cast.archive_head, at=AT)
    for by in (cast.confidential_officer, cast.archivist):
        with pytest.raises(Refused):
            complete(task_id=task, outcome="DECIDED", by=by, at=AT)


def test_a_matter_with_undecided_items_is_not_closed_by_hand(cast: Cast) -> None:
    opening = proposed(cast, held(cast))
    with pytest.raises(Refused):
        close(matter_id=matter_of(cast.archivist, opening).pk, reason="Enough.", by=cast.archivist, at=AT)
    assert set(waiting(cast.archive_head, opening)) == {"head", "officer"}


def test_strangers_see_nothing_of_it(cast: Cast) -> None:
    opening = proposed(cast, held(cast))
    assert matter_of(cast.outsider, opening) is None
