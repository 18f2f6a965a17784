"""More than is taken: refused by the announced length, before anything of it is parsed, with what was typed kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from chancery.departments.general_office.petitions.door.tests.visitor import (
    WORDS,
    Visitor,
    field,
    text,
    token,
    upload,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionText
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.sizes import READ

FRAME = "----frame"
GB = 1024**3


class Wire(io.BytesIO):
    """What comes over the line; tells how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        got = super().read(size)
        self.taken += len(got)
        return got


def multipart(words: dict[str, str], size: int = 2 * READ) -> bytes:
    parts = [f'--{FRAME}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in words.items()]
    parts.append(f'--{FRAME}\r\nContent-Disposition: form-data; name="files"; filename="large.txt"\r\n\r\n')
    return "".join(parts).encode() + b"x" * size


def sent(client: Client, path: str, words: dict[str, str], *, announced: int = 3 * GB) -> tuple[Any, Wire]:
    """A form that says how long it is, of which the line holds the beginning."""
    wire = Wire(multipart(words))
    return posted(client, path, wire, announced, f"multipart/form-data; boundary={FRAME}"), wire


def posted(client: Client, path: str, wire: Wire, announced: int, kind: str) -> Any:
    line: dict[str, Any] = {"wsgi.input": wire, "CONTENT_LENGTH": str(announced), "CONTENT_TYPE": kind}
    return client.generic("POST", path, **line)


def petitions() -> int:
    with acting_as(SYSTEM):
        return Petition.objects.count()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_oversize_petition_is_refused_unread_with_the_limits_and_everything_typed(cast: Any, language: str) -> None:
    visitor = Visitor(language=language)
    words = {**WORDS, "facts": "第一行", "send_token": token()}
    refused, wire = sent(visitor.client, "/petitions/send/", words)
    said = text(refused)
    assert (refused.status_code, petitions()) == (413, 0)
    assert wire.taken <= READ, "only the beginning was read"
    assert "10" in said and "20 MB" in said and "200 MB" in said
    assert 'id="id_files_error"' in refused.content.decode()
    assert (field(refused, "request"), field(refused, "name")) == (WORDS["request"], WORDS["name"])
    assert field(refused, "send_token") == words["send_token"], "sent again it is still one petition"


def test_what_was_refused_for_its_size_is_sent_again_smaller_and_arrives_once(visitor: Visitor) -> None:
    page = visitor.check()
    words = {**WORDS, "send_token": field(page, "send_token")}
    refused, _wire = sent(visitor.client, "/petitions/send/", words)
    data = {**words, **visitor.answered(refused), "files": [upload("small.txt")]}
    assert visitor.post("/petitions/send/", data).status_code == 200
    assert petitions() == 1


def test_no_parser_sees_an_oversize_form_whole(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(self: HttpRequest) -> None:
        raise AssertionError("the body was parsed")

    monkeypatch.setattr("django.http.request.HttpRequest._load_post_and_files", parsed)
    refused, _wire = sent(visitor.client, "/petitions/send/", WORDS)
    assert refused.status_code == 413


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/json", "text/plain"])
def test_an_oversize_form_of_another_make_is_refused_unread(visitor: Visitor, content_type: str) -> None:
    wire = Wire(b"x" * READ)
    refused = posted(visitor.client, "/petitions/send/", wire, GB, content_type)
    assert (refused.status_code, wire.taken) == (413, 0)
    assert "At most" in text(refused)


@pytest.mark.parametrize(
    "path",
    [
        "/petitions/follow/",
        "/petitions/write/appeal/",
        "/verify/file/",
        "/language/",
        "/nothing/",
        "/publishing/notices/new/",
    ],
)
def test_no_other_door_reads_what_is_too_large_from_the_public(visitor: Visitor, path: str) -> None:
    refused, wire = sent(visitor.client, path, WORDS)
    assert (refused.status_code, wire.taken) == (413, 0)


def test_a_flood_of_oversize_forms_is_throttled_as_one_of_petitions(visitor: Visitor) -> None:
    answers = [sent(visitor.client, "/petitions/send/", WORDS)[0].status_code for _turn in range(91)]
    assert answers == [413] * 90 + [429]


def test_too_large_an_addition_keeps_what_was_written(visitor: Visitor) -> None:
    visitor.opens(visitor.code())
    with acting_as(SYSTEM):
        before = PetitionText.objects.count()
    refused, wire = sent(visitor.client, "/petitions/follow/case/add/", {"text": "kept words"})
    said = text(refused)
    assert (refused.status_code, "kept words" in said, "200 MB" in said) == (413, True, True)
    assert wire.taken <= READ
    with acting_as(SYSTEM):
        assert PetitionText.objects.count() == before


def test_the_form_guard_is_asked_of_an_oversize_form_too(cast: Any) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    refused, _wire = sent(strict, "/petitions/send/", WORDS)
    assert (refused.status_code, WORDS["request"] in refused.content.decode()) == (403, False)


def test_who_is_signed_in_is_not_held_by_the_public_measure(cast: Any, client_as: Any) -> None:
    from django.conf import settings

    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    answer = client_as(cast.chaser).post(
        "/publishing/notices/new/", {"title_en": "x", "large": upload("a.bin", b"x" * size)}
    )
    assert answer.status_code in (200, 422)
