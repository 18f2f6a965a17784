"""Asking, opening and reading; looking at texts and attachments: on the pages, by who may and who may not."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chancery.departments.general_office.petitions import queries, services
from chancery.departments.general_office.petitions.custody.models import IdentityOpening
from chancery.departments.general_office.petitions.models import PetitionFile
from chancery.departments.general_office.petitions.tests.desk import SENDER, WORDS, registered, text_file
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as

pytestmark = pytest.mark.django_db


def at(name: str, *args: Any) -> str:
    return reverse(f"general_office:{name}", args=args)


def only(model: Any) -> Any:
    with acting_as(SYSTEM):
        return model.objects.get()


def test_an_identity_is_asked_for_opened_and_read(cast: Any, client_as: Any) -> None:
    made = registered(cast)
    officer, custodian = client_as(cast.petition_officer), client_as(cast.petition_custodian)
    assert officer.post(at("petition_ask_identity", made.pk), {"purpose": "REACH", "reason": "x"}).status_code == 422
    told = {"purpose": "REACH", "reason": "需要核实评审材料的来源。"}
    answer = officer.post(at("petition_ask_identity", made.pk), told)
    assert answer.status_code == 302
    opening = only(IdentityOpening)
    page = at("petition_opening", opening.pk)
    assert answer["Location"] == page
    assert officer.post(at("petition_identity", opening.pk)).status_code == 422  # not open yet
    assert officer.post(page, {"act": "open"}).status_code == 409
    html = custodian.get(page).content.decode()
    assert 'value="open"' in html and SENDER.name not in html
    assert custodian.post(page, {"act": "open", "note": ""}).status_code == 302
    shown = officer.post(at("petition_identity", opening.pk))
    html = shown.content.decode()
    assert SENDER.name in html and SENDER.phone in html and "no-store" in shown["Cache-Control"]
    assert SENDER.name not in officer.get(page).content.decode()
    assert officer.get(at("petition_identity", opening.pk)).status_code == 405
    for who in ("handler", "outsider"):
        assert client_as(cast[who]).post(at("petition_identity", opening.pk)).status_code in (403, 404)
    assert client_as(cast.petition_registrar).post(at("petition_identity", opening.pk)).status_code == 422
    assert officer.post(page, {"act": "end"}).status_code == 302
    assert officer.post(at("petition_identity", opening.pk)).status_code == 422


def test_a_custodian_refuses_with_a_reason(cast: Any, client_as: Any) -> None:
    made = registered(cast)
    client_as(cast.petition_officer).post(
        at("petition_ask_identity", made.pk), {"purpose": "REACH", "reason": "想知道是谁写了这封来信。"}
    )
    page, custodian = at("petition_opening", only(IdentityOpening).pk), client_as(cast.petition_custodian)
    assert custodian.post(page, {"act": "refuse", "note": ""}).status_code == 422
    assert custodian.post(page, {"act": "refuse", "note": "没有必要"}).status_code == 302
    assert "没有必要" in client_as(cast.petition_officer).get(page).content.decode()


def test_a_text_is_looked_at_blacked_out_and_released(cast: Any, client_as: Any) -> None:
    made = registered(cast)
    services.give_to_read(
        petition_id=made.pk, role="petition_handler", unit_id=cast.units["PF"], by=cast.petition_officer, at=clock.now()
    )
    text = services.add_text(
        petition_id=made.pk, part="ADDITION", side="PETITIONER", text="我住红星厂宿舍。", by=PUBLIC, at=clock.now()
    )
    handler, registrar = client_as(cast.handler), client_as(cast.petition_registrar)
    assert "红星厂" not in handler.get(at("petition", made.pk)).content.decode()
    assert "Facts added" in registrar.get(at("petition_unreleased")).content.decode()
    black = at("petition_black_out", text.pk)
    assert registrar.post(black, {"words": "没有的词"}).status_code == 422
    assert registrar.post(black, {"words": "红星厂\n"}).status_code == 302
    assert registrar.post(at("petition_text_release", text.pk)).status_code == 302
    html = handler.get(at("petition", made.pk)).content.decode()
    assert "我住████宿舍。" in html
    for address in (black, at("petition_text_release", text.pk)):
        assert handler.post(address, {"words": "宿舍"}).status_code == 403


def test_an_attachment_is_opened_cleared_and_replaced(cast: Any, client_as: Any) -> None:
    made = registered(cast, files=[text_file("我叫欧阳晓明"), text_file("评审结果一览", "一览.txt")])
    services.give_to_read(
        petition_id=made.pk, role="petition_handler", unit_id=cast.units["PF"], by=cast.petition_officer, at=clock.now()
    )
    with acting_as(SYSTEM):
        telling, clean = queries.files(made.pk)
    handler, custodian = client_as(cast.handler), client_as(cast.petition_custodian)
    registrar = client_as(cast.petition_registrar)
    for file in (telling, clean):
        assert handler.get(at("petition_file", file.pk)).status_code == 422
    assert registrar.get(at("petition_file", telling.pk)).status_code == 422
    assert registrar.post(at("petition_clear", clean.pk)).status_code == 302
    answer = handler.get(at("petition_file", clean.pk))
    assert answer.content.decode() == "评审结果一览"
    disposition = unquote(answer["Content-Disposition"])
    assert "Attachment 2.txt" in disposition and "一览" not in disposition
    assert "sandbox" in answer["Content-Security-Policy"]
    assert custodian.get(at("petition_file", telling.pk)).content.decode() == "我叫欧阳晓明"
    assert custodian.post(at("petition_clear", telling.pk)).status_code == 422
    copy = at("petition_replace", telling.pk)
    assert custodian.post(copy, {"copy": SimpleUploadedFile("a.txt", "欧阳晓明".encode())}).status_code == 422
    assert custodian.post(copy, {"copy": SimpleUploadedFile("a.txt", "我叫某人".encode())}).status_code == 302
    html = handler.get(at("petition", made.pk)).content.decode()
    assert "Attachment 3.txt" in html and not any(word in html.lower() for word in WORDS)
    assert client_as(cast.outsider).get(at("petition_file", clean.pk)).status_code == 403
    with acting_as(SYSTEM):
        assert PetitionFile.objects.count() == 3


def test_lists_of_custody_open_for_those_they_are_for(cast: Any, client_as: Any) -> None:
    registered(cast, files=[text_file("x")])
    assert "Attachment 1.txt" in client_as(cast.petition_custodian).get(at("petition_withheld")).content.decode()
    assert client_as(cast.petition_custodian).get(at("petition_unreleased")).status_code == 403
    assert client_as(cast.outsider).get(at("petition_openings")).status_code == 403


def test_bytes_of_petitions_are_not_among_the_files_of_the_house(cast: Any, client_as: Any) -> None:
    registered(cast, files=[text_file("x")])
    with acting_as(SYSTEM):
        stored = PetitionFile.objects.get().stored_id
    for who in ("petition_officer", "petition_custodian", "outsider"):
        assert client_as(cast[who]).get(reverse("records:file", args=[stored])).status_code == 404
