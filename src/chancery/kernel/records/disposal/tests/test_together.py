"""Two at once: two supervisors, a hold against a destruction; what a job finds. Real commits, real connections."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connections, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import store
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.roles.services import grant_role
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.disposal.destruction.tasks import sweep_destroyed
from chancery.kernel.records.disposal.models import DestructionCertificate
from chancery.kernel.records.disposal.terms import SUPERVISOR, ActKind
from chancery.kernel.records.disposal.tests import lists
from chancery.kernel.records.holds.models import Hold
from chancery.kernel.records.holds.services import Cover, lift_hold, place_hold

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


def test_two_supervisors_at_once_destroy_once_and_one_of_them_stood_by(cast: Cast) -> None:
    other = cast.auditor
    grant_role(
        post_id=other.post_id or 0, role=SUPERVISOR, unit_id=cast.units["CAST"], valid_from=lists.AT.date(),
        by=SYSTEM, at=lists.AT,
    )  # fmt: skip
    of = lists.approved(cast, 3)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    both = at_once(
        lambda: lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR),
        lambda: lists.confirm(of, other, ActKind.SUPERVISOR),
    )
    assert sorted(type(one).__name__ for one in both) == ["DestructionCertificate", "DisposalRefused"]
    with acting_as(SYSTEM), transaction.atomic():
        [certificate] = DestructionCertificate.objects.all()
        assert certificate.item_count == ArchivalItem.objects.filter(state="DESTROYED").count() == 3
    who = (cast.supervisor, other)[[type(one).__name__ for one in both].index("DestructionCertificate")]
    assert certificate.supervisor_id == who.person_id


def test_a_hold_lifted_while_another_destroys_is_gone_first_or_nothing_is_destroyed(cast: Cast) -> None:
    items = lists.run_out(cast, 2)
    of = lists.approved(cast, items=items)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    hold = place_hold(
        kind="LEGAL", title="C", reason="R", basis="B", review_on=dt.date(2027, 1, 4),
        covers=[Cover(item_id=items[0].pk)], by=cast.office_head, at=lists.AT,
    )  # fmt: skip
    destroyed, lifted = at_once(
        lambda: lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR),
        lambda: lift_hold(hold_id=hold.pk, reason="Over.", by=cast.auditor, at=lists.AT),
    )
    assert isinstance(lifted, Hold)
    with acting_as(SYSTEM), transaction.atomic():
        states = {one.state for one in ArchivalItem.objects.filter(pk__in=[one.pk for one in items])}
        history = list(DestructionCertificate.objects.values_list("item_count", flat=True))
    done = isinstance(destroyed, DestructionCertificate)
    assert (states, history) == (({"DESTROYED"}, [2]) if done else ({"HELD"}, []))


def test_the_job_that_follows_a_destruction_finds_its_contents_and_takes_them_away(cast: Cast) -> None:
    items = lists.run_out(cast, 2, content=b"Of no lasting value.")
    with acting_as(SYSTEM), transaction.atomic():
        hashes = set(ItemPart.objects.filter(item__in=items).values_list("file__sha256", flat=True))
    assert all(store().has(one) for one in hashes)
    certificate = lists.destroy(cast, lists.approved(cast, items=items))
    sweep_destroyed(certificate_id=certificate.pk)  # no transaction is open around it, as in a worker
    assert not any(store().has(one) for one in hashes)
