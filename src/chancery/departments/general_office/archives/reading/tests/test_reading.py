"""Asking, deciding, reading with the watermark, copies, the end; what one may not know of does not exist."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import docx
import pikepdf
import pypdfium2
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from PIL import Image

from chancery.departments.general_office.archives.reading import services
from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.departments.general_office.archives.reading.rules import NoSuchItem
from chancery.departments.general_office.archives.reading.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Notice, Task
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.models import ItemPart, StoredFile

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)


def paper(pages: int = 2) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(595, 842))
        made.save(out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def item(cast: Cast) -> ArchivalItem:
    return filed(cast, name="paper.pdf", content=paper())[0]


def ask(by: Actor, item: ArchivalItem, until: dt.date = TODAY, copy: bool = True) -> ReadingRequest:
    return services.ask_to_read(
        item_id=item.pk, purpose="To answer a society", wanted_until=until, wants_copy=copy, by=by, at=AT
    )


def decide(made: ReadingRequest, by: Actor, outcome: str = "GRANT", why: str = "It is needed", **data: object) -> None:
    with acting_as(by), transaction.atomic():
        task = Task.objects.filter(matter_id=made.matter_id, done_at=None).first()
        assert task is not None, "nothing waits for this person"
        procedures.complete(
            task_id=task.pk, outcome=outcome, opinion=why, data={"may_copy": True, **data}, by=by, at=AT
        )


def reads(by: Actor, item: ArchivalItem) -> bool:
    with acting_as(by):
        return archive.may_read(item)


def test_granted_the_reader_reads_until_the_day_is_over(cast: Cast, item: ArchivalItem) -> None:
    assert not reads(cast.outsider, item)
    made = ask(cast.outsider, item)
    decide(made, cast.archive_head)
    assert reads(cast.outsider, item)
    services.end_readings(by=SYSTEM, at=AT)
    assert reads(cast.outsider, item)
    services.end_readings(by=SYSTEM, at=AT + dt.timedelta(days=1))
    assert not reads(cast.outsider, item)
    with acting_as(cast.outsider):
        assert ReadingRequest.objects.get(pk=made.pk).state == State.ENDED


def test_refused_nothing_opens_and_the_reason_is_kept(cast: Cast, item: ArchivalItem) -> None:
    made = ask(cast.outsider, item)
    with pytest.raises(Refused):
        decide(made, cast.archive_head, "REFUSE", "")
    decide(made, cast.archive_head, "REFUSE", "Ask the department first")
    assert not reads(cast.outsider, item)


def test_it_lasts_no_longer_than_the_provision(cast: Cast, item: ArchivalItem) -> None:
    made = ask(cast.outsider, item, TODAY + dt.timedelta(days=300))
    with pytest.raises(Refused) as caught:
        decide(made, cast.archive_head, ends_on=TODAY + dt.timedelta(days=299))
    assert caught.value.field == "ends_on"


def test_each_refusal_of_asking_names_its_field(cast: Cast, item: ArchivalItem) -> None:
    def field(**said: object) -> str | None:
        told = {"purpose": "x", "wanted_until": TODAY, "wants_copy": False, **said}
        with pytest.raises(Refused) as caught, transaction.atomic():
            services.ask_to_read(item_id=item.pk, by=cast.outsider, at=AT, **told)  # type: ignore[arg-type]  # told by name
        return caught.value.field

    assert field(purpose=" ") == "purpose"
    assert field(wanted_until=TODAY - dt.timedelta(days=1)) == "wanted_until"
    ask(cast.outsider, item)
    assert field() == "purpose"


def test_one_does_not_decide_on_ones_own_request(cast: Cast, item: ArchivalItem) -> None:
    made = ask(cast.archive_head, item)
    with pytest.raises(Refused):
        decide(made, cast.archive_head)
    put = (
        "update general_office_readingrequest set state = 'GRANTED', ends_on = %s, decided_person_id = %s where id = %s"
    )
    for person in (cast.archive_head.person_id, cast.leader.person_id, None):
        with (
            pytest.raises(DatabaseError),
            acting_as(cast.archive_head),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(put, [TODAY, person, made.pk])


def test_what_one_may_not_know_of_is_not_there(cast: Cast, client_as: Callable[[Actor], Client]) -> None:
    hidden = filed(cast, unit="PF", by=cast.unit_checker, label=Clearance.RESTRICTED)[0]
    with acting_as(cast.outsider):
        assert archive.item(hidden.pk) is None
    with pytest.raises(NoSuchItem):
        ask(cast.outsider, hidden)
    page = client_as(cast.outsider)
    address = f"/general-office/archives/readings/items/{hidden.pk}/"
    assert page.get(address).status_code == 404
    assert page.post(address, {"purpose": "x", "wanted_until": "2026-11-23"}).status_code == 404
    assert page.get("/general-office/archives/readings/items/99999999/").status_code == 404


def test_pages_and_copies_carry_the_mark_and_the_file_stays(
    cast: Cast, item: ArchivalItem, client_as: Callable[[Actor], Client]
) -> None:
    reader = client_as(cast.outsider)
    made_at = f"/general-office/archives/readings/items/{item.pk}/"
    assert reader.get(made_at).status_code == 200
    told = {"purpose": "To answer a society", "wanted_until": "2026-11-30", "wants_copy": "on"}
    address = reader.post(made_at, told)["Location"]
    with acting_as(cast.outsider):
        made = ReadingRequest.objects.get()
        part = None
    assert "awaited" in reader.get(address).content.decode()
    decide(made, cast.archive_head)
    with acting_as(cast.outsider):
        part = ItemPart.objects.get(item=item)
        before = StoredFile.objects.get(pk=part.file_id).sha256
    shown = reader.get(address).content.decode()
    assert item.code in shown
    assert "Every page carries" in shown
    picture = reader.get(f"{address}parts/{part.pk}/1.png")
    assert picture["Content-Type"] == "image/png"
    assert reader.get(f"{address}parts/{part.pk}/9.png").status_code == 404
    copy = reader.post(f"{address}parts/{part.pk}/copy/")
    assert copy["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(copy.content)) as paper_out:
        assert len(paper_out.pages) == 2
        assert all("/XObject" in page.Resources for page in paper_out.pages)
    with acting_as(cast.outsider):
        assert StoredFile.objects.get(pk=part.file_id).sha256 == before
        assert made.copies.get().pages == 2
    other = client_as(cast.archivist)
    assert other.post(f"{address}parts/{part.pk}/copy/").status_code == 404
    assert other.get(f"{address}parts/{part.pk}/1.png").status_code == 404


def test_whoever_decides_sees_on_the_matters_page_who_wants_what_and_why(
    cast: Cast, item: ArchivalItem, client_as: Callable[[Actor], Client]
) -> None:
    made = ask(cast.outsider, item)
    for who in (cast.archive_head, cast.outsider):
        answer = client_as(who).get(f"/matters/{made.matter_id}/")
        assert answer.status_code == 200
        assert "To answer a society" in answer.content.decode()
        assert f"/records/archive/{item.pk}/" in answer.content.decode()


def test_the_items_page_offers_it(cast: Cast, item: ArchivalItem, client_as: Callable[[Actor], Client]) -> None:
    shown = client_as(cast.outsider).get(f"/records/archive/{item.pk}/").content.decode()
    assert f"readings/items/{item.pk}/" in shown
    assert client_as(cast.outsider).get("/general-office/archives/readings/").status_code == 200


def test_the_reader_is_told_what_was_decided_and_why(cast: Cast, item: ArchivalItem) -> None:
    for outcome, why in (("REFUSE", "Ask the department first"), ("GRANT", "It is needed")):
        made = ask(cast.outsider, item)
        decide(made, cast.archive_head, outcome, why)
        with acting_as(SYSTEM):
            told = Notice.objects.get(matter_id=made.matter_id, kind=NoticeKind.CLOSED)
        assert told.post_id == cast.outsider.post_id
        assert why in told.note


@pytest.mark.django_db(transaction=True)
def test_what_is_no_longer_kept_is_no_longer_read(
    cast: Cast, client_as: Callable[[Actor], Client], owner_connection: Any
) -> None:
    item = filed(cast, name="paper.pdf", content=paper())[0]
    made = ask(cast.outsider, item)
    decide(made, cast.archive_head)
    address = f"/general-office/archives/readings/{made.pk}/"
    with acting_as(SYSTEM), transaction.atomic():
        part = ItemPart.objects.get(item=item).pk
    reader = client_as(cast.outsider)
    assert reader.get(f"{address}parts/{part}/1.png").status_code == 200
    owner_connection.execute(
        "update records_archivalitem set state = 'DESTROYED', ended_at = now() where id = %s", [item.pk]
    )
    assert reader.get(address).status_code == 200  # what one asked and was answered stays
    assert reader.get(f"{address}parts/{part}/1.png").status_code == 404
    assert reader.post(f"{address}parts/{part}/copy/").status_code == 404
    services.end_readings(by=SYSTEM, at=AT)
    with acting_as(SYSTEM), transaction.atomic():
        assert ReadingRequest.objects.get(pk=made.pk).state == State.ENDED


def test_the_mark_names_reader_day_request_and_purpose_on_pages_of_any_shape(cast: Cast) -> None:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for size in ((595, 842), (842, 595), (200, 300)):
            made.add_blank_page(page_size=size)
        made.pages[0].rotate(90, relative=True)
        made.attachments["hidden.txt"] = b"unmarked"
        made.save(out)
    item = filed(cast, name="paper.pdf", content=out.getvalue())[0]
    asked = ask(cast.outsider, item)
    decide(asked, cast.archive_head)
    with acting_as(SYSTEM):
        part = ItemPart.objects.get(item=item).pk
        number = ReadingRequest.objects.select_related("matter").get(pk=asked.pk).matter.number  # type: ignore[union-attr]  # it has one
    content, row = services.copy_part(request_id=asked.pk, part_id=part, by=cast.outsider, at=AT)
    assert row.pages == 3
    with pikepdf.open(io.BytesIO(content)) as copy:
        assert not copy.attachments
    for page in pypdfium2.PdfDocument(content):
        text = page.get_textpage().get_text_bounded()
        for said in ("2026-11-23", number, "To answer a society", item.code):
            assert "".join(said.split()) in "".join(text.split())


@pytest.mark.parametrize("name", ["scan.png", "note.txt", "letter.docx"])
def test_pictures_and_texts_are_copied_with_the_mark(cast: Cast, name: str) -> None:
    out = io.BytesIO()
    if name == "scan.png":
        Image.new("RGBA", (600, 400), (0, 0, 0, 0)).save(out, "PNG")
    elif name == "note.txt":
        out.write("第一行\nsecond line\n".encode())
    else:
        letter = docx.Document()
        letter.add_paragraph("A letter")
        letter.save(out)
    item = filed(cast, name=name, content=out.getvalue())[0]
    asked = ask(cast.outsider, item)
    decide(asked, cast.archive_head)
    with acting_as(SYSTEM):
        part = ItemPart.objects.get(item=item).pk
    content, row = services.copy_part(request_id=asked.pk, part_id=part, by=cast.outsider, at=AT)
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
    assert row.pages == 1
    assert item.code in text.replace("\r\n", "")
