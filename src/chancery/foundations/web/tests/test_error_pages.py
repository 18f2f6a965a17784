"""What the public is told when something is refused or broken: in the reader's language, with what to do next, and
nothing of what went on inside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.test import RequestFactory
from django.utils import translation

from chancery.foundations.actor import PUBLIC
from chancery.foundations.verdict import Unavailable
from chancery.foundations.web import errors
from chancery.foundations.web.tests.error_outline import INSIDE, LANGUAGES, is_whole, text

pytestmark = pytest.mark.django_db


def asks() -> Any:
    request = RequestFactory().get("/somewhere/")
    request.actor = PUBLIC  # type: ignore[attr-defined]  # set by ActorMiddleware
    return request


def broken(error: Exception) -> Any:
    def breaks() -> None:
        raise error

    try:
        breaks()
    except Exception:
        return errors.server_error(asks())


PAGES = {
    400: lambda: errors.bad_request(asks(), ValueError(INSIDE)),
    403: lambda: errors.forbidden(asks(), PermissionError(INSIDE)),
    404: lambda: errors.not_found(asks(), ValueError(INSIDE)),
    405: lambda: errors.method_not_allowed(asks(), ("GET",)),
    413: lambda: errors.bad_request(asks(), RequestDataTooBig(INSIDE)),
    429: lambda: errors.too_many(asks(), 40),
    500: lambda: broken(ValueError(INSIDE)),
    503: lambda: broken(OperationalError(INSIDE)),
}


@pytest.mark.parametrize("status", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_says_what_happened_and_what_to_do(status: int, language: str) -> None:
    with translation.override(language):
        is_whole(PAGES[status](), status, language)


def test_no_page_is_in_the_other_language() -> None:
    for status, page in PAGES.items():
        with translation.override("en"):
            english = set(re.findall(r"<(?:h1|p)[^>]*>([^<]+)", page().content.decode()))
        with translation.override("zh-hans"):
            chinese = set(re.findall(r"<(?:h1|p)[^>]*>([^<]+)", page().content.decode()))
        assert {words for words in english & chinese if not words.strip().isdigit()} == set(), status


def test_a_store_that_does_not_answer_is_not_just_now_and_no_fault() -> None:
    answer = broken(Unavailable("The store does not answer."))
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")


def test_who_calls_too_often_is_told_until_when() -> None:
    answer = errors.too_many(asks(), 40)
    assert (answer["Retry-After"], "40 seconds" in answer.content.decode()) == ("40", True)


def test_too_large_says_how_much_is_taken() -> None:
    assert "At most 20.0" in text(errors.too_large(asks(), 20 * 1024 * 1024))
