"""A transfer list comes into the inbox of whoever is asked, is decided there or on its page, and leaves it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from chancery.departments.general_office.archives.transfers import services
from chancery.departments.general_office.archives.transfers.models import TransferList
from chancery.departments.general_office.archives.transfers.tests.desk import NOON, drawn, kept, packed, receive
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures.services import close, complete, recall

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def waiting(by: Actor, one: TransferList) -> list[tuple[str, int]]:
    """(step, task) that wait in the matter, as far as the actor sees them."""
    with acting_as(by), transaction.atomic():
        matter = procedures.matter_of(f"general_office.transferlist:{one.pk}")
        return [(task["step"], task["id"]) for task in procedures.open_tasks(matter.pk)] if matter is not None else []


def press(by: Actor, one: TransferList, outcome: str, opinion: str = "") -> None:
    [(_step, task)] = waiting(by, one)
    complete(task_id=task, outcome=outcome, opinion=opinion, by=by, at=NOON)


def state(one: TransferList) -> str:
    with acting_as(SYSTEM), transaction.atomic():
        return TransferList.objects.get(pk=one.pk).state


def steps(by: Actor, one: TransferList) -> list[str]:
    return [step for step, _task in waiting(by, one)]


def test_the_head_is_asked_and_decides_in_the_inbox(cast: Cast) -> None:
    one = drawn(cast, kept(cast))
    assert steps(cast.archivist, one) == ["draw_up"]
    press(cast.archivist, one, "SUBMITTED")
    assert (state(one), steps(cast.archive_head, one)) == ("SUBMITTED", ["approve"])
    with pytest.raises(Refused):
        press(cast.archive_head, one, "RETURNED")  # without a reason
    press(cast.archive_head, one, "RETURNED", "Look again.")
    assert (state(one), steps(cast.archivist, one)) == ("DRAFT", ["draw_up"])
    press(cast.archivist, one, "SUBMITTED")
    press(cast.archive_head, one, "APPROVED")
    assert (state(one), steps(cast.archivist, one)) == ("APPROVED", ["hand_over"])


def test_what_is_done_on_the_page_leaves_the_inbox_and_the_receipt_ends_the_matter(cast: Cast) -> None:
    one, sha256 = packed(cast, kept(cast))
    with pytest.raises(Refused, match="receipt"):
        press(cast.archivist, one, "DONE")
    receive(cast, one, sha256)
    assert (state(one), steps(cast.archivist, one)) == ("COMPLETED", [])


def test_neither_the_archivist_nor_a_stranger_approves_in_the_inbox(cast: Cast) -> None:
    one = drawn(cast, kept(cast))
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    with pytest.raises(Refused):
        press(cast.archivist, one, "APPROVED")
    assert steps(cast.outsider, one) == []
    assert state(one) == "SUBMITTED"


def test_a_submitted_list_is_taken_back_and_an_approved_one_is_not(cast: Cast) -> None:
    one = drawn(cast, kept(cast))
    [(_step, task)] = waiting(cast.archivist, one)
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    recall(task_id=task, reason="One more.", by=cast.archivist, at=NOON)
    assert (state(one), steps(cast.archivist, one)) == ("DRAFT", ["draw_up"])
    [(_step, task)] = waiting(cast.archivist, one)
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    services.approve(list_id=one.pk, by=cast.archive_head, at=NOON)
    with pytest.raises(Refused):
        recall(task_id=task, reason="No.", by=cast.archivist, at=NOON)
    assert state(one) == "APPROVED"


def test_a_withdrawn_list_asks_nobody_and_a_closed_matter_withdraws_its_list(cast: Cast) -> None:
    items = kept(cast)
    first = drawn(cast, items)
    services.submit(list_id=first.pk, by=cast.archivist, at=NOON)
    services.withdraw(list_id=first.pk, reason="Later", by=cast.archivist, at=NOON)
    assert (state(first), steps(cast.archive_head, first)) == ("WITHDRAWN", [])
    second = drawn(cast, items)
    press(cast.archivist, second, "WITHDRAWN", "Not now.")
    assert state(second) == "WITHDRAWN"
    third = drawn(cast, items)
    with acting_as(cast.archivist), transaction.atomic():
        matter = procedures.matter_of(f"general_office.transferlist:{third.pk}")
    assert matter is not None
    close(matter_id=matter.pk, reason="Given up.", by=cast.archivist, at=NOON)
    assert state(third) == "WITHDRAWN"
