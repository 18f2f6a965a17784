"""Comments: anchored to a passage, found again after edits, resolved, and who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.departments.general_office.outgoing_documents.comments import queries, services
from chancery.departments.general_office.outgoing_documents.comments.queries import found_again
from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import clock, manuscript
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast

TEXT = "各部门：\n请于十二月十日前将二〇二七年度预算报送计划财务部。\n联系人：陆嘉。"


@pytest.fixture
def draft(cast: Cast) -> OutgoingDocument:
    body = manuscript.from_plain(TEXT, profile="cn")
    facts = {"title": "关于报送预算的通知", "body": body, "main": [cast.units["AS"]], "direction": "PARALLEL"}
    return drafting.open_draft(paper_type="NOTICE", profile="cn", facts=facts, by=cast.drafter, at=clock.now())


def on(words: str) -> manuscript.Anchor:
    start = TEXT.index(words)
    return manuscript.anchor_at(TEXT, start, start + len(words))


def change(cast: Cast, draft: OutgoingDocument, text: str) -> None:
    body = manuscript.from_plain(text, profile="cn")
    drafting.save_draft(document_id=draft.pk, facts={"body": body}, by=cast.drafter, at=clock.now())


def threads(cast: Cast, draft: OutgoingDocument) -> list[queries.Thread]:
    with acting_as(cast.drafter):
        return queries.threads(draft.pk, OutgoingDocument.objects.get(pk=draft.pk).body)


def test_a_comment_is_found_again_moved_changed_or_orphaned(cast: Cast, draft: OutgoingDocument) -> None:
    by, at = cast.drafter, clock.now()
    services.make_comment(document_id=draft.pk, text="哪一天？", anchor=on("十二月十日前"), by=by, at=at)
    services.make_comment(document_id=draft.pk, text="全文", by=by, at=at)
    change(cast, draft, "前言。\n" + TEXT)
    whole, moved = threads(cast, draft)
    assert whole.anchor is None
    assert not whole.is_orphaned
    assert moved.anchor is not None
    assert moved.anchor["exact"] == "十二月十日前"
    assert moved.anchor["start"] == on("十二月十日前")["start"] + len("前言。\n")
    change(cast, draft, TEXT.replace("十二月十日前", "十二月十五日前"))
    _whole, changed = threads(cast, draft)
    assert changed.is_changed
    assert changed.anchor is not None
    assert changed.anchor["exact"] == "十二月十五日前"
    change(cast, draft, "另行通知。")
    _whole, gone = threads(cast, draft)
    assert gone.is_orphaned
    assert gone.said["exact"] == "十二月十日前"


def test_threads_are_answered_resolved_and_opened_again(cast: Cast, draft: OutgoingDocument) -> None:
    by, at = cast.drafter, clock.now()
    made = services.make_comment(document_id=draft.pk, text="联系人换一下", anchor=on("陆嘉"), by=by, at=at)
    drafting.ask_along(document_id=draft.pk, post_ids=[cast.unit_checker.post_id or 0], by=by, at=at)
    services.answer_comment(comment_id=made.pk, text="好", by=cast.unit_checker, at=at)
    services.resolve_comment(comment_id=made.pk, by=cast.unit_checker, at=at)
    (thread,) = threads(cast, draft)
    assert [answer["text"] for answer in thread.answers] == ["好"]
    assert thread.said["resolved_at"]
    with acting_as(by):
        assert queries.count_open(draft.pk) == 0
    services.reopen_comment(comment_id=made.pk, by=by, at=at)
    with acting_as(by):
        assert queries.count_open(draft.pk) == 1


def test_who_may_not_see_the_paper_does_not_comment_on_it(
    cast: Cast, draft: OutgoingDocument, client_as: Callable[..., Client]
) -> None:
    with pytest.raises(services.NoSuchComment):
        services.make_comment(document_id=draft.pk, text="x", by=cast.outsider, at=clock.now())
    address = f"/general-office/outgoing/{draft.pk}/comments/"
    assert client_as(cast.outsider).post(address, {"text": "x"}).status_code == 404


def test_an_empty_a_long_and_a_marked_comment_are_refused(cast: Cast, draft: OutgoingDocument) -> None:
    for text in ("  ", "x" * 2001, "绝密★启用前"):
        with pytest.raises(Refused):
            services.make_comment(document_id=draft.pk, text=text, by=cast.drafter, at=clock.now())
    with pytest.raises(Refused):
        services.make_comment(document_id=draft.pk, text="x", anchor={"exact": 1}, by=cast.drafter, at=clock.now())


def test_commenting_from_the_page_with_and_without_script(
    cast: Cast, draft: OutgoingDocument, client_as: Callable[..., Client]
) -> None:
    page = client_as(cast.drafter)
    address = f"/general-office/outgoing/{draft.pk}/comments/"
    plain = page.post(address, {"text": "<b>请核</b>", "quoted": "计划财务部"})
    assert plain.status_code == 302
    part = page.post(address, {"text": "再核", "anchor": json.dumps(on("陆嘉"))}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "&lt;b&gt;请核&lt;/b&gt;" in part.content.decode()
    assert {thread.anchor["exact"] for thread in threads(cast, draft) if thread.anchor} == {"计划财务部", "陆嘉"}
    first = threads(cast, draft)[0].id
    page.post(f"{address}{first}/resolve/", {"way": "resolve"}, headers={"HX-Request": "true"})
    assert threads(cast, draft)[0].said["resolved_at"]
    empty = page.post(address, {"text": " "}, headers={"HX-Request": "true"})
    assert 'role="alert"' in empty.content.decode()


@given(st.text(alphabet="甲乙丙丁戊己庚辛 ", min_size=8, max_size=60), st.data())
def test_a_passage_that_still_stands_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = manuscript.anchor_at(text, start, end)
    found, is_changed = found_again(text, quote)
    assert found is not None
    assert found["exact"] == text[start:end]
    assert not is_changed
