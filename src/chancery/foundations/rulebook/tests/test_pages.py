"""The pages: what holds, a key's history, an edit, refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.rulebook import queries, services

if TYPE_CHECKING:
    from django.test import Client

    from chancery.foundations.actor import Actor

KEY = "incoming.limit.expedited"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
GOOD = {
    "value": "2",
    "unit": "WD",
    "valid_from": "2030-01-01",
    "valid_to": "",
    "basis_en": "Office meeting",
    "basis_zh": "办公会议",
    "reason": "Faster",
}


@pytest.fixture
def editor(cast: Any, client_as: Callable[[Actor], Client]) -> Client:
    services.load_all(by=SYSTEM, at=clock.now())
    return client_as(cast.office_head)


@pytest.fixture
def reader(editor: Client, cast: Any, client_as: Callable[[Actor], Client]) -> Client:
    return client_as(cast.handler)


def page(client: Client, address: str, **data: str) -> str:
    answer = client.get(address, data, **ENGLISH)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_the_list_shows_what_holds_today(reader: Client) -> None:
    text = page(reader, "/rulebook/", area="incoming")
    assert "Limit for expedited documents" in text
    assert "3 working days" in text
    assert "1 working day<" in text


def test_the_list_can_be_searched_in_both_languages_and_by_area(reader: Client) -> None:
    for found in ({"q": "加急文件"}, {"q": "expedited documents"}, {"q": KEY}, {"area": "incoming"}):
        text = page(reader, "/rulebook/", **found)
        assert "Limit for expedited documents" in text
        assert "Longest absence" not in text


def test_the_list_of_another_day_and_profile(reader: Client) -> None:
    assert "Limit for expedited documents" not in page(reader, "/rulebook/", on="2011-01-01")
    assert "as of 2011-01-01" in page(reader, "/rulebook/", on="2011-01-01")
    assert "IN-" in page(reader, "/rulebook/neutral/", q="number")
    assert reader.get("/rulebook/mars/").status_code == 404


def test_a_page_costs_the_same_with_any_number_of_rows(reader: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(16):
        page(reader, "/rulebook/")


def test_the_list_is_exported(reader: Client) -> None:
    answer = reader.get("/rulebook/?export=csv", **ENGLISH)
    text = b"".join(answer).decode("utf-8-sig")
    assert "Limit for expedited documents" in text


def test_a_reader_sees_the_history_and_no_way_to_edit(reader: Client) -> None:
    text = page(reader, f"/rulebook/cn/{KEY}/")
    assert "holds today" in text
    assert "amend" not in text
    assert reader.get(f"/rulebook/cn/{KEY}/amend/").status_code == 403
    assert reader.post(f"/rulebook/cn/{KEY}/amend/", GOOD).status_code == 403
    assert reader.post(f"/rulebook/cn/{KEY}/end/", {}).status_code == 403


def test_strangers_are_sent_to_sign_in(editor: Client) -> None:
    editor.logout()
    for address in ("/rulebook/", f"/rulebook/cn/{KEY}/", f"/rulebook/cn/{KEY}/amend/"):
        assert editor.get(address).status_code == 302


def test_an_unknown_key_is_not_found(editor: Client) -> None:
    for address in ("/rulebook/cn/no.such/", "/rulebook/xx/" + KEY + "/", "/rulebook/cn/no.such/amend/"):
        assert editor.get(address).status_code == 404


def test_an_editor_enters_a_new_value(editor: Client) -> None:
    text = page(editor, f"/rulebook/cn/{KEY}/amend/")
    seen = text.split('name="seen" value="')[1].split('"')[0]
    answer = editor.post(f"/rulebook/cn/{KEY}/amend/", {**GOOD, "seen": seen}, **ENGLISH)
    assert (answer.status_code, answer["Location"]) == (302, f"/rulebook/cn/{KEY}/")
    text = page(editor, f"/rulebook/cn/{KEY}/")
    assert "2 working days" in text
    assert "Provision amended" in text
    assert "沈毅" in text or "Shen Yi" in text
    import datetime as dt

    assert queries.days(KEY, on=dt.date(2029, 12, 31)) == 3
    assert queries.days(KEY, on=dt.date(2030, 1, 1)) == 2
    # The same form once more: the key has changed since.
    again = editor.post(f"/rulebook/cn/{KEY}/amend/", {**GOOD, "value": "4", "seen": seen}, **ENGLISH)
    assert again.status_code == 409
    assert queries.days(KEY, on=dt.date(2030, 1, 1)) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"value": "soon"}, "is not a number"),
        ({"reason": ""}, "required"),
        ({"basis_zh": ""}, "required"),
        ({"valid_to": "2029-01-01"}, "before the first"),
        ({"valid_from": "tomorrow"}, "valid date"),
        (
            {"value": "3", "basis_en": "x", "valid_from": "1990-01-01", "valid_to": "2013-01-01"},
            "begins after 2012-06-30",
        ),
    ],
)
def test_a_faulty_edit_keeps_what_was_typed_and_says_why(editor: Client, change: dict[str, str], told: str) -> None:
    answer = editor.post(f"/rulebook/cn/{KEY}/amend/", {**GOOD, **change}, **ENGLISH)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert told in text
    assert "Office meeting" in text or "basis_en" in change


def test_an_editor_ends_a_provision(editor: Client) -> None:
    assert "No value follows" in page(editor, f"/rulebook/cn/{KEY}/end/")
    refused = editor.post(f"/rulebook/cn/{KEY}/end/", {"last_day": "2001-01-01", "reason": "Repealed"}, **ENGLISH)
    assert refused.status_code == 422
    done = editor.post(f"/rulebook/cn/{KEY}/end/", {"last_day": "2030-06-30", "reason": "Repealed"}, **ENGLISH)
    assert done.status_code == 302
    assert "2030-06-30" in page(editor, f"/rulebook/cn/{KEY}/")


def test_the_pages_speak_chinese(editor: Client) -> None:
    for address, word in (
        ("/rulebook/", "规则库"),
        (f"/rulebook/cn/{KEY}/", "加急文件办理时限"),
        (f"/rulebook/cn/{KEY}/amend/", "修改理由"),
    ):
        text = editor.get(address, HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
        assert word in text
