"""What the public is told when something is refused: in the reader's language, with what to do next."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.test import RequestFactory
from django.utils import translation

from chancery.foundations.actor import PUBLIC
from chancery.foundations.verdict import Unavailable
from chancery.foundations.web import errors

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
    400: lambda: errors.bad_request(asks()),
    403: lambda: errors.forbidden(asks()),
    404: lambda: errors.not_found(asks()),
    413: lambda: errors.bad_request(asks(), RequestDataTooBig()),
    429: lambda: errors.too_many(asks(), 40),
    500: lambda: broken(ValueError("x")),
    503: lambda: broken(OperationalError("the connection is lost")),
}


@pytest.mark.parametrize("status", PAGES)
@pytest.mark.parametrize(("language", "lang", "first"), [("en", "en", "First page"), ("zh-hans", "zh-Hans", "")])
def test_each_says_what_happened_and_what_to_do(status: int, language: str, lang: str, first: str) -> None:
    with translation.override(language):
        answer = PAGES[status]()
    said = answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{lang}"' in said
    assert said.count("<h1") == 1
    assert "<main" in said
    assert 'href="/"' in said
    assert first in said
    assert str(status) in said


def test_a_store_that_does_not_answer_is_not_just_now_and_no_fault() -> None:
    answer = broken(Unavailable("The store does not answer."))
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")


def test_who_calls_too_often_is_told_until_when() -> None:
    answer = errors.too_many(asks(), 40)
    assert (answer["Retry-After"], "40 seconds" in answer.content.decode()) == ("40", True)
