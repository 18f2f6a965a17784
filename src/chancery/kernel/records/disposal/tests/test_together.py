"""Two at once: two supervisors, a hold against a destruction. Real commits, real connections."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connections, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.disposal.models import DestructionCertificate
from chancery.kernel.records.disposal.terms import ActKind
from chancery.kernel.records.disposal.tests import lists
from chancery.kernel.records.holds.services import Cover, place_hold

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each act in a thread of its own, begun together; what each returned, or its refusal."""
    barrier, found = threading.Barrier(len(acts)), list[object]([None] * len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            with clock.fixed_at(lists.AT):
                found[place] = act()
        except Refused as refusal:
            found[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_clicks_of_the_second_name_destroy_once(cast: Cast) -> None:
    of = lists.approved(cast, 3)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    both = at_once(*[lambda: lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR)] * 2)
    assert sorted(type(one).__name__ for one in both) == ["DestructionCertificate", "DisposalRefused"]
    with acting_as(SYSTEM), transaction.atomic():
        assert DestructionCertificate.objects.count() == 1


def test_a_hold_and_a_destruction_at_once_leave_no_held_item_destroyed(cast: Cast) -> None:
    items = lists.run_out(cast, 2)
    of = lists.approved(cast, items=items)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    destroyed, _hold = at_once(
        lambda: lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR),
        lambda: place_hold(
            kind="LEGAL", title="C", reason="R", basis="B", review_on=dt.date(2027, 1, 4),
            covers=[Cover(fonds_id=items[0].fonds_id)], by=cast.office_head, at=lists.AT,
        ),
    )  # fmt: skip
    with acting_as(SYSTEM), transaction.atomic():
        states = {one.state for one in ArchivalItem.objects.filter(pk__in=[one.pk for one in items])}
    assert states == ({"DESTROYED"} if isinstance(destroyed, DestructionCertificate) else {"HELD"})
