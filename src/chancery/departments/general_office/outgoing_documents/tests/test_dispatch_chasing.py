"""Receipts that are not in: urged, noted, explained; unread copies recalled; and two who press at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chancery.departments.general_office.incoming_documents.inside import services as inside
from chancery.departments.general_office.incoming_documents.inside.models import SenderNote
from chancery.departments.general_office.incoming_documents.models import IncomingDocument, IncomingFile
from chancery.departments.general_office.outgoing_documents.dispatch import services
from chancery.departments.general_office.outgoing_documents.dispatch.chasing import services as chasing
from chancery.departments.general_office.outgoing_documents.dispatch.letters import services as letters
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.tests.house import MONDAY, House, token_in
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Mail, Matter, Notice

pytestmark = pytest.mark.cn  # papers, numbers and register of the Chinese profile

SCHOOL = {"part": "MAIN", "name": "样例大学", "email": "office@example.org"}
BY_POST = {"part": "COPY", "name": "样例县科协", "postal": "样例县人民路1号"}
CHASE = "/general-office/outgoing/chase/"


def three(house: House) -> list[Delivery]:
    """One copy each way, all of them gone."""
    made = house.sent(units=("AS",), outside=(SCHOOL, BY_POST))
    bundle = next(copy for copy in made if copy.channel == "BUNDLE")
    services.mark_left(delivery_ids=[bundle.pk], by=house.cast.registrar, at=house.tick())
    with acting_as(SYSTEM):
        Mail.objects.update(state="SENT", sent_at=house.at)
    services.take_in_mail(by=SYSTEM, at=house.tick())
    return [house.now(copy) for copy in made]


def test_urging_reaches_each_by_its_own_way_and_is_counted(house: House) -> None:
    copies = three(house)
    house.tick(days=5)
    done = chasing.urge(
        delivery_ids=[copy.pk for copy in copies], note="请尽快签收。", by=house.cast.registrar, at=house.at
    )
    assert len(done.names) == 3
    assert not done.refused
    assert {house.now(copy).urged_count for copy in copies} == {1}
    with acting_as(SYSTEM):
        assert SenderNote.objects.get().kind == "URGED"
        assert Notice.objects.filter(kind="URGED", post_id=house.cast.receiver.post_id).exists()
        first, reminder = Mail.objects.order_by("id")
    assert token_in(reminder.text)  # the same link as before, see below
    assert Client().get(f"/general-office/letters/{token_in(reminder.text)}/").status_code == 200
    assert first.to_email == reminder.to_email
    again = chasing.urge(delivery_ids=[copies[0].pk], by=house.cast.registrar, at=house.tick())
    assert (again.names, len(again.refused)) == ([], 1)


def test_a_settled_copy_is_not_urged_and_only_the_registry_urges(house: House) -> None:
    copies = three(house)
    chasing.explain(delivery_id=copies[0].pk, reason="已电话确认。", by=house.cast.registrar, at=house.tick())
    done = chasing.urge(delivery_ids=[copies[0].pk], by=house.cast.registrar, at=house.tick())
    assert done.refused
    with pytest.raises(Refused):
        chasing.urge(delivery_ids=[copies[1].pk], by=house.cast.drafter, at=house.tick())


def test_the_chase_list_shows_what_is_open_and_urges_in_bulk(house: House, client_as: Any) -> None:
    copies = three(house)
    client = client_as(house.cast.registrar)
    shown = client.get(CHASE)
    assert shown.status_code == 200
    for copy in copies:
        assert copy.name in shown.text
    answer = client.post(f"{CHASE}urge/", {"pick": [copy.pk for copy in copies]}, follow=True)
    assert answer.status_code == 200
    assert house.now(copies[0]).urged_count == 1
    with clock.fixed_at(MONDAY + dt.timedelta(days=20)):
        assert copies[0].name in client_as(house.cast.registrar).get(CHASE, {"late": "1"}).text
    assert client_as(house.cast.outsider).get(CHASE).status_code == 403
    assert client.post(f"{CHASE}urge/", {}).status_code == 422


def test_the_chase_list_does_not_grow_with_its_rows(house: House, client_as: Any) -> None:
    house.sent(units=(), outside=(BY_POST,))
    client = client_as(house.cast.registrar)
    client.get(CHASE)
    with CaptureQueriesContext(connection) as few:
        client.get(CHASE)
    house.sent(units=(), outside=tuple({**BY_POST, "name": f"样例{n}县科协"} for n in range(15)))
    with CaptureQueriesContext(connection) as many:
        client.get(CHASE)
    assert len(many) == len(few)


def test_the_receipts_step_waits_for_every_receipt_or_its_explanation(house: House) -> None:
    copies = three(house)
    paper = copies[0].document
    by = house.cast.registrar
    with pytest.raises(Refused, match="样例大学"):
        services.end_receipts(document_id=paper.pk, by=by, at=house.tick())
    house.press(house.copy(copies[0]).matter_id, "sign_for", "SIGNED", "receiver")
    for copy in copies[1:]:
        with pytest.raises(Refused):
            chasing.explain(delivery_id=copy.pk, reason=" ", by=by, at=house.tick())
        chasing.explain(delivery_id=copy.pk, reason="已电话确认收悉。", by=by, at=house.tick())
    services.end_receipts(document_id=paper.pk, by=by, at=house.tick())


def test_an_unread_copy_is_recalled_and_leaves_nothing_at_the_desk(house: House) -> None:
    [delivery] = house.sent(annexes=("附表.csv",))
    copy = house.copy(delivery)
    by = house.cast.registrar
    with pytest.raises(Refused):
        chasing.recall_copy(delivery_id=delivery.pk, reason="", by=by, at=house.tick())
    chasing.recall_copy(delivery_id=delivery.pk, reason="主送单位有误。", by=by, at=house.tick())
    assert house.now(delivery).state == "RECALLED"
    with acting_as(house.cast.receiver):
        kept = IncomingDocument.objects.select_related("arrival").get(pk=copy.pk)
        assert (kept.state, kept.arrival.end_reason) == ("RECALLED", "主送单位有误。")
        assert not IncomingFile.objects.filter(document=kept).exists()
        assert Matter.objects.get(pk=kept.matter_id).state == "CLOSED"
        assert Notice.objects.filter(matter_id=kept.matter_id, kind="RECALLED").exists()
    with pytest.raises(Refused):
        inside.open_copy(document_id=copy.pk, by=house.cast.receiver, at=house.tick())
    with pytest.raises(Refused):
        chasing.recall_copy(delivery_id=delivery.pk, reason="再次。", by=by, at=house.tick())


def test_an_opened_copy_is_not_recalled(house: House) -> None:
    [delivery] = house.sent()
    inside.open_copy(document_id=delivery.incoming_id, by=house.cast.receiver, at=house.tick())
    assert house.now(delivery).state == "OPENED"
    with pytest.raises(Refused, match="opened"):
        chasing.recall_copy(delivery_id=delivery.pk, reason="发错。", by=house.cast.registrar, at=house.tick())
    assert house.copy(delivery).state == "ARRIVED"


def test_paper_that_has_left_is_not_recalled(house: House) -> None:
    bundle = next(copy for copy in three(house) if copy.channel == "BUNDLE")
    with pytest.raises(Refused, match="on paper"):
        chasing.recall_copy(delivery_id=bundle.pk, reason="发错。", by=house.cast.registrar, at=house.tick())


def test_only_the_desk_opens_what_is_at_it(house: House, client_as: Any) -> None:
    [delivery] = house.sent()
    address = f"/general-office/incoming/{delivery.incoming_id}/open/"
    assert client_as(house.cast.outsider).post(address).status_code == 404
    assert client_as(house.cast.registrar).post(address).status_code == 404
    assert client_as(house.cast.receiver).post(address).status_code == 302
    assert house.now(delivery).opened_at is not None


def test_the_database_keeps_receipts_openings_and_recalls(house: House) -> None:
    [delivery] = house.sent()
    house.press(house.copy(delivery).matter_id, "sign_for", "SIGNED", "receiver")
    for change in ({"receipt_name": "他人"}, {"opened_at": None}, {"name": "别处"}, {"receipted_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic(), acting_as(SYSTEM):
            Delivery.objects.filter(pk=delivery.pk).update(**change)


# --- At once ----------------------------------------------------------------------------------------------------------
def _both(*acts: Callable[[], object]) -> list[str]:
    """What each of several acts at once said: "" for done, the refusal otherwise."""
    said = [""] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            with clock.fixed_at(MONDAY):
                barrier.wait(20)
                act()
        except Refused as refusal:
            said[place] = str(refusal) or "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


@pytest.mark.django_db(transaction=True)
def test_recall_and_opening_at_once_one_wins(house: House) -> None:
    by, desk = house.cast.registrar, house.cast.receiver
    for _round in range(3):
        [delivery] = house.sent()
        recall, opening = _both(
            lambda d=delivery: chasing.recall_copy(delivery_id=d.pk, reason="发错。", by=by, at=MONDAY),  # type: ignore[misc]  # bound now
            lambda d=delivery: inside.open_copy(document_id=d.incoming_id, by=desk, at=MONDAY),  # type: ignore[misc]  # bound now
        )
        assert bool(recall) != bool(opening)
        assert house.now(delivery).state == ("OPENED" if recall else "RECALLED")
        assert house.copy(delivery).state == ("ARRIVED" if recall else "RECALLED")


@pytest.mark.django_db(transaction=True)
def test_recall_and_the_addressees_click_at_once_one_wins(house: House) -> None:
    [delivery] = house.sent(units=(), outside=(SCHOOL,))
    with acting_as(SYSTEM), transaction.atomic():
        token = token_in(Mail.objects.latest("id").text)
    recall, opening = _both(
        lambda: chasing.recall_copy(delivery_id=delivery.pk, reason="发错。", by=house.cast.registrar, at=MONDAY),
        lambda: letters.open_letter(token=token, by=PUBLIC, at=MONDAY),
    )
    assert bool(recall) != bool(opening)
    assert house.now(delivery).state == ("OPENED" if recall else "RECALLED")


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_for_at_once_give_one_receipt(house: House) -> None:
    [delivery] = house.sent()
    task = house.task(house.copy(delivery).matter_id, "sign_for")
    by = house.cast.receiver
    said = _both(
        *(lambda: procedures.complete(task_id=task["id"], outcome="SIGNED", by=by, at=MONDAY) for _press in range(2))
    )
    assert sorted(map(bool, said)) == [False, True]
    assert house.now(delivery).state == "RECEIPTED"
    with acting_as(SYSTEM), transaction.atomic():
        assert IncomingDocument.objects.exclude(number="").count() == 1
