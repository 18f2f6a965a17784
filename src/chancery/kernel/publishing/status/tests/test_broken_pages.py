"""Error pages through the whole site: what the public gets when a page breaks, is not there, or refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from chancery.foundations.web.tests.error_outline import INSIDE, LANGUAGES, is_whole, text

pytestmark = pytest.mark.django_db


def visitor(language: str, **more: Any) -> Client:
    return Client(headers={"accept-language": language}, raise_request_exception=False, **more)


def break_the_status_page(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def breaks(*_args: Any, **_more: Any) -> Any:
        raise error

    monkeypatch.setattr("chancery.kernel.publishing.status.queries.interruptions", breaks)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "status"), [(ValueError(INSIDE), 500), (OperationalError(INSIDE), 503), (PermissionError(INSIDE), 500)]
)
def test_a_page_that_breaks_says_so_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, language: str, error: Exception, status: int
) -> None:
    break_the_status_page(monkeypatch, error)
    answer = visitor(language).get("/status/")
    is_whole(answer, status, language)
    assert "default-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_and_what_is_not_open_look_alike(cast: Any, language: str) -> None:
    public = visitor(language)
    absent = public.get("/nothing/of/the/kind/")
    is_whole(absent, 404, language)
    assert text(public.get("/public-notices/999999/")) == text(absent)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_without_its_guard_is_refused_readably(language: str) -> None:
    is_whole(visitor(language, enforce_csrf_checks=True).post("/petitions/follow/", {"code": "x"}), 403, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_knocks_too_often_waits(cast: Any, language: str) -> None:
    public = visitor(language, REMOTE_ADDR="198.51.100.77")
    answers = [public.get("/verify/nothing-of-the-kind/") for _turn in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    is_whole(answers[30], 429, language)
    assert visitor(language, REMOTE_ADDR="198.51.100.78").get("/verify/nothing-of-the-kind/").status_code == 200
