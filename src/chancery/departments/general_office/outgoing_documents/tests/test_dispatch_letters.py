"""By e-mail: a link that only its addressee has, the button, the receipt; and what may go wrong."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from chancery.departments.general_office.outgoing_documents.dispatch import services
from chancery.departments.general_office.outgoing_documents.dispatch.letters import services as letters
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.tests.house import House, some_token, token_in
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.models import Mail
from chancery.kernel.procedures.notices import services as post_room

pytestmark = pytest.mark.cn  # papers, numbers and register of the Chinese profile

SCHOOL = {"part": "MAIN", "name": "样例大学", "email": "office@example.org"}


def letter(house: House, **facts: Any) -> tuple[Delivery, str]:
    """A letter on its way, and the token of its link."""
    [delivery] = house.sent(units=(), outside=(SCHOOL,), **facts)
    with acting_as(SYSTEM):
        return delivery, token_in(Mail.objects.latest("id").text)


def page(token: str, act: str = "") -> str:
    return f"/general-office/letters/{token}/{act}"


def test_the_link_leads_to_who_sent_what_and_opening_is_a_button(house: House) -> None:
    delivery, token = letter(house)
    client = Client()
    shown = client.get(page(token))
    assert shown.status_code == 200
    assert house.now(delivery).document.title in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "no-referrer"
    assert house.now(delivery).opened_at is None  # a program that follows links opens nothing
    opened = client.post(page(token, "open/"), {"file": "0"})
    assert opened["Content-Type"] == "application/pdf"
    assert b"".join(opened.streaming_content).startswith(b"%PDF")
    assert house.now(delivery).state == "OPENED"
    done = client.post(page(token, "received/"), {"name": "王样例"}, follow=True)
    assert "王样例" in done.text
    kept = house.now(delivery)
    assert (kept.state, kept.receipt_name) == ("RECEIPTED", "王样例")
    client.post(page(token, "received/"), {"name": "另一人"})
    assert house.now(delivery).receipt_name == "王样例"  # the first receipt stands


def test_an_annex_is_handed_out_and_nothing_else(house: House) -> None:
    _delivery, token = letter(house, annexes=("附表.csv",))
    client = Client()
    assert b"annex" in b"".join(client.post(page(token, "open/"), {"file": "1"}).streaming_content)
    for odd in ("2", "-1", "x", "999999999"):
        assert client.post(page(token, "open/"), {"file": odd}).status_code == 404


def test_a_receipt_needs_a_name(house: House) -> None:
    delivery, token = letter(house)
    assert Client().post(page(token, "received/"), {"name": " "}).status_code == 422
    assert house.now(delivery).receipted_at is None


def test_unknown_expired_and_recalled_letters_look_alike(house: House) -> None:
    from chancery.departments.general_office.outgoing_documents.dispatch.chasing import services as chasing

    delivery, token = letter(house)
    client = Client()
    unknown = client.get(page(some_token()))
    with clock.fixed_at(house.at + dt.timedelta(days=31)):
        expired = client.get(page(token))
    chasing.recall_copy(delivery_id=delivery.pk, reason="发错单位。", by=house.cast.registrar, at=house.tick())
    recalled = client.get(page(token))
    assert [answer.status_code for answer in (unknown, expired, recalled)] == [404, 404, 404]
    assert unknown.text.replace(some_token(), "") and len({len(a.text) for a in (unknown, expired, recalled)}) == 1
    assert client.post(page(token, "open/")).status_code == 404
    assert client.post(page(token, "received/"), {"name": "王样例"}).status_code == 404


def test_the_token_is_kept_as_a_hash_and_leaves_the_kept_mail_once_it_is_sent(house: House) -> None:
    delivery, token = letter(house)
    kept = house.now(delivery)
    assert token not in repr(vars(kept))
    assert len(token) == 43
    post_room.send_mails(by=SYSTEM, at=house.tick())
    assert services.take_in_mail(by=SYSTEM, at=house.tick()) == 1
    assert house.now(delivery).state == "SENT"
    assert token in mail.outbox[-1].body
    with acting_as(SYSTEM):
        assert token not in Mail.objects.latest("id").text


def test_a_mail_that_fails_is_seen_and_sent_again_with_another_link(house: House, monkeypatch: Any) -> None:
    delivery, token = letter(house)

    def away(self: Any) -> int:
        raise ConnectionRefusedError("the mail server is away")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", away)
        post_room.send_mails(by=SYSTEM, at=house.tick())
    services.take_in_mail(by=SYSTEM, at=house.tick())
    failed = house.now(delivery)
    assert (failed.state, "mail server is away" in failed.end_reason) == ("FAILED", True)
    assert Client().get(page(token)).status_code == 404
    services.send_again(delivery_id=delivery.pk, email="other@example.org", by=house.cast.registrar, at=house.tick())
    with acting_as(SYSTEM):
        again = Mail.objects.latest("id")
    assert again.to_email == "other@example.org"
    assert token_in(again.text) != token
    assert Client().get(page(token_in(again.text))).status_code == 200


def test_a_restricted_paper_shows_nothing_before_its_code(house: House) -> None:
    delivery, token = letter(house, label=20)
    client = Client()
    with acting_as(SYSTEM):
        written = Mail.objects.latest("id")
    paper = house.now(delivery).document
    for text in (written.subject, written.text, client.get(page(token)).text):
        assert paper.title not in text
        assert paper.number not in text
    assert client.post(page(token, "open/"), {"code": "ABCDEFGHJK"}).status_code == 422  # none was made yet
    code = letters.give_code(delivery_id=delivery.pk, by=house.cast.registrar, at=house.tick())
    assert code.replace("-", "") not in repr(vars(house.now(delivery)))
    assert client.post(page(token, "open/"), {"code": code.lower()}).status_code == 200
    assert client.post(page(token, "received/"), {"name": "王样例", "code": "XXXXXXXXXX"}).status_code == 422
    assert client.post(page(token, "received/"), {"name": "王样例", "code": code}).status_code == 302


def test_five_wrong_codes_close_a_letter_until_a_new_code_is_made(house: House) -> None:
    delivery, token = letter(house, label=20)
    code = letters.give_code(delivery_id=delivery.pk, by=house.cast.registrar, at=house.tick())
    client = Client()
    for _try in range(5):
        assert client.post(page(token, "open/"), {"code": "XXXXXXXXXX"}).status_code == 422
    assert client.post(page(token, "open/"), {"code": code}).status_code == 422
    assert house.now(delivery).opened_at is None
    fresh = letters.give_code(delivery_id=delivery.pk, by=house.cast.registrar, at=house.tick())
    assert client.post(page(token, "open/"), {"code": fresh}).status_code == 200


def test_a_confidential_paper_never_goes_by_e_mail(house: House) -> None:
    paper = house.released(units=(), outside=({**SCHOOL, "postal": "样例路2号"},), label=30)
    with acting_as(SYSTEM):
        from chancery.departments.general_office.outgoing_documents.dispatch import queries

        [line] = queries.plan(paper)
    assert line.channel == "BUNDLE"
    by = house.cast.registrar
    with pytest.raises(Refused):
        services.dispatch_document(
            document_id=paper.pk, choices={line.addressee_id: ("EMAIL", "")}, by=by, at=house.tick()
        )


def test_only_the_registry_makes_a_code(house: House) -> None:
    delivery, _token = letter(house, label=20)
    for who in (house.cast.drafter, house.cast.outsider, PUBLIC):
        with pytest.raises(Refused):
            letters.give_code(delivery_id=delivery.pk, by=who, at=house.tick())


def test_who_knocks_too_often_waits(house: House) -> None:
    _delivery, token = letter(house)
    client = Client()
    answers = {client.post(page(token, "open/"), {"file": "9"}).status_code for _knock in range(25)}
    assert 429 in answers


def test_a_bundle_is_packed_left_and_receipted_by_hand(house: House, client_as: Any) -> None:
    import zipfile

    from chancery.departments.general_office.outgoing_documents.dispatch.chasing import services as chasing

    by_post = {"part": "MAIN", "name": "样例县科协", "postal": "样例县人民路1号"}
    [delivery] = house.sent(units=(), outside=(by_post,), annexes=("附表.csv",))
    by = house.cast.registrar
    packed = client_as(by).get(f"/general-office/outgoing/copies/{delivery.pk}/bundle.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as bundle:
        assert len(bundle.namelist()) == 3
        assert bundle.read(bundle.namelist()[2]).startswith(b"%PDF")
    today = clock.date_of(house.at)
    with pytest.raises(Refused, match="not left"):
        chasing.note_receipt(delivery_id=delivery.pk, name="李样例", on=today, by=by, at=house.tick())
    services.mark_left(delivery_ids=[delivery.pk], by=by, at=house.tick())
    for name, on in (("", today), ("李样例", today + dt.timedelta(days=1)), ("李样例", today - dt.timedelta(days=1))):
        with pytest.raises(Refused):
            chasing.note_receipt(delivery_id=delivery.pk, name=name, on=on, by=by, at=house.tick())
    chasing.note_receipt(delivery_id=delivery.pk, name="李样例", on=today, note="挂号", by=by, at=house.tick())
    with pytest.raises(Refused):
        chasing.note_receipt(delivery_id=delivery.pk, name="他人", on=today, by=by, at=house.tick())
    assert house.now(delivery).receipt_name == "李样例"
