"""A notice goes out when another person has cleared every item of it, and leaves a trace when it is taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client

from chancery.foundations.actor import PUBLIC, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Matter, Task
from chancery.kernel.publishing.models import NoticeItem, PublicNotice
from chancery.kernel.publishing.notices import queries, services
from chancery.kernel.publishing.notices.terms import NoticeState

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
TITLE = ("Office closed", "闭馆公告")
TEXT = ("The office is closed on Monday.\n\nLetters are taken in.", "星期一不对外办公。\n\n信函照常接收。")


def drafted(cast: Any, by: Actor | None = None, **more: Any) -> PublicNotice:
    by = by or cast.chaser
    with acting_as(by):
        return services.draft_notice(
            **{"unit_id": cast.units["GO"], "title": TITLE, "text": TEXT, "by": by, "at": AT, **more}
        )


def submitted(cast: Any) -> tuple[PublicNotice, Matter]:
    notice = drafted(cast)
    with acting_as(cast.chaser):
        return notice, services.submit_notice(notice_id=notice.pk, by=cast.chaser, at=AT)


def decide(matter: Matter, by: Actor, outcome: str, held: str = "", opinion: str = "") -> None:
    with acting_as(by), transaction.atomic():
        task = Task.objects.filter(matter_id=matter.pk, done_at=None).first()
        assert task is not None, "nothing waits for this person"
        data: dict[str, str] = {}
        for item in queries.items_of(queries.notice_id_of(matter)):
            verdict = "HELD" if held and item.position == 1 else "CLEARED"
            data |= {f"verdict_{item.pk}": verdict, f"reason_{item.pk}": held if verdict == "HELD" else ""}
        procedures.complete(task_id=task.pk, outcome=outcome, opinion=opinion, data=data, by=by, at=AT)


def published(cast: Any) -> PublicNotice:
    notice, matter = submitted(cast)
    decide(matter, cast.office_reviewer, "PUBLISH")
    return notice


def test_the_public_reads_it_once_another_person_cleared_every_item(cast: Any) -> None:
    notice, matter = submitted(cast)
    with acting_as(PUBLIC):
        assert PublicNotice.objects.count() == NoticeItem.objects.count() == 0
    decide(matter, cast.office_reviewer, "PUBLISH")
    with acting_as(PUBLIC):
        found = queries.published_notice(notice.pk)
        assert found is not None
        assert [item.text_zh for item in queries.text_of(notice.pk)] == ["星期一不对外办公。", "信函照常接收。"]
    page = Client(headers={"accept-language": "en"}).get(f"/public-notices/{notice.pk}/").content.decode()
    assert "The office is closed on Monday." in page


def test_one_item_that_may_not_go_out_holds_the_whole(cast: Any) -> None:
    notice, matter = submitted(cast)
    with pytest.raises(Refused, match="not cleared"):
        decide(matter, cast.office_reviewer, "PUBLISH", held="A name stands in it")
    decide(matter, cast.office_reviewer, "RETURN", held="A name stands in it", opinion="Take the name out")
    with acting_as(cast.chaser):
        back = queries.notice(notice.pk)
        assert back is not None and back.state == NoticeState.DRAFT
        assert [item.reason for item in queries.items_of(notice.pk)] == ["", "A name stands in it", ""]
        services.change_notice(notice_id=notice.pk, title=TITLE, text=TEXT, seen_version=1, by=cast.chaser, at=AT)
        assert {item.verdict for item in queries.items_of(notice.pk)} == {""}


def test_its_writer_does_not_clear_it(cast: Any) -> None:
    from chancery.foundations.actor import SYSTEM
    from chancery.kernel.access.roles.services import grant_role

    with acting_as(SYSTEM):
        grant_role(
            post_id=cast.chaser.post_id, role="publication_reviewer", unit_id=cast.units["GO"],
            valid_from=AT.date(), by=SYSTEM, at=AT,
        )  # fmt: skip
    _notice, matter = submitted(cast)
    with pytest.raises(Refused, match="Another person"):
        decide(matter, cast.chaser, "PUBLISH")


@pytest.mark.parametrize("member", ["outsider", "handler", "office_reviewer"])
def test_only_an_editor_writes(cast: Any, member: str) -> None:
    with pytest.raises(Refused):
        drafted(cast, getattr(cast, member))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ("", "x")}, "title_en"),
        ({"title": ("x", " ")}, "title_zh"),
        ({"title": ("x" * 161, "x")}, "title_en"),
        ({"text": ("one", "")}, "text_zh"),
        ({"text": ("one\n\ntwo", "一")}, "text_zh"),
        ({"text": ("x" * 4001, "一")}, "text_en"),
    ],
)
def test_a_notice_is_whole_in_both_languages(cast: Any, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        drafted(cast, **facts)
    assert caught.value.field == field


def test_a_marked_notice_is_refused(cast: Any) -> None:
    with pytest.raises(Refused, match="state-secret"):
        drafted(cast, text=("one", "机密★20年"))


def test_who_was_quicker_is_told(cast: Any) -> None:
    notice = drafted(cast)
    with acting_as(cast.chaser):
        services.change_notice(notice_id=notice.pk, title=TITLE, text=TEXT, seen_version=1, by=cast.chaser, at=AT)
        with pytest.raises(Stale):
            services.change_notice(notice_id=notice.pk, title=TITLE, text=TEXT, seen_version=1, by=cast.chaser, at=AT)


def test_taken_back_it_leaves_its_trace_and_not_its_words(cast: Any) -> None:
    notice = published(cast)
    with acting_as(cast.chaser):
        with pytest.raises(Refused):
            services.withdraw_notice(notice_id=notice.pk, reason=" ", by=cast.chaser, at=AT)
        services.withdraw_notice(notice_id=notice.pk, reason="Wrong day 4711", by=cast.chaser, at=AT)
    public = Client(headers={"accept-language": "en"})
    gone = public.get(f"/public-notices/{notice.pk}/")
    assert gone.status_code == 410
    for answer in (gone, public.get("/public-notices/"), public.get("/public-notices/feed/en/")):
        said = answer.content.decode()
        assert "closed" not in said and "4711" not in said
    assert f"Notice {notice.pk}, published on 2026-11-23" in public.get("/public-notices/").content.decode()


@pytest.mark.parametrize(
    "statement",
    [
        "update publishing_publicnotice set state = 'PUBLISHED', published_at = now()",
        "update publishing_publicnotice set state = 'WITHDRAWN', withdrawn_at = now(), withdrawn_reason = 'x'",
        "update publishing_noticeitem set text_en = 'other'",
        "update publishing_publicnotice set title_en = 'other'",
        "delete from publishing_noticeitem",
        "delete from publishing_publicnotice",
    ],
)
def test_raw_sql_publishes_nothing_and_changes_nothing_under_review(cast: Any, statement: str) -> None:
    submitted(cast)
    for by in (cast.chaser, cast.office_reviewer):
        with acting_as(by), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_feed_is_atom_in_each_language(cast: Any) -> None:
    notice = published(cast)
    for language, title in (("en", TITLE[0]), ("zh-hans", TITLE[1])):
        answer = Client().get(f"/public-notices/feed/{language}/")
        root = ET.fromstring(answer.content)
        ns = {"a": "http://www.w3.org/2005/Atom"}
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        entry = root.find("a:entry", ns)
        assert entry is not None
        assert entry.findtext("a:title", namespaces=ns) == title
        assert str(entry.findtext("a:id", namespaces=ns)).endswith(f"/public-notices/{notice.pk}/")
    assert Client().get("/public-notices/feed/fr/").status_code == 404


def test_the_public_list_asks_no_more_for_more_notices(cast: Any, django_assert_num_queries: Any) -> None:
    from django.test.utils import CaptureQueriesContext

    published(cast)
    public = Client()
    public.get("/public-notices/")
    with CaptureQueriesContext(connection) as one:
        public.get("/public-notices/")
    for _turn in range(4):
        published(cast)
    with CaptureQueriesContext(connection) as five:
        public.get("/public-notices/")
    assert len(one) == len(five)


def test_editors_see_their_pages_and_others_none(cast: Any, client_as: Any) -> None:
    notice = drafted(cast)
    address = f"/publishing/notices/{notice.pk}/"
    assert client_as(cast.chaser).get(address).status_code == 200
    assert client_as(cast.outsider).get(address).status_code == 403
    sent = client_as(cast.chaser).post(f"{address}submit/")
    assert sent.status_code == 302
    assert client_as(cast.chaser).get(f"{address}change/").status_code == 404


def test_the_story_is_told_once(cast: Any) -> None:
    from chancery.kernel.publishing.notices import demo

    for _turn in range(2):
        demo.tell(cast=cast, now=AT)
    with acting_as(cast.chaser):
        assert sorted(PublicNotice.objects.values_list("state", flat=True)) == [
            "PUBLISHED",
            "PUBLISHED",
            "REVIEW",
            "WITHDRAWN",
        ]
