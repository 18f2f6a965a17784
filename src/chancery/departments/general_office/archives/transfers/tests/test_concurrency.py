"""Two at one transfer list: it is approved once, received once. Real commits, real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.archives.transfers import services
from chancery.departments.general_office.archives.transfers.models import TransferList
from chancery.departments.general_office.archives.transfers.tests.desk import NOON, drawn, kept, packed
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.roles.services import grant_role
from chancery.kernel.procedures import queries as matters
from chancery.kernel.records.models import ArchivalItem

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Each act in a thread of its own, begun together: "done" or "refused", in no order."""
    barrier, said = threading.Barrier(len(acts)), list[str]()

    def work(act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            with clock.fixed_at(NOON):
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


def acts_of(one: TransferList) -> list[str]:
    with acting_as(SYSTEM), transaction.atomic():
        return [line["act"].removeprefix("transfer.") for line in journal.history(one)]


def test_two_archivists_enter_a_receipt_once(cast: Cast) -> None:
    other = cast.registrar
    grant_role(
        post_id=other.post_id or 0, role="archivist", unit_id=cast.units["CAST"], valid_from=NOON.date(),
        by=SYSTEM, at=NOON,
    )  # fmt: skip
    items = kept(cast, 3)
    one, sha256 = packed(cast, items)
    given = {"receipt_number": "R-1", "receipt_on": NOON.date(), "receipt_sha256": sha256}
    said = at_once(
        lambda: services.enter_receipt(list_id=one.pk, by=cast.archivist, at=NOON, **given),
        lambda: services.enter_receipt(list_id=one.pk, by=other, at=NOON, **given),
    )
    assert said == ["done", "refused"]
    assert acts_of(one).count("completed") == 1
    with acting_as(SYSTEM), transaction.atomic():
        assert ArchivalItem.objects.filter(state="TRANSFERRED").count() == 3
        matter = matters.matter_of(f"general_office.transferlist:{one.pk}")
        assert matter is not None
        assert matter.state == "CLOSED"


def test_an_approval_and_a_withdrawal_at_once_leave_the_list_in_one_state(cast: Cast) -> None:
    one = drawn(cast, kept(cast, 2))
    services.submit(list_id=one.pk, by=cast.archivist, at=NOON)
    said = at_once(
        lambda: services.approve(list_id=one.pk, by=cast.archive_head, at=NOON),
        lambda: services.approve(list_id=one.pk, by=cast.archive_head, at=NOON),
        lambda: services.withdraw(list_id=one.pk, reason="Later", by=cast.archivist, at=NOON),
    )
    assert said in (["done", "done", "refused"], ["done", "refused", "refused"])
    found = acts_of(one)
    assert found.count("approved") <= 1
    assert found[-1] == "withdrawn"
    with acting_as(SYSTEM), transaction.atomic():
        assert TransferList.objects.get(pk=one.pk).state == "WITHDRAWN"
