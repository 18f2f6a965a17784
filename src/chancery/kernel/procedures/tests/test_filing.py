"""A closed matter of any procedure becomes an archival item; what is open or unread hinders it, by name and link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services
from chancery.kernel.procedures.filing import services as filing
from chancery.kernel.procedures.matters.models import Matter, Opinion
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.placing.queries import Thing, proposed
from chancery.kernel.records.archive.tests.shelf import plan_of
from chancery.kernel.records.files.queries import open_file
from chancery.kernel.records.models import ItemPart

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
WHY = "It was settled by telephone"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch, procedure: None) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def opened(cast: Cast, **more: object) -> Matter:
    plan_of(cast)
    told: dict[str, Any] = {
        "data": {"co_units": [], "readers": [], "signers": []},
        "due_on": dt.date(2026, 12, 4),
        **more,
    }
    return services.open_matter(
        procedure="everything", title="A hall for May", unit_id=cast.units["PF"], by=cast.handler, at=AT, **told
    )


def closed(cast: Cast) -> Matter:
    matter = opened(cast)
    services.close(matter_id=matter.pk, reason=WHY, by=cast.handler, at=AT)
    return matter


def place(matter: Matter) -> dict[str, str]:
    with acting_as(SYSTEM), transaction.atomic():
        file_class, retention, _why = proposed(Thing("matter", "everything", matter.unit_id, dt.date(2026, 11, 23)))
    return {"file_class": file_class, "retention": retention}


def test_whoever_opened_it_files_it_from_its_page_as_the_plan_proposes(
    cast: Cast, client_as: Callable[[Actor], Client]
) -> None:
    matter = closed(cast)
    page, address = client_as(cast.handler), f"/matters/{matter.pk}/to-the-archive/"
    assert address in page.get(f"/matters/{matter.pk}/").content.decode()
    where = place(matter)
    shown = page.get(address).content.decode()
    assert f'<option value="{where["file_class"]}" selected>' in shown
    assert f'<option value="{where["retention"]}" selected>' in shown
    answer = page.post(address, where)
    with acting_as(cast.handler), transaction.atomic():
        item = ArchivalItem.objects.get(subject=f"procedures.matter:{matter.pk}")
        parts = list(ItemPart.objects.filter(item=item).order_by("position").select_related("file"))
    assert answer["Location"] == f"/records/archive/{item.pk}/"
    assert (item.title, item.matter_number, item.class_code, item.period) == (
        matter.title, matter.number, where["file_class"], where["retention"],
    )  # fmt: skip
    assert [part.role for part in parts] == ["SLIP", "OPINIONS"]
    with acting_as(SYSTEM), transaction.atomic(), open_file(parts[1].file) as content:
        assert WHY in content.read().decode()
    # A second press goes to the item that is there.
    assert page.get(address)["Location"] == answer["Location"]
    with pytest.raises(Refused):
        filing.file_matter(matter_id=matter.pk, **where, by=cast.handler, at=AT)


def test_an_open_matter_is_not_filed(cast: Cast, client_as: Callable[[Actor], Client]) -> None:
    matter = opened(cast)
    assert (
        f"/matters/{matter.pk}/to-the-archive/"
        not in client_as(cast.handler).get(f"/matters/{matter.pk}/").content.decode()
    )
    assert client_as(cast.handler).post(f"/matters/{matter.pk}/to-the-archive/", place(matter)).status_code == 422
    with pytest.raises(Refused, match="not closed yet"):
        filing.file_matter(matter_id=matter.pk, **place(matter), by=cast.handler, at=AT)


def test_an_unread_copy_hinders_and_the_page_says_so_with_a_link(
    cast: Cast, client_as: Callable[[Actor], Client]
) -> None:
    matter = opened(cast)
    services.circulate(matter_id=matter.pk, post_ids=[cast.posts["auditor", "PF"]], by=cast.handler, at=AT)
    services.close(matter_id=matter.pk, reason=WHY, by=cast.handler, at=AT)
    with pytest.raises(Refused, match="has not read it yet"):
        filing.file_matter(matter_id=matter.pk, **place(matter), by=cast.handler, at=AT)
    page = client_as(cast.handler)
    shown = page.get(f"/matters/{matter.pk}/to-the-archive/").content.decode()
    assert "has not read it yet" in shown
    assert f"/matters/{matter.pk}/#task-" in shown
    answer = page.post(f"/matters/{matter.pk}/to-the-archive/", place(matter))
    assert answer.status_code == 422
    with acting_as(SYSTEM):
        assert not ArchivalItem.objects.filter(subject=f"procedures.matter:{matter.pk}").exists()


def test_a_class_or_period_that_the_plan_does_not_have_is_refused_at_its_field(cast: Cast) -> None:
    matter = closed(cast)
    for field in ("file_class", "retention"):
        with pytest.raises(Refused) as refusal, transaction.atomic():
            filing.file_matter(matter_id=matter.pk, **{**place(matter), field: "NO-SUCH"}, by=cast.handler, at=AT)
        assert refusal.value.field == field


def test_others_do_not_file_it_and_what_one_may_not_see_is_not_there(
    cast: Cast, client_as: Callable[[Actor], Client]
) -> None:
    matter = closed(cast)
    with acting_as(cast.outsider), transaction.atomic():
        assert not Matter.objects.filter(pk=matter.pk).exists()
    assert client_as(cast.outsider).get(f"/matters/{matter.pk}/to-the-archive/").status_code == 404
    assert client_as(cast.outsider).post(f"/matters/{matter.pk}/to-the-archive/", place(matter)).status_code == 404
    with pytest.raises(Refused, match="no such matter"):
        filing.file_matter(matter_id=matter.pk, **place(matter), by=cast.outsider, at=AT)
    reader = cast.auditor  # it was sent to him to read; he did not open it, nor does he oversee the unit
    seen = opened(cast)
    services.circulate(matter_id=seen.pk, post_ids=[cast.posts["auditor", "PF"]], by=cast.handler, at=AT)
    services.close(matter_id=seen.pk, reason=WHY, by=cast.handler, at=AT)
    with pytest.raises(Refused, match="opened it"):
        filing.file_matter(matter_id=seen.pk, **place(seen), by=reader, at=AT)


def test_a_restricted_matter_is_kept_from_those_who_know_the_rest_of_the_catalogue(cast: Cast) -> None:
    matter = opened(cast, label=Clearance.RESTRICTED)
    services.close(matter_id=matter.pk, reason=WHY, by=cast.handler, at=AT)
    item = filing.file_matter(matter_id=matter.pk, **place(matter), by=cast.handler, at=AT)
    with acting_as(cast.outsider), transaction.atomic():
        assert archive.item(item.pk) is None
    with acting_as(cast.handler), transaction.atomic():
        assert archive.may_read(item)


@pytest.mark.django_db(transaction=True)
def test_once_destroyed_what_was_said_is_blanked_and_not_before(cast: Cast, owner_connection: Any) -> None:
    matter = closed(cast)
    item = filing.file_matter(matter_id=matter.pk, **place(matter), by=cast.handler, at=AT)
    with acting_as(SYSTEM), pytest.raises(Exception, match="was not destroyed"), transaction.atomic():
        filing.purge(item.pk, item.subject)
    owner_connection.execute(
        "update records_archivalitem set state = 'DESTROYED', ended_at = now(), title = 'x' where id = %s", [item.pk]
    )
    with acting_as(SYSTEM), transaction.atomic():
        filing.purge(item.pk, item.subject)
        assert set(Opinion.objects.filter(matter_id=matter.pk).values_list("text", flat=True)) == {""}
        left = Matter.objects.get(pk=matter.pk)
        assert (left.title, left.number) == ("x", matter.number)  # the register's line stays
