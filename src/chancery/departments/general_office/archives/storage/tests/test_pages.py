"""Storage and stocktakes in the browser."""

from __future__ import annotations

import pytest
from django.db import transaction

from chancery.departments.general_office.archives.storage import services
from chancery.departments.general_office.archives.storage.models import Stocktake, StoragePlace
from chancery.departments.general_office.archives.storage.tests.shelves import AT, boxes, place, room
from chancery.foundations.postgres.row_security import acting_as

ROOT = "/general-office/archives/storage/"


def test_the_archivist_opens_a_room_a_rack_and_a_shelf_and_places_a_box(cast, client_as) -> None:
    client = client_as(cast.archivist)
    client.post(f"{ROOT}new/", {"code": "B", "name": "Cellar", "keeper_unit": cast.units["GO"]})
    client.post(f"{ROOT}places/B/new/", {"code": "B-1"})
    client.post(f"{ROOT}places/B-1/new/", {"code": "B-1-1", "width_mm": 900})
    [box] = boxes(cast)
    page = client.post(f"{ROOT}places/B-1-1/", {"codes": f"{box.code}\r\n"}, follow=True).content.decode()
    assert "1 box placed." in page and box.code in page
    refused = client.post(f"{ROOT}places/B-1-1/", {"codes": "nothing"})
    assert refused.status_code == 422 and "No box has the code nothing" in refused.content.decode()
    taken = client.post(f"{ROOT}new/", {"code": "B", "keeper_unit": cast.units["GO"]})
    assert taken.status_code == 422 and "is taken" in taken.content.decode()
    assert client.get(f"{ROOT}places/B/labels.pdf").content[:5] == b"%PDF-"


def test_a_box_is_moved_and_taken_away_on_its_page(cast, client_as) -> None:
    _top, _rack, first, _second = room(cast)
    [box] = boxes(cast)
    client, address = client_as(cast.archivist), f"{ROOT}boxes/{box.pk}/"
    client.post(address, {"place": first.code})
    assert "It stands at A-01-1" in client.get(address).content.decode()
    refused = client.post(address, {"place": "Z"})
    assert refused.status_code == 422 and "No shelf has the code Z" in refused.content.decode()
    refused = client.post(address, {"place": ""})
    assert refused.status_code == 422 and "Say why the box leaves" in refused.content.decode()
    client.post(address, {"place": "", "reason": "Lent"})
    assert "It stands nowhere" in client.get(address).content.decode()


def test_storage_is_for_keepers_alone(cast, client_as) -> None:
    room(cast)
    with acting_as(cast.archivist), transaction.atomic():
        take = services.open_stocktake(place_id=StoragePlace.objects.get(code="A").pk, by=cast.archivist, at=AT)
    client = client_as(cast.handler)
    for path in ("", "unplaced/", "places/A/", "stocktakes/", f"stocktakes/{take.pk}/", f"stocktakes/{take.pk}/count/"):
        assert client.get(f"{ROOT}{path}").status_code == 403


def test_one_counts_without_script_code_by_code(cast, client_as) -> None:
    top, _rack, first, _second = room(cast)
    one, other = boxes(cast, 2)
    place(cast, first, one, other)
    client = client_as(cast.archivist)
    begun = client.post(f"{ROOT}places/{top.code}/count/", follow=True)
    address = begun.redirect_chain[-1][0]
    assert "camera=(self)" in begun["Permissions-Policy"] and "microphone=()" in begun["Permissions-Policy"]
    assert "(self)" not in client.get(ROOT)["Permissions-Policy"]
    shelf = client.post(address, {"code": first.code}, follow=True)
    assert f"place={first.pk}" in shelf.redirect_chain[-1][0]
    client.post(address, {"code": one.code, "place": first.pk})
    page = client.post(address, {"code": one.code, "place": first.pk}, follow=True).content.decode()
    assert "counted before" in page
    empty = client.post(address, {"code": "", "place": first.pk})
    assert empty.status_code == 422
    part = client.post(address, {"code": "???", "place": first.pk}, headers={"HX-Request": "true"})
    assert "Nobody knows the code ???" in part.content.decode() and "<html" not in part.content.decode()
    with acting_as(cast.archivist), transaction.atomic():
        take = Stocktake.objects.get()
    page = client.get(f"{ROOT}stocktakes/{take.pk}/").content.decode()
    assert other.code in page and "???" in page
    for kind in ("csv", "xlsx"):
        got = client.get(f"{ROOT}stocktakes/{take.pk}/lists.{kind}")
        assert got.status_code == 200 and b"".join(got.streaming_content)
    ended = client.post(f"{ROOT}stocktakes/{take.pk}/", {"act": "end"}, follow=True).content.decode()
    assert "somebody else signs it off" in ended
    refused = client.post(f"{ROOT}stocktakes/{take.pk}/", {"act": "sign", "note": "Lost"})
    assert refused.status_code == 422
    head = client_as(cast.archive_head)
    refused = head.post(f"{ROOT}stocktakes/{take.pk}/", {"act": "sign", "note": ""})
    assert refused.status_code == 422 and "about the 1 difference." in refused.content.decode()
    assert (
        "Signed off."
        in head.post(f"{ROOT}stocktakes/{take.pk}/", {"act": "sign", "note": "Lent out"}, follow=True).content.decode()
    )


def test_a_misplaced_box_is_put_right_on_the_page(cast, client_as) -> None:
    top, _rack, first, second = room(cast)
    [box] = boxes(cast)
    place(cast, first, box)
    take = services.open_stocktake(place_id=top.pk, by=cast.archivist, at=AT)
    services.count(stocktake_id=take.pk, text=box.code, place_id=second.pk, by=cast.archivist, at=AT)
    client = client_as(cast.archivist)
    page = client.post(
        f"{ROOT}stocktakes/{take.pk}/", {"act": "correct", "boxes": [box.pk]}, follow=True
    ).content.decode()
    assert "1 box written down where it was read." in page


@pytest.mark.parametrize("path", ["", "unplaced/", "stocktakes/", "places/A/"])
def test_pages_ask_as_much_for_few_as_for_many(cast, client_as, path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _top, _rack, first, second = room(cast)
    client = client_as(cast.archivist)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{ROOT}{path}").status_code == 200
        return len(found)

    place(cast, first, *boxes(cast, 1))
    asked()
    before = asked()
    place(cast, second, *boxes(cast, 6))
    assert asked() == before
