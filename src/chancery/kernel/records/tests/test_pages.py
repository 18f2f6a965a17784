"""The pages of the record, entered by the least who may."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import services as rulebook
from chancery.kernel.records.models import StoredFile
from chancery.kernel.records.services import index_item, issue_number, register_document, store_file, void_number
from chancery.kernel.records.tests import papers
from chancery.kernel.records.tests.world import AT, TODAY, World


@pytest.fixture
def site(world: World) -> World:
    rulebook.load_all(by=SYSTEM, at=AT)
    return world


def keep(world: World, name: str, content: bytes) -> StoredFile:
    return store_file(guard_id=world.guard_id, name=name, content=io.BytesIO(content), by=world.clerk, at=AT)


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_file_is_handed_out_whole_and_locked_up(site: World, client_as: Any) -> None:
    file = keep(site, "报告 <b>.txt", "正文 <script>alert(1)</script>".encode())
    response = client_as(site.clerk).get(reverse("records:file", args=[file.pk]))
    assert (response.status_code, read(response)) == (200, "正文 <script>alert(1)</script>".encode())
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["ETag"] == f'"{file.sha256}"'
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "status", "given"),
    [
        ("bytes=2-4", 206, b"cde"),
        ("bytes=7-", 206, b"hij"),
        ("bytes=-3", 206, b"hij"),
        ("bytes=0-99", 206, b"abcdefghij"),
        ("bytes=20-30", 416, b""),
        ("lines=1-2", 200, b"abcdefghij"),
        ("bytes=-", 200, b"abcdefghij"),
        ("bytes=5-2", 416, b""),
    ],
)
def test_ranges_are_answered(site: World, client_as: Any, asked: str, status: int, given: bytes) -> None:
    file = keep(site, "a.txt", b"abcdefghij")
    response = client_as(site.clerk).get(reverse("records:file", args=[file.pk]), headers={"Range": asked})
    assert (response.status_code, read(response)) == (status, given)


def test_a_file_that_is_known_already_is_not_sent_again(site: World, client_as: Any) -> None:
    file = keep(site, "a.txt", b"words")
    client, address = client_as(site.clerk), reverse("records:file", args=[file.pk])
    assert client.get(address, headers={"If-None-Match": f'"{file.sha256}"'}).status_code == 304
    outsider = client_as(site.outsider)
    assert outsider.get(address, headers={"If-None-Match": f'"{file.sha256}"'}).status_code == 404


@pytest.mark.parametrize("page", ["file", "preview", "page_image"])
def test_what_one_may_not_see_is_not_there(site: World, client_as: Any, page: str) -> None:
    file = keep(site, "letter.pdf", papers.pdf())
    args = [file.pk, 1] if page == "page_image" else [file.pk]
    address = reverse(f"records:{page}", args=args)
    absent = reverse(f"records:{page}", args=[10**9, *args[1:]])
    assert client_as(site.clerk).get(address).status_code == 200
    hidden, missing = client_as(site.outsider).get(address), client_as(site.outsider).get(absent)
    assert (hidden.status_code, missing.status_code) == (404, 404)


def test_pages_are_drawn_on_the_server(site: World, client_as: Any) -> None:
    file = keep(site, "letter.pdf", papers.pdf("Words on a page", pages=3))
    client = client_as(site.clerk)
    shown = client.get(reverse("records:preview", args=[file.pk]))
    assert shown.content.count(b"<img") >= 3
    drawn = client.get(reverse("records:page_image", args=[file.pk, 3]) + "?w=480")
    assert (drawn["Content-Type"], drawn.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(drawn.content[16:20], "big") == 480
    for number in (0, 4):
        assert client.get(reverse("records:page_image", args=[file.pk, number])).status_code == 404


def test_words_of_a_word_file_are_shown_as_words(site: World, client_as: Any) -> None:
    file = keep(site, "plan.docx", papers.word("<script>alert(1)</script> 工作计划"))
    shown = client_as(site.clerk).get(reverse("records:preview", args=[file.pk])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 工作计划" in shown


def test_a_long_file_shows_its_first_pages_and_says_so(
    site: World, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = keep(site, "long.pdf", papers.pdf(pages=4))
    monkeypatch.setattr("chancery.kernel.records.files.views.rulebook.number", lambda key, on: 3)
    shown = client_as(site.clerk).get(reverse("records:preview", args=[file.pk])).content.decode()
    assert "One more page" in shown


def entry(world: World, key: int, title: str, body: str = "") -> None:
    index_item(
        guard_id=world.guard_id,
        kind="thing",
        subject=f"t.thing:{key}",
        dated=TODAY,
        title_zh=title,
        title_en=title,
        body=body,
        by=world.clerk,
        at=AT,
    )


def test_the_search_page_lists_what_the_clerk_sees_and_nothing_for_the_outsider(site: World, client_as: Any) -> None:
    entry(site, 1, "学会工作会议 <i>", "会议通知 <b>正文</b>")
    page = client_as(site.clerk).get(reverse("records:search"), {"q": "会议"}).content.decode()
    assert "学会工作<mark>会议</mark> &lt;i&gt;" in page
    assert "1 found" in page
    hidden = client_as(site.outsider).get(reverse("records:search"), {"q": "会议"}).content.decode()
    assert "学会工作" not in hidden
    assert "Nothing found that you may see" in hidden
    assert client_as(site.outsider).get(reverse("records:suggest"), {"q": "会"}).json() == {"lines": [], "more": False}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": ""},
        {"q": "会议", "page": "9999999999"},
        {"q": "会议", "page": "-1"},
        {"q": "会议", "since": "never"},
        {"q": "x" * 5000},
        {"q": "会议", "kind": "none"},
    ],
)
def test_odd_questions_get_a_page(site: World, client_as: Any, query: dict[str, str]) -> None:
    entry(site, 1, "会议")
    assert client_as(site.clerk).get(reverse("records:search"), query).status_code == 200


def test_the_search_page_turns_pages(site: World, client_as: Any, django_assert_num_queries: Any) -> None:
    for key in range(45):
        entry(site, key, f"会议 {key}")
    client = client_as(site.clerk)
    last = client.get(reverse("records:search"), {"q": "会议", "page": "3"}).content.decode()
    assert last.count('class="title"') == 5


def test_the_register_of_numbers_shows_use_and_voids_with_reasons(site: World, client_as: Any) -> None:
    register_document(
        guard_id=site.guard_id,
        unit_id=site.office_id,
        direction="IN",
        label=10,
        series="test",
        by=site.clerk,
        at=AT,
        kind="LETTER",
        title="来函标题",
        sender="某单位",
    )
    other = issue_number(series="test", year=2026, guard_id=site.guard_id, by=site.clerk, at=AT)
    void_number(number_id=other.pk, reason="登记重复", by=site.registrar, at=AT)
    client = client_as(site.clerk)
    listed = client.get(reverse("records:numbers_of", args=["test", 2026])).content.decode()
    assert all(words in listed for words in ("收〔2026〕1号", "来函标题", "收〔2026〕2号", "登记重复"))
    overview = client.get(reverse("records:numbers")).content.decode()
    assert reverse("records:numbers_of", args=["test", 2026]) in overview
    for address in (reverse("records:numbers"), reverse("records:numbers_of", args=["test", 2026])):
        hidden = client_as(site.outsider).get(address).content.decode()
        assert "收〔2026〕" not in hidden
        assert reverse("records:numbers_of", args=["test", 2026]) + '"' not in hidden.replace(address + '"', "")


def test_a_number_is_voided_on_its_page_with_a_reason(site: World, client_as: Any) -> None:
    number = issue_number(series="test", year=2026, guard_id=site.guard_id, by=site.clerk, at=AT)
    address = reverse("records:number", args=[number.pk])
    client = client_as(site.registrar)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client_as(site.clerk).post(address, {"reason": "mine"}).status_code == 422
    assert "Give this number up" not in client_as(site.clerk).get(address).content.decode()
    assert client_as(site.outsider).post(address, {"reason": "mischief"}).status_code == 404
    assert client.post(address, {"reason": "登记重复"}).status_code == 302
    assert "登记重复" in client.get(address).content.decode()
    assert client.post(address, {"reason": "again"}).status_code == 422


def test_nobody_signed_in_is_sent_to_sign_in(site: World, client: Any) -> None:
    file = keep(site, "a.txt", b"words")
    for address in (
        reverse("records:file", args=[file.pk]),
        reverse("records:preview", args=[file.pk]),
        reverse("records:search"),
        reverse("records:suggest"),
        reverse("records:numbers"),
        reverse("records:number", args=[1]),
    ):
        assert client.get(address).status_code in (302, 401, 403), address


def test_the_list_of_numbers_does_not_grow_in_queries(
    site: World, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    client, address = client_as(site.clerk), reverse("records:numbers_of", args=["test", 2026])
    issue_number(series="test", year=2026, guard_id=site.guard_id, by=site.clerk, at=AT)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _n in range(29):
        issue_number(series="test", year=2026, guard_id=site.guard_id, by=site.clerk, at=AT)
    with CaptureQueriesContext(connection) as thirty:
        client.get(address)
    assert len(thirty) == len(one)


def test_what_the_outsider_reads_in_history_is_nothing(site: World) -> None:
    from chancery.foundations.journal import queries as journal

    file = keep(site, "secret plan.txt", b"words")
    with acting_as(site.outsider):
        assert journal.history(file) == []
