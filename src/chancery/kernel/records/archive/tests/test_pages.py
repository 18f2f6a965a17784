"""The pages of the archive: catalogue, item, correction, boxes, and what is printed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chancery.foundations.actor import SYSTEM, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive import services
from chancery.kernel.records.archive.boxes import services as boxes
from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox
from chancery.kernel.records.archive.terms import Carrier, ItemState
from chancery.kernel.records.archive.tests.shelf import AT, filed
from chancery.kernel.records.tests.papers import pdf

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

ARCHIVE = "/records/archive/"


def words(content: bytes) -> str:
    paper = pypdfium2.PdfDocument(content)
    try:
        return "".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
    finally:
        paper.close()


def test_the_catalogue_lists_what_one_may_know_of(cast: Cast, client_as: Any) -> None:
    [open_one] = filed(cast, title="An open notice")
    [hidden] = filed(cast, title="A hidden notice", label=Clearance.RESTRICTED)
    text = client_as(cast.personnel_handler).get(ARCHIVE).content.decode()
    assert open_one.code in text and "An open notice" in text
    assert hidden.code not in text and "A hidden notice" not in text
    assert hidden.code in client_as(cast.archivist).get(ARCHIVE).content.decode()


def test_the_catalogue_asks_as_much_for_thirty_lines_as_for_one(cast: Cast, client_as: Any) -> None:
    client = client_as(cast.archivist)
    filed(cast, 1)
    client.get(ARCHIVE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(ARCHIVE)
    filed(cast, 29)
    with CaptureQueriesContext(connection) as many:
        client.get(ARCHIVE)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=notice", True),
        ("class=ZZ", False),
        ("year=2026", True),
        ("year=1999", False),
        ("unit=General", True),
        ("unit=Nowhere", False),
        ("state=HELD", False),
        ("label=10", True),
        ("period=NONE", True),  # nonsense narrows nothing
    ],
)
def test_the_catalogue_narrows(cast: Cast, client_as: Any, query: str, found: bool) -> None:
    [item] = filed(cast, title="A notice")
    text = client_as(cast.archivist).get(f"{ARCHIVE}?{query}").content.decode()
    assert (item.code in text) == found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_catalogue_leaves_as_a_table(cast: Cast, client_as: Any, kind: str) -> None:
    [item] = filed(cast)
    answer = client_as(cast.personnel_handler).get(f"{ARCHIVE}?export={kind}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert kind == "xlsx" or item.code in content.decode("utf-8-sig")


def test_the_item_page_shows_parts_to_readers_and_the_line_to_others(cast: Cast, client_as: Any) -> None:
    [item] = filed(cast, title="A notice", name="the-text.txt")
    address = reverse("records:archival_item", args=[item.pk])
    assert "the-text.txt" in client_as(cast.archivist).get(address).content.decode()
    other = client_as(cast.personnel_handler).get(address)
    assert other.status_code == 200 and "the-text.txt" not in other.content.decode()


def test_what_one_may_not_know_of_is_not_there(cast: Cast, client_as: Any) -> None:
    [item] = filed(cast, label=Clearance.RESTRICTED)
    client = client_as(cast.personnel_handler)
    for name in ("archival_item", "archival_item_correct"):
        assert client.get(reverse(f"records:{name}", args=[item.pk])).status_code == 404


def test_who_filed_it_corrects_it_and_the_history_keeps_both(cast: Cast, client_as: Any) -> None:
    [item] = filed(cast, title="A notise")
    client = client_as(cast.registrar)
    typed = {
        "title": "A notice",
        "author": item.author,
        "document_number": item.document_number,
        "dated_on": item.dated_on.isoformat(),
        "page_count": "3",
        "carrier": "PAPER",
        "note": "",
        "reason": "",
        "seen_version": item.version,
    }
    address = reverse("records:archival_item_correct", args=[item.pk])
    assert client.post(address, typed).status_code == 422
    assert client.post(address, {**typed, "reason": "misspelt"}).status_code == 302
    text = client.get(reverse("records:archival_item", args=[item.pk])).content.decode()
    assert "A notice" in text and "misspelt" in text
    assert client.post(address, {**typed, "reason": "again"}).status_code == 422  # seen before it was changed


def test_after_handing_over_nobody_corrects_not_even_in_sql(cast: Cast) -> None:
    [item] = filed(cast)
    services.set_state(item_ids=[item.pk], state=ItemState.OFFERED, by=cast.archivist, at=AT)
    with pytest.raises(Refused):
        services.correct_item(item_id=item.pk, changes={"title": "x"}, reason="x", by=cast.registrar, at=AT)
    with acting_as(cast.archivist), pytest.raises(Exception, match="description stands"), transaction.atomic():
        connection.cursor().execute("update records_archivalitem set title = 'x' where id = %s", [item.pk])


def test_others_do_not_correct(cast: Cast, client_as: Any) -> None:
    [item] = filed(cast)
    answer = client_as(cast.personnel_handler).get(reverse("records:archival_item_correct", args=[item.pk]))
    assert answer.status_code == 422


def test_items_go_to_the_archive_and_not_back(cast: Cast) -> None:
    items = [item.pk for item in filed(cast, 3)]
    by = cast.archivist
    with pytest.raises(Refused):
        services.set_state(item_ids=items, state=ItemState.HELD, by=by, at=AT)
    services.set_state(item_ids=items, state=ItemState.OFFERED, by=by, at=AT)
    services.set_state(item_ids=items, state=ItemState.HELD, by=by, at=AT)
    with pytest.raises(Refused):
        services.set_state(item_ids=items, state=ItemState.FILED, by=by, at=AT)


def test_a_restricted_item_leaves_the_shared_catalogue(cast: Cast, client_as: Any) -> None:
    [item] = filed(cast)
    services.relabel_item(item_id=item.pk, label=Clearance.RESTRICTED, by=cast.registrar, at=AT)
    address = reverse("records:archival_item", args=[item.pk])
    assert client_as(cast.personnel_handler).get(address).status_code == 404
    services.relabel_item(item_id=item.pk, label=Clearance.INTERNAL, by=cast.registrar, at=AT)
    assert client_as(cast.personnel_handler).get(address).status_code == 200


def test_paper_goes_into_boxes_in_the_order_of_codes(cast: Cast) -> None:
    items = filed(cast, 5, carrier=Carrier.PAPER, page_count=120)
    touched = boxes.box_up(item_ids=[item.pk for item in reversed(items)], by=cast.archivist, at=AT)
    with acting_as(SYSTEM), transaction.atomic():
        lying = list(ArchivalItem.objects.order_by("item_number").values_list("box__number", flat=True))
        assert lying == [1, 1, 2, 2, 3]
        assert list(ArchiveBox.objects.order_by("number").values_list("state", flat=True)) == [
            "CLOSED",
            "CLOSED",
            "OPEN",
        ]
    assert len(touched) == 3


def test_only_archivists_box_and_only_paper_once(cast: Cast) -> None:
    [paper] = filed(cast, carrier=Carrier.PAPER)
    [file] = filed(cast)
    for ids, by in (([paper.pk], cast.registrar), ([file.pk], cast.archivist)):
        with pytest.raises(Refused):
            boxes.box_up(item_ids=ids, by=by, at=AT)
    boxes.box_up(item_ids=[paper.pk], by=cast.archivist, at=AT)
    with pytest.raises(Refused):
        boxes.box_up(item_ids=[paper.pk], by=cast.archivist, at=AT)


def test_the_archive_prints_its_papers(cast: Cast, client_as: Any) -> None:
    item, other = filed(cast, 2, carrier=Carrier.PAPER, page_count=4, title="A notice")
    archivist = client_as(cast.archivist)
    archivist.post(reverse("records:archive_box_up"), {"pick": [item.pk, other.pk]})
    with acting_as(SYSTEM), transaction.atomic():
        box = ArchiveBox.objects.get()
    listed = archivist.get(f"{reverse('records:archive_list_pdf')}?year=2026")
    assert item.document_number in words(listed.content) and "A notice" in words(listed.content)
    for what in ("list", "note", "label"):
        answer = archivist.get(reverse("records:archive_box_pdf", args=[box.pk, what]))
        assert answer["Content-Type"] == "application/pdf" and words(answer.content).strip()
    assert archivist.post(reverse("records:archive_labels"), {"pick": [item.pk]}).content[:4] == b"%PDF"
    for page in ("archive_boxes", "archive_box"):
        address = reverse(f"records:{page}", args=[box.pk] if page == "archive_box" else [])
        assert box.code in archivist.get(address).content.decode()
    assert archivist.post(reverse("records:archive_box_close", args=[box.pk])).status_code == 302
    staff = client_as(cast.personnel_handler)
    assert staff.get(reverse("records:archive_box_pdf", args=[box.pk, "note"])).status_code == 422
    assert staff.post(reverse("records:archive_labels"), {"pick": [item.pk]}).status_code == 403


def test_the_stamp_stands_on_a_copy_of_the_first_page(cast: Cast, client_as: Any) -> None:
    [item] = filed(cast, name="letter.pdf", content=pdf("The letter itself", pages=2), page_count=2)
    with acting_as(SYSTEM), transaction.atomic():
        file_id = item.parts.get().file_id
    address = reverse("records:archival_item_stamp", args=[item.pk, file_id])
    answer = client_as(cast.archivist).get(address)
    said = words(answer.content)
    assert len(pypdfium2.PdfDocument(io.BytesIO(answer.content))) == 1
    assert "The letter itself" in said and item.unit_code in said and item.fonds.code in said
    assert client_as(cast.personnel_handler).get(address).status_code == 403
