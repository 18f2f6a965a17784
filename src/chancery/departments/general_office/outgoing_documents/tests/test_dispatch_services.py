"""A released paper reaches its addressees: inside the house, by e-mail, on paper; and the receipts come back."""

from __future__ import annotations

from typing import Any

import pytest

from chancery.departments.general_office.incoming_documents.models import IncomingDocument, IncomingFile
from chancery.departments.general_office.incoming_documents.tests.office import planned
from chancery.departments.general_office.outgoing_documents.dispatch import queries, services
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.tests.house import House
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused

pytestmark = pytest.mark.cn  # papers, numbers and register of the Chinese profile

SCHOOL = {"part": "MAIN", "name": "样例大学", "email": "office@example.org"}
BY_POST = {"part": "COPY", "name": "样例县科协", "postal": "样例县人民路1号"}


def test_a_unit_finds_it_at_its_desk_with_nothing_left_to_type(house: House) -> None:
    paper = house.released(urgency="URGENT", annexes=("附表.csv",))
    [delivery] = house.sent(paper)
    assert (delivery.channel, delivery.state) == ("INSIDE", "ARRIVED")
    with acting_as(house.cast.receiver):
        copy = IncomingDocument.objects.get(title=paper.title)
        assert (copy.sender, copy.sender_number, copy.dated_on) == ("办公厅", paper.number, paper.dated_on)
        assert (copy.kind, copy.urgency, copy.state) == ("NOTICE", "EXPEDITED", "ARRIVED")
        assert copy.limit_on is not None
        assert [part["name"] for part in copy.arrival.parts][1:] == ["附表.csv"]
        assert not IncomingFile.objects.filter(document=copy).exists()  # handed over when it is opened
    house.press(copy.matter_id, "sign_for", "SIGNED", "receiver")
    with acting_as(house.cast.receiver):
        copy.refresh_from_db()
        assert copy.state == "REGISTERED"
        assert copy.number.startswith("内收〔2026〕")
        files = list(IncomingFile.objects.filter(document=copy).select_related("stored").order_by("position"))
        assert [file.part for file in files] == ["MAIN", "ANNEX"]
        assert files[0].stored.sha256 == copy.arrival.parts[0]["sha256"]
    kept = house.now(delivery)
    assert (kept.state, kept.receipt_name) == ("RECEIPTED", "Yu Qing")


def test_the_copy_is_handed_out_handled_and_filed(house: House) -> None:
    [delivery] = house.sent()
    matter = house.copy(delivery).matter_id
    house.press(matter, "sign_for", "SIGNED", "receiver")
    house.press(matter, "assign", "HANDLE", "receiver", handler_post=house.cast.co_handler.post_id)
    house.press(matter, "handle", "DONE", "co_handler", "已报送。", result="已按要求报送。")
    house.press(matter, "file", "FILED", "receiver", **planned(house.copy(delivery).pk))
    assert house.copy(delivery).state == "FILED"


def test_the_general_office_receives_by_its_own_procedure(house: House) -> None:
    [delivery] = house.sent(units=("GO",))
    copy = house.copy(delivery)
    house.press(copy.matter_id, "sign_for", "DONE", "registrar")
    assert house.now(delivery).state == "RECEIPTED"
    assert house.task(copy.matter_id, "register") is not None


def test_what_goes_to_the_federation_is_signed_for_by_the_general_office(house: House) -> None:
    [delivery] = house.sent(units=("CAST",))
    assert house.copy(delivery).unit_id == house.cast.units["GO"]


def test_a_unit_without_a_registrar_is_told_to_the_dispatcher_before_anything_is_sent(house: House) -> None:
    paper = house.released(units=("AS", "SP"))
    with pytest.raises(Refused, match="科学技术普及部"):
        house.sent(paper)
    with acting_as(SYSTEM):
        assert not Delivery.objects.filter(document=paper).exists()
        line = next(line for line in queries.plan(paper) if line.trouble)
    made = services.dispatch_document(
        document_id=paper.pk,
        choices={line.addressee_id: ("BUNDLE", "")},
        by=house.cast.registrar,
        at=house.tick(),
    )
    assert {copy.channel for copy in made} == {"INSIDE", "BUNDLE"}


def test_a_label_that_nobody_at_the_desk_may_see_is_told_too(house: House) -> None:
    paper = house.released(label=30)
    with acting_as(SYSTEM):
        assert [line.trouble for line in queries.plan(paper)] == ["NOT_CLEARED"]


def test_only_the_registry_sends_and_only_what_is_released(house: House) -> None:
    paper = house.released()
    with pytest.raises(Refused):
        services.dispatch_document(document_id=paper.pk, by=house.cast.drafter, at=house.tick())
    with pytest.raises(Refused):
        services.dispatch_document(document_id=paper.pk, by=house.cast.outsider, at=house.tick())


def test_sending_twice_sends_once(house: House) -> None:
    paper = house.released(outside=(BY_POST,))
    assert len(house.sent(paper)) == 2
    assert house.sent(paper) == []


def test_copies_go_as_main_ones_do(house: House) -> None:
    made = house.sent(units=("GO",), copies=("AS",))
    assert [(copy.part, copy.channel, copy.state) for copy in made] == [
        ("MAIN", "INSIDE", "ARRIVED"),
        ("COPY", "INSIDE", "ARRIVED"),
    ]


def test_not_for_us_goes_back_with_the_reason_and_is_sent_again(house: House) -> None:
    [delivery] = house.sent()
    house.press(house.copy(delivery).matter_id, "sign_for", "DECLINED", "receiver", "不属本部门职责。")
    failed = house.now(delivery)
    assert (failed.state, "不属本部门职责" in failed.end_reason) == ("FAILED", True)
    again = services.send_again(delivery_id=delivery.pk, by=house.cast.registrar, at=house.tick())
    assert (again.state, again.attempts) == ("ARRIVED", 2)
    assert again.incoming_id != failed.incoming_id


def test_a_further_addressee_needs_a_reason_and_is_sent_once(house: House) -> None:
    paper = house.released(units=("GO",))
    house.sent(paper)
    facts: dict[str, Any] = {"document_id": paper.pk, "channel": "INSIDE", "unit_id": house.cast.units["AS"]}
    by = house.cast.registrar
    with pytest.raises(Refused, match="reason"):
        services.send_also(**facts, reason=" ", by=by, at=house.tick())
    made = services.send_also(**facts, reason="该部门参与实施。", by=by, at=house.tick())
    assert made.state == "ARRIVED"
    with pytest.raises(Refused, match="already"):
        services.send_also(**facts, reason="再发一次。", by=by, at=house.tick())


def test_who_was_not_addressed_sees_nothing_and_the_receiver_only_its_copy(house: House) -> None:
    paper = house.released()
    [delivery] = house.sent(paper)
    for who in ("outsider", "handler", "science_handler"):
        with acting_as(getattr(house.cast, who)):
            assert not Delivery.objects.exists()
            assert not IncomingDocument.objects.exists()
    with acting_as(house.cast.receiver):
        from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
        from chancery.kernel.records.models import StoredFile

        assert not OutgoingDocument.objects.exists()
        assert not Delivery.objects.exists()
        assert not StoredFile.objects.exists()  # not even the file, before it is opened
        assert IncomingDocument.objects.count() == 1
    with acting_as(house.cast.drafter):  # the sender's side sees the delivery, not what the desk does with it
        assert Delivery.objects.count() == 1
        assert not IncomingDocument.objects.exists()
    assert delivery.guard_id == paper.guard_id
