"""Attachments of notices: safe kinds alone, looked through one by one with the notice, public with it and no longer."""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client

from chancery.foundations.actor import PUBLIC, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Matter, Task
from chancery.kernel.publishing.models import NoticeFile, PublicNotice
from chancery.kernel.publishing.notices import queries, services
from chancery.kernel.publishing.notices.terms import NoticeState
from chancery.kernel.publishing.notices.tests.test_notices import AT, drafted

TITLES = ("Form to fill in", "登记表")


@pytest.fixture(autouse=True)
def _store(settings: Any, tmp_path: Any) -> None:
    settings.FILE_STORE = tmp_path / "files"


def a_pdf(author: str = "") -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    if author:
        made.docinfo["/Author"] = author
    made.save(out)
    return out.getvalue()


def attached(cast: Any, notice: PublicNotice, name: str = "form.pdf", content: bytes | None = None) -> NoticeFile:
    with acting_as(cast.chaser), transaction.atomic():
        return services.attach_file(
            notice_id=notice.pk, titles=TITLES, name=name, content=io.BytesIO(content or a_pdf()), by=cast.chaser, at=AT
        )


def submitted(cast: Any, notice: PublicNotice) -> Matter:
    with acting_as(cast.chaser), transaction.atomic():
        return services.submit_notice(notice_id=notice.pk, by=cast.chaser, at=AT)


def decide(matter: Matter, by: Actor, outcome: str, held: str = "", opinion: str = "", skip: bool = False) -> None:
    with acting_as(by), transaction.atomic():
        task = Task.objects.get(matter_id=matter.pk, done_at=None)
        number = queries.notice_id_of(matter)
        data = {f"verdict_{item.pk}": "CLEARED" for item in queries.items_of(number)}
        for file in queries.files_of(number) if not skip else []:
            data |= {f"file_verdict_{file.pk}": "HELD" if held else "CLEARED", f"file_reason_{file.pk}": held}
        procedures.complete(task_id=task.pk, outcome=outcome, opinion=opinion, data=data, by=by, at=AT)


def published(cast: Any, **more: Any) -> tuple[PublicNotice, NoticeFile]:
    notice = drafted(cast)
    file = attached(cast, notice, **more)
    decide(submitted(cast, notice), cast.office_reviewer, "PUBLISH")
    return notice, file


def address(notice: PublicNotice, file: NoticeFile) -> str:
    return f"/public-notices/{notice.pk}/files/{file.pk}/"


def test_it_is_public_with_its_notice_and_not_before(cast: Any) -> None:
    notice = drafted(cast)
    file = attached(cast, notice)
    public = Client(headers={"accept-language": "en"})
    assert public.get(address(notice, file)).status_code == 404
    matter = submitted(cast, notice)
    assert public.get(address(notice, file)).status_code == 404
    with acting_as(PUBLIC):
        assert NoticeFile.objects.count() == 0
    decide(matter, cast.office_reviewer, "PUBLISH")
    page = public.get(f"/public-notices/{notice.pk}/").content.decode()
    assert "Form to fill in" in page and address(notice, file) in page
    assert (
        "登记表" in Client(headers={"accept-language": "zh-hans"}).get(f"/public-notices/{notice.pk}/").content.decode()
    )
    got = public.get(address(notice, file))
    assert b"".join(got.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a FileResponse


def test_what_leaves_the_public_door_runs_nothing_and_is_saved(cast: Any) -> None:
    notice, file = published(cast, name='Форма "x".pdf')
    got = Client().get(address(notice, file))
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"].startswith("attachment;")
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert (got["X-Content-Type-Options"], got["Cross-Origin-Resource-Policy"]) == ("nosniff", "same-origin")
    assert (got["Cache-Control"], got["Content-Length"]) == ("public, no-cache", str(file.size))
    assert "Set-Cookie" not in got.headers
    again = Client().get(address(notice, file), headers={"if-none-match": got["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_taken_back_it_is_gone_even_for_who_kept_its_tag(cast: Any) -> None:
    notice, file = published(cast)
    tag = Client().get(address(notice, file))["ETag"]
    with acting_as(cast.chaser):
        services.withdraw_notice(notice_id=notice.pk, reason="Wrong form", by=cast.chaser, at=AT)
    assert Client().get(address(notice, file), headers={"if-none-match": tag}).status_code == 404


def test_one_attachment_that_may_not_go_out_holds_the_whole(cast: Any) -> None:
    notice = drafted(cast)
    file = attached(cast, notice)
    matter = submitted(cast, notice)
    with pytest.raises(Refused, match="not cleared"):
        decide(matter, cast.office_reviewer, "PUBLISH", held="A name stands in its properties")
    with pytest.raises(Refused, match="every item"):
        decide(matter, cast.office_reviewer, "PUBLISH", skip=True)
    decide(matter, cast.office_reviewer, "RETURN", held="A name stands in its properties", opinion="Take it out")
    with acting_as(cast.chaser):
        assert [row.reason for row in queries.files_of(notice.pk)] == ["A name stands in its properties"]
        services.detach_file(notice_id=notice.pk, file_id=file.pk, by=cast.chaser, at=AT)
    decide(submitted(cast, notice), cast.office_reviewer, "PUBLISH")
    assert Client().get(f"/public-notices/{notice.pk}/").status_code == 200


def test_an_earlier_clearing_does_not_count_for_a_later_review(cast: Any) -> None:
    notice = drafted(cast)
    attached(cast, notice)
    decide(submitted(cast, notice), cast.office_reviewer, "RETURN", opinion="The text again")
    submitted(cast, notice)
    with acting_as(cast.chaser):
        assert [row.verdict for row in queries.files_of(notice.pk)] == [""]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tool.exe", b"MZ\x90\x00" + b"\0" * 64, "Files of this type"),
        ("page.html", b"<html><script>x</script></html>", "Files of this type"),
        ("feed.xml", b"<?xml version='1.0'?><a/>", "do not go out"),
        ("notes.md", b"# words", "do not go out"),
        ("mail.eml", b"From: a@example.org\nSubject: x\n\nwords\n", "do not go out"),
        ("form.pdf", b"plain words", "does not fit"),
        ("empty.txt", b"", "empty"),
        ("secret.txt", "机密★20年".encode(), "state-secret"),
        ("large.txt", b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ],
)
def test_only_safe_kinds_go_out(cast: Any, name: str, content: bytes, said: str) -> None:
    notice = drafted(cast)
    with pytest.raises(Refused, match=said), acting_as(cast.chaser), transaction.atomic():
        services.attach_file(
            notice_id=notice.pk, titles=TITLES, name=name, content=io.BytesIO(content), by=cast.chaser, at=AT
        )
    with acting_as(cast.chaser):
        assert queries.files_of(notice.pk) == []


def test_not_one_too_many_and_none_twice(cast: Any) -> None:
    notice = drafted(cast)
    for turn in range(10):
        attached(cast, notice, f"{turn}.txt", f"words {turn}".encode())
    with pytest.raises(Refused, match="at most 10"):
        attached(cast, notice, "more.txt", b"more")
    other = drafted(cast)
    attached(cast, other, "a.txt", b"the same")
    with pytest.raises(Refused, match="attached already"):
        attached(cast, other, "b.txt", b"the same")


@pytest.mark.parametrize("member", ["outsider", "handler", "office_reviewer"])
def test_only_an_editor_attaches(cast: Any, member: str) -> None:
    notice, by = drafted(cast), getattr(cast, member)
    with pytest.raises(Refused), acting_as(by), transaction.atomic():
        services.attach_file(
            notice_id=notice.pk, titles=TITLES, name="a.txt", content=io.BytesIO(b"words"), by=by, at=AT
        )


@pytest.mark.parametrize("state", [NoticeState.REVIEW, NoticeState.PUBLISHED])
def test_nothing_is_attached_or_taken_off_once_it_is_not_a_draft(cast: Any, state: str) -> None:
    notice = drafted(cast)
    file = attached(cast, notice)
    matter = submitted(cast, notice)
    if state == NoticeState.PUBLISHED:
        decide(matter, cast.office_reviewer, "PUBLISH")
    with pytest.raises(Refused):
        attached(cast, notice, "more.txt", b"more")
    with pytest.raises(Refused), acting_as(cast.chaser), transaction.atomic():
        services.detach_file(notice_id=notice.pk, file_id=file.pk, by=cast.chaser, at=AT)


@pytest.mark.parametrize(
    "statement",
    [
        "update publishing_publicnotice set state = 'PUBLISHED', published_at = now()",
        "update publishing_noticefile set sha256 = repeat('a', 64)",
        "update publishing_noticefile set title_en = 'other'",
        "delete from publishing_noticefile",
    ],
)
def test_raw_sql_lets_no_attachment_out(cast: Any, statement: str) -> None:
    notice = drafted(cast)
    attached(cast, notice)
    submitted(cast, notice)
    with acting_as(cast.office_reviewer):
        connection.cursor().execute(
            "update publishing_noticeitem set verdict = 'CLEARED', reviewed_person_id = %s, reviewed_at = now()",
            [cast.office_reviewer.person_id],
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_editor_attaches_on_the_page_and_what_is_refused_is_said_at_the_field(cast: Any, client_as: Any) -> None:
    notice = drafted(cast)
    editor, page = client_as(cast.chaser), f"/publishing/notices/{notice.pk}/"
    words = {"title_en": TITLES[0], "title_zh": TITLES[1]}
    refused = editor.post(f"{page}files/", {**words, "file": SimpleUploadedFile("a.exe", b"MZ\x90\x00")})
    assert (refused.status_code, 'id="id_file_error"' in refused.content.decode()) == (422, True)
    assert TITLES[1] in refused.content.decode()
    done = editor.post(f"{page}files/", {**words, "file": SimpleUploadedFile("form.pdf", a_pdf("Xu An"))})
    assert done["Location"] == page
    assert "form.pdf" in editor.get(page).content.decode()
    matter = submitted(cast, notice)
    with acting_as(cast.office_reviewer):
        [file] = queries.files_of(notice.pk)
    looked = client_as(cast.office_reviewer).get(f"/matters/{matter.pk}/").content.decode()
    assert f"/records/files/{file.stored_id}/preview/" in looked and "Xu An" in looked
    assert f"file_verdict_{file.pk}" in looked
    assert client_as(cast.office_reviewer).get(f"/records/files/{file.stored_id}/preview/").status_code == 200
    assert client_as(cast.outsider).get(f"/records/files/{file.stored_id}/").status_code == 404


def test_the_feed_names_it(cast: Any) -> None:
    notice, file = published(cast)
    root = ET.fromstring(Client().get("/public-notices/feed/en/").content)
    links = root.findall(".//{http://www.w3.org/2005/Atom}link[@rel='enclosure']")
    assert [link.get("href", "").endswith(address(notice, file)) for link in links] == [True]
    assert links[0].get("type") == "application/pdf"


def test_the_story_has_one_that_the_public_can_save(cast: Any) -> None:
    from chancery.kernel.publishing.notices import demo

    demo.tell(cast=cast, now=AT)
    with acting_as(PUBLIC):
        [file] = NoticeFile.objects.all()
    assert Client().get(address(file.notice, file)).status_code == 200
