"""Destruction: two people, an approved list, no hold, all or nothing, exactly once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.db.models import Count

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.content_store import store
from chancery.foundations.papers import examine
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.archive.terms import ItemState
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.disposal import queries
from chancery.kernel.records.disposal.appraising.services import draw_up_list, set_verdicts
from chancery.kernel.records.disposal.destruction import services
from chancery.kernel.records.disposal.destruction.services import contents_destroyed, leave_out_held, set_periods
from chancery.kernel.records.disposal.destruction.tasks import sweep_destroyed
from chancery.kernel.records.disposal.models import AppraisalList, DestroyedItem, DestructionCertificate
from chancery.kernel.records.disposal.rules import HeldItem
from chancery.kernel.records.disposal.terms import ActKind, ListState
from chancery.kernel.records.disposal.tests import lists
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.queries import open_file
from chancery.kernel.records.holds.services import Cover, place_hold
from chancery.kernel.records.search.models import SearchEntry

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast


def parts_of(items: Sequence[ArchivalItem]) -> list[int]:
    return list(ItemPart.objects.filter(item__in=[one.pk for one in items]).values_list("file_id", flat=True))


def test_what_two_people_destroy_leaves_a_stub_and_a_certificate(cast: Cast) -> None:
    items = lists.run_out(cast, 3)
    certificate = lists.destroy(cast, lists.approved(cast, items=items))
    assert certificate.item_count == certificate.file_count == 3
    assert sum(one["items"] for one in certificate.totals) == 3
    with acting_as(cast.outsider), transaction.atomic():
        stubs = ArchivalItem.objects.filter(pk__in=[one.pk for one in items])
        assert {one.state for one in stubs} == {ItemState.DESTROYED}
        assert [one.code for one in stubs.order_by("pk")] == [one.code for one in items]


def test_files_search_and_content_go_and_what_others_have_stays(
    cast: Cast, client_as: Callable[[Actor], Client]
) -> None:
    items = lists.run_out(cast, 2)
    shared = lists.run_out(cast, 1, content=b"the same text in two items")
    filed(cast, 1, content=b"the same text in two items")
    with acting_as(SYSTEM), transaction.atomic():
        files = list(StoredFile.objects.filter(pk__in=parts_of([*items, *shared])))
    lists.destroy(cast, lists.approved(cast, items=[*items, *shared]))
    with acting_as(SYSTEM), transaction.atomic():
        after = StoredFile.objects.in_bulk([one.pk for one in files])
        assert all(one.destroyed_at and not one.text for one in after.values())
        subjects = [f"records.archivalitem:{one.pk}" for one in items]
        assert not SearchEntry.objects.filter(subject__in=subjects).exists()
        certificate = DestructionCertificate.objects.get()
        assert set(contents_destroyed(certificate.pk)) == {one.sha256 for one in files}
    sweep_destroyed(certificate_id=certificate.pk)
    for one in files:
        assert store().has(one.sha256) == (one.size == len(b"the same text in two items"))
    archivist = client_as(cast.archivist)
    assert archivist.get(f"/records/files/{files[0].pk}/").status_code == 404
    assert archivist.get(f"/records/archive/{items[0].pk}/").status_code == 200


def test_a_held_item_stops_all_of_it_and_is_left_out_to_go_on(cast: Cast) -> None:
    items = lists.run_out(cast, 3)
    of = lists.approved(cast, items=items)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    place_hold(
        kind="LEGAL", title="Case", reason="R", basis="B", review_on=dt.date(2027, 1, 4),
        covers=[Cover(item_id=items[1].pk)], by=cast.auditor, at=lists.AT,
    )  # fmt: skip
    with pytest.raises(HeldItem):
        lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR)
    assert leave_out_held(list_id=of.pk, by=cast.archivist, at=lists.AT) == 1
    # What the archivist confirmed is no longer what is to be destroyed.
    assert lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR) is None
    certificate = lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    assert certificate is not None
    assert certificate.item_count == 2
    with acting_as(SYSTEM), transaction.atomic():
        assert ArchivalItem.objects.get(pk=items[1].pk).state == ItemState.HELD


def test_a_confirmation_does_not_wait_for_ever(cast: Cast) -> None:
    of = lists.approved(cast, 1)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    later = lists.AT + dt.timedelta(days=3)
    assert lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR, at=later) is None


def test_those_who_decided_and_those_without_the_role_do_not_destroy(cast: Cast) -> None:
    of = lists.approved(cast, 1)
    for who, act in (
        (cast.leader, ActKind.SUPERVISOR),
        (cast.archive_head, ActKind.DESTROYER),
        (cast.supervisor, ActKind.DESTROYER),
        (cast.archivist, ActKind.SUPERVISOR),
    ):
        with pytest.raises(Refused):
            lists.confirm(of, who, act)


def test_it_happens_once(cast: Cast) -> None:
    of = lists.approved(cast, 1)
    lists.destroy(cast, of)
    for who, act in ((cast.archivist, ActKind.DESTROYER), (cast.supervisor, ActKind.SUPERVISOR)):
        with pytest.raises(Refused):
            lists.confirm(of, who, act)


def test_nothing_happens_when_the_paper_cannot_be_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    items = lists.run_out(cast, 2)
    of = lists.approved(cast, items=items)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)

    def broken(*_given: object) -> bytes:
        raise OSError("the power went")

    monkeypatch.setattr(services, "paper_of", broken)
    with pytest.raises(OSError, match="power"):
        lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR)
    with acting_as(SYSTEM), transaction.atomic():
        assert {one.state for one in ArchivalItem.objects.filter(pk__in=[i.pk for i in items])} == {ItemState.HELD}
        assert not DestructionCertificate.objects.exists()
    monkeypatch.undo()
    assert lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR) is not None


def test_longer_periods_are_set_and_transfers_wait(cast: Cast) -> None:
    items = lists.run_out(cast, 3)
    of = lists.drawn(cast, items=items)
    with acting_as(cast.supervisor), transaction.atomic():
        ids = [row["id"] for row in queries.rows(of.pk).order_by("position")]
    for row_id, verdict in zip(ids, ("KEEP", "TRANSFER", "DESTROY"), strict=True):
        set_verdicts(list_id=of.pk, row_ids=[row_id], verdict=verdict, reason="So.", by=cast.supervisor, at=lists.AT)
    lists.approve(cast, of)
    assert set_periods(list_id=of.pk, by=cast.archivist, at=lists.AT) == 1
    with acting_as(cast.archivist), transaction.atomic():
        states = [ArchivalItem.objects.get(pk=one.pk).retain_until for one in items]
        assert states.count(None) == 1
        assert len(queries.approved_for_transfer(of.fonds_id)) == 1
    lists.destroy(cast, of)
    with acting_as(cast.archivist), transaction.atomic():
        assert AppraisalList.objects.get(pk=of.pk).state == ListState.EXECUTED


def test_only_what_has_run_out_and_is_free_comes_onto_a_list(cast: Cast) -> None:
    old = lists.run_out(cast, 2)
    filed(cast, 1)
    place_hold(
        kind="LEGAL", title="Case", reason="R", basis="B", review_on=dt.date(2027, 1, 4),
        covers=[Cover(item_id=old[0].pk)], by=cast.auditor, at=lists.AT,
    )  # fmt: skip
    of = lists.drawn(cast, items=old)
    with acting_as(cast.archivist), transaction.atomic():
        assert [row["item_id"] for row in queries.rows(of.pk)] == [old[1].pk]
    with pytest.raises(Refused) as refusal:
        draw_up_list(fonds_id=old[0].fonds_id, by=cast.archivist, at=lists.AT)
    assert refusal.value.field == "class_code"
    with pytest.raises(Refused):
        draw_up_list(fonds_id=old[0].fonds_id, by=cast.outsider, at=lists.AT)


@pytest.mark.slow
def test_a_thousand_items_from_filing_to_a_certificate_whose_totals_are_theirs(cast: Cast) -> None:
    items = [
        *lists.run_out(cast, 500, dated_on=dt.date(2007, 5, 1)),
        *lists.run_out(cast, 500, dated_on=dt.date(2008, 5, 1)),
    ]
    place_hold(
        kind="AUDIT", title="Audit of 2007", reason="R", basis="B", review_on=dt.date(2027, 1, 4),
        covers=[Cover(item_id=one.pk) for one in items[:40]], by=cast.auditor, at=lists.AT,
    )  # fmt: skip
    of = lists.drawn(cast, items=items)
    lists.judge(cast, of)
    certificate = lists.destroy(cast, lists.approve(cast, of))
    with acting_as(SYSTEM), transaction.atomic():
        gone = ArchivalItem.objects.filter(state=ItemState.DESTROYED)
        by_year = dict(gone.values_list("year").annotate(many=Count("pk")))
        assert by_year == {2007: 460, 2008: 500}
        assert {one["year"]: one["items"] for one in certificate.totals} == by_year
        assert certificate.item_count == gone.count() == DestroyedItem.objects.filter(certificate=certificate).count()
        assert certificate.file_count == sum(one["files"] for one in certificate.totals) == 960
        with open_file(StoredFile.objects.get(pk=certificate.file_id)) as paper:
            text = examine("c.pdf", paper).text
    assert "960" in text
    assert items[999].code in text.replace("\n", "")
    assert items[0].code not in text.replace("\n", "")
