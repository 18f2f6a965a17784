"""The pages of transfers: the way of a list through a browser, refusals at their fields, packages of others."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chancery.departments.general_office.archives.transfers.models import TransferList
from chancery.departments.general_office.archives.transfers.tests.desk import AUTHORITY, approved, drawn, kept
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.models import ArchivalItem
from chancery.kernel.records.packages.tests.bagged import of_another, zipped

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)

Enter = Callable[..., Any]


def at(name: str, *args: int) -> str:
    return reverse(f"general_office:{name}", args=args)


def test_a_list_goes_its_way_through_the_pages(cast: Cast, client_as: Enter) -> None:
    items = kept(cast)
    archivist, head = client_as(cast.archivist), client_as(cast.archive_head)
    assert "2 items are due" in archivist.get(at("transfers")).content.decode()
    assert items[0].code in archivist.get(at("transfers_due")).content.decode()
    data = {"fonds": items[0].fonds_id, "through_year": 2005, "authority": AUTHORITY}
    drawn_up = archivist.post(at("transfer_new"), data)
    assert drawn_up.status_code == 302
    with acting_as(SYSTEM):
        one = TransferList.objects.get().pk
    assert "Take off" in archivist.get(at("transfer", one)).content.decode()
    assert archivist.post(at("transfer_submit", one)).status_code == 302
    assert head.post(at("transfer_approve", one)).status_code == 302
    package = archivist.post(at("transfer_package", one))
    content = b"".join(package.streaming_content)
    sha256 = hashlib.sha256(content).hexdigest()
    assert package["Content-Disposition"].startswith("attachment; filename=")
    receipt = {"receipt_number": "R-9", "receipt_on": NOON.date().isoformat(), "receipt_sha256": sha256}
    assert archivist.post(at("transfer_receipt", one), receipt).status_code == 302
    page = archivist.get(at("transfer", one)).content.decode()
    assert "R-9" in page
    assert sha256 in page
    stub = archivist.get(reverse("records:archival_item", args=[items[0].pk])).content.decode()
    assert f"Transferred to {AUTHORITY}" in stub


def test_refusals_stand_at_their_fields_and_keep_what_was_typed(cast: Cast, client_as: Enter) -> None:
    items = kept(cast)
    archivist = client_as(cast.archivist)
    answer = archivist.post(
        at("transfer_new"), {"fonds": items[0].fonds_id, "through_year": 1950, "authority": "Kept words"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"through_year"}
    assert "Kept words" in answer.content.decode()
    one = approved(cast, items)
    b"".join(archivist.post(at("transfer_package", one.pk)).streaming_content)
    wrong = {"receipt_number": "R", "receipt_on": NOON.date().isoformat(), "receipt_sha256": "0" * 64}
    answer = archivist.post(at("transfer_receipt", one.pk), wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"receipt_sha256"}


def test_send_back_withdraw_and_take_off_ask_why(cast: Cast, client_as: Enter) -> None:
    one = drawn(cast, kept(cast))
    archivist, head = client_as(cast.archivist), client_as(cast.archive_head)
    with acting_as(SYSTEM):
        row = one.rows.first()
    assert row is not None
    assert archivist.get(at("transfer_take_off", one.pk, row.pk)).status_code == 200
    assert archivist.post(at("transfer_take_off", one.pk, row.pk), {"reason": "Wrong"}).status_code == 302
    assert archivist.get(at("transfer_take_off", one.pk, row.pk)).status_code == 404
    archivist.post(at("transfer_submit", one.pk))
    assert head.post(at("transfer_send_back", one.pk), {"reason": ""}).status_code == 422
    assert head.post(at("transfer_send_back", one.pk), {"reason": "Look again"}).status_code == 302
    assert "Look again" in archivist.get(at("transfer", one.pk)).content.decode()
    assert archivist.post(at("transfer_withdraw", one.pk), {"reason": "Later"}).status_code == 302


def test_strangers_are_kept_out(cast: Cast, client_as: Enter) -> None:
    one = drawn(cast, kept(cast))
    for name, args in (("transfers", ()), ("transfer", (one.pk,)), ("packages_take_in", ())):
        assert client_as(cast.outsider).get(at(name, *args)).status_code == 403
    assert client_as(cast.archive_head).get(at("transfer", one.pk + 99)).status_code == 404


def test_a_package_of_another_archive_is_taken_in(cast: Cast, client_as: Enter) -> None:
    archivist = client_as(cast.archivist)
    content = zipped(of_another(cast, filed(cast, 2))).getvalue()
    assert archivist.get(at("packages_take_in")).status_code == 200
    sent = {"package": SimpleUploadedFile("from-them.zip", content, "application/zip")}
    assert archivist.post(at("packages_take_in"), sent).status_code == 302
    assert "from-them.zip" in archivist.get(at("packages_taken")).content.decode()
    with acting_as(SYSTEM):
        before = ArchivalItem.objects.count()
    bad = {"package": SimpleUploadedFile("bad.zip", content[:-90], "application/zip")}
    answer = archivist.post(at("packages_take_in"), bad)
    assert answer.status_code == 422
    assert answer.context["form"].errors["package"] == ["The file is not a sound zip package."]
    with acting_as(SYSTEM):
        assert ArchivalItem.objects.count() == before


def test_the_pages_ask_no_more_for_thirty_rows_than_for_one(cast: Cast, client_as: Enter) -> None:
    archivist = client_as(cast.archivist)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert archivist.get(address).status_code == 200
        return len(asked)

    one = drawn(cast, kept(cast, 1))
    kept(cast, 1)
    small = [(count(at("transfer", one.pk)), count(at("transfers_due"))) for _warm in range(2)][-1]
    other = drawn(cast, kept(cast, 30))
    kept(cast, 20)
    assert (count(at("transfer", other.pk)), count(at("transfers_due"))) == small
