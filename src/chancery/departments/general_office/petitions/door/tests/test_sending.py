"""Sending a petition: once, whole, and what is refused at the door."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from django.test import Client

from chancery.departments.general_office.petitions.door.tests.visitor import (
    WORDS,
    Visitor,
    code_in,
    field,
    text,
    token,
    upload,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionFile
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.publishing.queries import subject_of

NAME = "欧阳晓明"


def petitions() -> list[Petition]:
    with acting_as(SYSTEM):
        return list(Petition.objects.order_by("pk"))


def files() -> list[PetitionFile]:
    with acting_as(SYSTEM):
        return list(PetitionFile.objects.order_by("pk"))


def test_a_petition_is_written_read_through_computed_for_and_received(visitor: Visitor) -> None:
    page = visitor.check()
    said = text(page)
    assert "请复核评审结果。" in said and NAME in said
    assert petitions() == []
    sent = visitor.send(files=[upload("letter.txt")])
    [made] = petitions()
    assert (made.kind, made.channel, made.field, made.region, made.is_anonymous) == (
        "APPEAL",
        "WEB",
        "awards",
        "北京",
        False,
    )
    assert subject_of(code_in(sent)) == f"general_office.petition:{made.pk}"
    assert [file.name for file in files()] == ["Attachment 1.txt"]
    assert sent["Cache-Control"] == "no-store"


def test_who_stays_unnamed_leaves_no_name(visitor: Visitor) -> None:
    sent = visitor.send(who="anonymous", name=NAME, phone="13800138000")
    assert code_in(sent)
    [made] = petitions()
    assert made.is_anonymous


def test_a_second_click_gets_the_same_receipt_and_makes_no_second_petition(visitor: Visitor) -> None:
    page = visitor.check()
    data = {**WORDS, "send_token": field(page, "send_token"), **visitor.answered(page)}
    first, second = visitor.post("/petitions/send/", data), visitor.post("/petitions/send/", data)
    assert code_in(first) == code_in(second)
    assert "not received twice" in text(second)
    assert len(petitions()) == 1


def test_a_form_sent_long_ago_is_told_so_without_its_code(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    page = visitor.check()
    data = {**WORDS, "send_token": field(page, "send_token"), **visitor.answered(page)}
    code = code_in(visitor.post("/petitions/send/", data))
    monkeypatch.setattr("chancery.kernel.publishing.queries.code_of_form", lambda token, at: "")
    late = visitor.post("/petitions/send/", data)
    assert (late.status_code, code in late.content.decode()) == (409, False)
    assert len(petitions()) == 1


# --- The computation -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("proved", [{}, {"proof": "x"}, {"proof": "x", "proof_answer": "1,2,3,4,5,6,7,8"}])
def test_without_the_computation_nothing_is_received_and_everything_typed_stays(
    visitor: Visitor, proved: dict[str, str]
) -> None:
    refused = visitor.send(proved=proved)
    assert (refused.status_code, petitions()) == (422, [])
    assert field(refused, "request") == WORDS["request"]
    assert field(refused, "name") == NAME


def test_a_computation_serves_one_petition(visitor: Visitor) -> None:
    page = visitor.check()
    proved = visitor.answered(page)
    assert code_in(visitor.send(proved=proved))
    again = visitor.send(proved=proved)
    assert (again.status_code, "used already" in text(again), len(petitions())) == (422, True, 1)


def test_without_javascript_it_is_taken_after_the_wait(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    from chancery.foundations import clock

    page = visitor.check()
    assert "45 seconds" in text(page)
    data = {**WORDS, "send_token": field(page, "send_token"), "proof": field(page, "proof"), "proof_answer": ""}
    early = visitor.post("/petitions/send/", data)
    assert (early.status_code, "Without JavaScript the form is taken after a short wait" in text(early)) == (422, True)
    assert field(early, "proof") == data["proof"], "the time already waited counts"
    with clock.fixed_at(clock.now() + dt.timedelta(seconds=46)):
        assert code_in(visitor.post("/petitions/send/", data))


# --- What is refused -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"request": ""}, "This field is required"),
        ({"request": "机密★20年"}, "state-secret marking"),
        ({"facts": "<script>alert(1)</script>"}, "plain text"),
        ({"facts": "a\x07b"}, "signs that cannot be shown"),
        ({"request": "长" * 20_001}, "longer than the 20000 characters"),
        ({"name": " "}, "Type your name"),
        ({"who": ""}, "This field is required"),
        ({"facts": "他的身份证号是 11010519491231002X"}, "an identity card number"),
        ({"facts": "电话 138-0013-8000"}, "a mobile telephone number"),
        ({"reasons": "账号 6222 0210 0112 2233 447"}, ""),
        ({"group_size": "0"}, "greater than or equal to 1"),
        ({"subject_unit": "999999"}, "Select a valid choice"),
        ({"field": "nothing"}, "Select a valid choice"),
    ],
)
def test_what_is_refused_is_said_at_the_field_with_everything_typed_still_there(
    visitor: Visitor, words: dict[str, str], said: str
) -> None:
    page = visitor.check(**words)
    if not said:
        assert page.status_code == 200, "a long number that is no card number passes"
        return
    assert page.status_code == 422
    assert said in text(page)
    assert "北京" in page.content.decode()
    assert "alert(1)</script>" not in page.content.decode()
    assert petitions() == []


def test_numbers_that_must_stay_are_taken_when_the_sender_says_so(visitor: Visitor) -> None:
    facts = "他的身份证号是 11010519491231002X"
    asked = visitor.check(facts=facts)
    assert 'name="keep_data"' in asked.content.decode()
    assert code_in(visitor.send(facts=facts, keep_data="on"))


def locked_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out, encryption=pikepdf.Encryption(owner="x", user="y"))
    return out.getvalue()


def macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<w/>")
        made.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("program.exe", b"MZ\x90\x00" + b"\0" * 100), "Files of this type"),
        (("letter.pdf", b"MZ\x90\x00" + b"\0" * 100), ""),
        (("letter.pdf", b"plain text"), "does not fit the content"),
        (("letter.docx", macros()), ""),
        (("locked.pdf", locked_pdf()), "locked with a password"),
        (("many.zip", b"PK\x03\x04" + b"\0" * 60), ""),
        (("empty.txt", b""), "The file is empty"),
        (("secret.txt", "机密★20年".encode()), "state-secret marking"),
        (("page.html", b"<html><script>x</script></html>"), "Files of this type"),
        (("large.txt", b"x" * (20 * 1024 * 1024 + 1)), "larger than 20 MB"),
    ],
)
def test_bad_attachments_are_refused_at_the_field_and_nothing_is_received(
    visitor: Visitor, file: tuple[str, bytes], said: str
) -> None:
    refused = visitor.send(files=[upload("good.txt"), upload(*file)])
    assert (refused.status_code, petitions()) == (422, [])
    assert said in text(refused)
    assert 'id="id_files_error"' in refused.content.decode()
    assert field(refused, "facts") == WORDS["facts"]


def test_no_more_attachments_than_are_taken(visitor: Visitor) -> None:
    refused = visitor.send(files=[upload(f"{n}.txt") for n in range(11)])
    assert (refused.status_code, "At most 10 attachments" in text(refused), petitions()) == (422, True, [])


def test_a_marked_petition_sent_past_the_form_is_refused_and_leaves_nothing(visitor: Visitor) -> None:
    page = visitor.check()
    data = {**WORDS, "send_token": token(), **visitor.answered(page), "facts": "绝密★启用前"}
    refused = visitor.post("/petitions/send/", data)
    assert (refused.status_code, petitions()) == (422, [])


# --- Floods ----------------------------------------------------------------------------------------------------------
def test_a_flood_from_one_place_is_refused_while_another_place_is_served(visitor: Visitor) -> None:
    """Ten thousand within a minute, as far as the door's counters go: the first hundred are really sent, the rest is
    added to the place's count."""
    from django.db import connection

    from chancery.departments.general_office.petitions.door.terms import HOUR, SEND
    from chancery.foundations.web import rate_limit

    answers = [visitor.post("/petitions/send/", WORDS).status_code for _turn in range(100)]
    assert answers[:30] == [422] * 30, "each lacks its computation"
    assert answers[30:] == [429] * 70
    with connection.cursor() as cursor:
        key = rate_limit.hashed(SEND, "192.0.2.7")
        cursor.execute("update web_knock set count = count + 9900 where key = %s", [key])
    assert rate_limit.counted(SEND, "192.0.2.7", HOUR) == 10_000
    refused = visitor.post("/petitions/send/", WORDS)
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert petitions() == []
    assert code_in(Visitor("198.51.100.20").send())
    assert len(petitions()) == 1


def test_who_sends_too_many_is_told_when_it_goes_on_and_loses_nothing(visitor: Visitor) -> None:
    for _turn in range(30):
        visitor.post("/petitions/send/", WORDS)
    page = visitor.check()
    data = {**WORDS, "send_token": field(page, "send_token"), **visitor.answered(page)}
    refused = visitor.post("/petitions/send/", data)
    assert (refused.status_code, "30 petitions" in text(refused)) == (429, True)
    assert field(refused, "request") == WORDS["request"]
    assert int(refused["Retry-After"]) > 0


# --- Privacy of the pages --------------------------------------------------------------------------------------------
PAGES = ("/petitions/", "/petitions/write/accusation/", "/petitions/follow/", "/status/", "/public-notices/")


@pytest.mark.parametrize("path", PAGES)
def test_no_cookie_but_the_form_guard_and_no_foreign_address(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.status_code == 200
    assert set(visitor.client.cookies) <= {"csrftoken"}
    said = page.content.decode()
    assert 'src="http' not in said and 'href="http' not in said.replace('href="http://testserver', "")
    policy = page["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "script-src 'self'" in policy and "connect-src 'self'" in policy


def test_sending_sets_no_further_cookie_and_keeps_no_address(visitor: Visitor) -> None:
    from django.db import connection

    visitor.send()
    assert set(visitor.client.cookies) <= {"csrftoken"}
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(k)::text from web_knock k")
        assert not any("192.0.2.7" in row[0] for row in cursor.fetchall())


def test_a_form_of_another_site_sends_nothing() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/petitions/send/", WORDS).status_code == 403


@pytest.mark.parametrize("word", ["nothing", "APPEAL", "appeal-x"])
def test_there_are_three_kinds(visitor: Visitor, word: str) -> None:
    assert visitor.get(f"/petitions/write/{word}/").status_code == 404


def test_back_to_writing_brings_everything_along(visitor: Visitor) -> None:
    back = visitor.post("/petitions/write/appeal/", {**WORDS, "back": "1"})
    assert back.status_code == 200
    assert WORDS["facts"] in back.content.decode() and NAME in back.content.decode()


def test_the_pages_speak_chinese() -> None:
    page = Visitor(language="zh-hans").get("/petitions/")
    assert 'lang="zh-Hans"' in page.content.decode()
