"""Pages of confidential work: entered as who needs them, with every refusal at its field and what was typed there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.carriers.models import Carrier
from chancery.departments.general_office.confidential_work.carriers.receipts.models import CarrierReceipt
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as

from . import clear_once, copies_of, handed_over, registered

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

ClientAs = Callable[[Actor], Client]


def _form(cast: Cast, **more: Any) -> dict[str, Any]:
    today = clock.today()
    return {
        "alias": "Blue folder 3", "medium": "PAPER", "copies_from": 1, "copies_to": 2, "place": "Safe 1",
        "level": "SECRET", "basis": "House list, 3", "approver": cast.classifier.person_id,
        "starts_on": today.isoformat(), "expires_on": (today + dt.timedelta(days=365)).isoformat(), **more,
    }  # fmt: skip


def test_the_officer_registers_a_carrier(cast: Cast, client_as: ClientAs) -> None:
    clear_once(cast)
    client = client_as(cast.confidential_officer)
    page = client.post(reverse("general_office:carrier_new"), _form(cast))
    assert page.status_code == 302
    with acting_as(cast.confidential_officer):
        carrier = Carrier.objects.get()
    shown = client.get(reverse("general_office:carrier", args=[carrier.pk]))
    assert carrier.number in shown.content.decode()
    assert client.get(reverse("general_office:carrier_labels", args=[carrier.pk])).content.startswith(b"%PDF")
    assert client.get(reverse("general_office:carriers")).content.decode().count("Blue folder 3") >= 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"alias": "关于人事的请示"}, "alias"),
        ({"alias": "机密★20年"}, "alias"),
        ({"basis": ""}, "basis"),
        ({"expires_on": "2090-01-01"}, "expires_on"),
    ],
)
def test_a_refusal_stands_at_its_field_and_the_text_stays(
    cast: Cast, client_as: ClientAs, wrong: dict[str, str], field: str
) -> None:
    clear_once(cast)
    page = client_as(cast.confidential_officer).post(reverse("general_office:carrier_new"), _form(cast, **wrong))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert "Safe 1" in page.content.decode()
    with acting_as(cast.confidential_officer):
        assert not Carrier.objects.exists()


def test_only_the_officer_registers_and_outsiders_find_nothing(cast: Cast, client_as: ClientAs) -> None:
    carrier = registered(cast)
    assert client_as(cast.outsider).get(reverse("general_office:carrier_new")).status_code == 403
    assert client_as(cast.outsider).get(reverse("general_office:carrier", args=[carrier.pk])).status_code == 404
    assert client_as(cast.classifier).get(reverse("general_office:carrier", args=[carrier.pk])).status_code == 200
    hub = client_as(cast.outsider).get(reverse("general_office:confidential"))
    assert hub.status_code == 200
    assert carrier.alias not in hub.content.decode()


def test_a_hand_over_goes_through_two_sessions(cast: Cast, client_as: ClientAs) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    officer, handler = client_as(cast.confidential_officer), client_as(cast.handler)
    address = reverse("general_office:carrier_hand_over", args=[carrier.pk])
    told = {"copies": ids[:2], "receiver": cast.handler.post_id, "place": "Cabinet"}
    refused = officer.post(address, {**told, "receiver": cast.drafter.post_id})
    assert list(refused.context["form"].errors) == ["receiver"]
    assert officer.post(address, told).status_code == 302
    with acting_as(cast.confidential_officer):
        receipt = CarrierReceipt.objects.get()
    page = reverse("general_office:carrier_receipt", args=[receipt.pk])
    assert (
        reverse("general_office:carrier_receipts")
        in handler.get(reverse("general_office:confidential")).content.decode()
    )
    assert officer.post(page, {"act": "confirm", "counted": 2}).status_code == 409
    wrong = handler.post(page, {"act": "confirm", "counted": 3})
    assert wrong.status_code == 422
    assert "3" in wrong.content.decode()
    assert handler.post(page, {"act": "confirm", "counted": 2}).status_code == 302
    assert "Blue folder 3" in handler.get(reverse("general_office:confidential")).content.decode()
    assert handler.get(reverse("general_office:carrier_receipt_pdf", args=[receipt.pk])).content.startswith(b"%PDF")


def test_a_destruction_goes_from_the_officer_over_the_authority_to_two_signatures(
    cast: Cast, client_as: ClientAs
) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    officer, authority, leader = (client_as(cast[key]) for key in ("confidential_officer", "classifier", "leader"))
    made = officer.post(
        reverse("general_office:carrier_destruction_new"),
        {"copies": ids[:2], "reason": "no longer needed", "method": "shredder"},
    )
    page = made["Location"]
    posts = {"first": cast.confidential_officer.post_id, "second": cast.leader.post_id}
    assert officer.post(page, {"act": "approve", **posts}).status_code == 409
    assert authority.post(page, {"act": "approve", **posts, "second": posts["first"]}).status_code == 422
    assert authority.post(page, {"act": "approve", **posts}).status_code == 302
    assert officer.get(f"{page}certificate/").status_code == 404
    assert officer.post(page, {"act": "sign"}).status_code == 302
    assert leader.post(page, {"act": "sign"}).status_code == 302
    assert officer.get(f"{page}certificate/").content.startswith(b"%PDF")


def test_the_count_is_kept_on_its_page(cast: Cast, client_as: ClientAs) -> None:
    registered(cast, copies=2)
    officer = client_as(cast.confidential_officer)
    page = officer.post(reverse("general_office:carrier_count_open"))["Location"]
    lines = [row["acts"] for row in officer.get(page).context["tables"][0].rows]
    officer.post(lines[0][0]["action"], {"found": "SEEN"})
    officer.post(lines[1][0]["action"], {"found": "MISSING"})
    assert officer.post(page, {"act": "close"}).status_code == 302
    assert officer.get(reverse("general_office:carrier_counts")).status_code == 200


def test_a_missing_copy_leads_to_the_breach_report(cast: Cast, client_as: ClientAs) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    handed_over(cast, carrier, giver="confidential_officer", receiver="handler", copy_ids=ids[:1])
    handler = client_as(cast.handler)
    page = reverse("general_office:carrier", args=[carrier.pk])
    led = handler.post(page, {"act": "missing", "copy": ids[0], "reason": "not in the cabinet"})
    assert led["Location"] == f"{reverse('general_office:breach_new')}?copy={ids[0]}"
    form = handler.get(led["Location"])
    assert "Blue folder 3" in form.content.decode()
    done = handler.post(
        led["Location"],
        {"what": "LOST", "alias": "", "found_at": "2026-11-20T09:00", "account": "looked for it twice"},
    )
    assert done.status_code == 302
    with acting_as(cast.confidential_officer):
        assert Breach.objects.get().alias == "Blue folder 3"


def test_further_copies_are_asked_and_decided_on_pages(cast: Cast, client_as: ClientAs) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    page = reverse("general_office:carrier", args=[carrier.pk])
    officer, authority = client_as(cast.confidential_officer), client_as(cast.classifier)
    said = {"act": "copies", "copy": ids[0], "count": 1, "reason": "meeting", "place": "Safe 1"}
    assert officer.post(page, {**said, "reason": ""}).status_code == 422
    assert officer.post(page, said).status_code == 302
    shown = authority.get(page).content.decode()
    address = reverse("general_office:carrier_copying", args=[1])
    with acting_as(cast.classifier):
        from chancery.departments.general_office.confidential_work.carriers.models import CopyRequest

        address = reverse("general_office:carrier_copying", args=[CopyRequest.objects.get().pk])
    assert address in shown
    assert authority.post(address, {"act": "refuse", "answer": ""}).status_code == 422
    assert authority.post(address, {"act": "approve", "answer": ""}).status_code == 302


def test_the_register_asks_as_many_questions_for_thirty_as_for_one(
    cast: Cast, client_as: ClientAs, django_assert_max_num_queries: Any
) -> None:
    registered(cast, alias="Box 0")
    client = client_as(cast.confidential_officer)
    client.get(reverse("general_office:carriers"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as questions:
            assert client.get(reverse("general_office:carriers")).status_code == 200
        return len(questions)

    few = asked()
    for number in range(1, 30):
        registered(cast, alias=f"Box {number}", copies=1)
    assert asked() == few
