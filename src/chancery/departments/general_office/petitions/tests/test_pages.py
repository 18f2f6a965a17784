"""The hub, the register, the page of a petition, registration."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chancery.departments.general_office.petitions import services
from chancery.departments.general_office.petitions.terms import State
from chancery.departments.general_office.petitions.tests.desk import WORDS, received, registered, text_file
from chancery.foundations import clock

pytestmark = pytest.mark.django_db


def page(client: Any, name: str, *args: Any, **query: Any) -> Any:
    return client.get(reverse(f"general_office:{name}", args=args), query)


def test_the_hub_counts_what_waits(cast: Any, client_as: Any) -> None:
    received()
    registered(cast)
    html = page(client_as(cast.petition_registrar), "petitions").content.decode()
    assert "Received, not registered yet" in html and "Attachments to be cleared" in html
    assert page(client_as(cast.outsider), "petitions").status_code == 403


def test_a_registrar_registers_on_the_page(cast: Any, client_as: Any) -> None:
    made = received().petition
    client = client_as(cast.petition_registrar)
    address = reverse("general_office:petition_register", args=[made.pk])
    told = {"title": "对评审结果的申诉", "kind": made.kind, "field": "awards", "region": "江苏"}
    assert client.post(address, {**told, "title": "欧阳晓明申诉"}).status_code == 422
    answer = client.post(address, told)
    assert answer.status_code == 302
    html = client.get(answer["Location"]).content.decode()
    assert "对评审结果的申诉" in html and "████" in html
    assert not any(word in html.lower() for word in WORDS)


def test_the_page_of_what_one_may_not_see_is_not_there(cast: Any, client_as: Any) -> None:
    made = registered(cast)
    assert page(client_as(cast.handler), "petition", made.pk).status_code == 404
    assert page(client_as(cast.outsider), "petition", made.pk).status_code == 403
    assert page(client_as(cast.petition_officer), "petition", made.pk + 1).status_code == 404


def test_the_register_filters_finds_and_exports(cast: Any, client_as: Any) -> None:
    made = registered(cast, files=[text_file("欧阳晓明")])
    other = registered(cast, title="关于期刊的建议", kind="SUGGESTION")
    client = client_as(cast.petition_officer)
    html = page(client, "petition_list", kind="SUGGESTION").content.decode()
    assert other.title in html and made.title not in html
    html = page(client, "petition_list", q=made.number).content.decode()
    assert made.title in html and other.title not in html
    for kind in ("csv", "xlsx"):
        exported = page(client, "petition_list", export=kind)
        content = b"".join(exported.streaming_content) if exported.streaming else exported.content
        assert exported.status_code == 200 and not any(word.encode() in content.lower() for word in WORDS)


def test_the_register_asks_as_much_for_one_as_for_thirty(cast: Any, client_as: Any) -> None:
    client = client_as(cast.petition_officer)
    registered(cast)
    page(client, "petition_list")
    with CaptureQueriesContext(connection) as one:
        page(client, "petition_list", per=100)
    for _n in range(15):
        registered(cast)
    with CaptureQueriesContext(connection) as many:
        page(client, "petition_list", per=100)
    assert len(many) == len(one)


def test_what_changed_meanwhile_is_told(cast: Any, client_as: Any) -> None:
    made = registered(cast)
    client = client_as(cast.petition_registrar)
    address = reverse("general_office:petition_correct", args=[made.pk])
    services.correct(petition_id=made.pk, changes={"region": "江苏"}, by=cast.petition_registrar, at=clock.now())
    told = {"title": "新题名", "kind": made.kind, "group_size": 1, "version": made.version}
    answer = client.post(address, told)
    assert answer.status_code == 422 and "Somebody changed" in answer.content.decode()
    assert client.post(address, {**told, "version": made.version + 1}).status_code == 302


def test_a_closed_petition_shows_no_running_clock(cast: Any, client_as: Any) -> None:
    made = registered(cast)
    services.set_state(petition_id=made.pk, state=State.CLOSED, by=cast.petition_officer, at=clock.now())
    html = page(client_as(cast.petition_officer), "petition", made.pk).content.decode()
    assert "Correct" not in html
