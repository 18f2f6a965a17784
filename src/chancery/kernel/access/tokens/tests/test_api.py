"""Tokens: made once, hashed, scoped, expiring, tied to a hat that is still held."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import reverse

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.accounts.services import close_account
from chancery.kernel.access.middleware import ActorMiddleware
from chancery.kernel.access.rules import within_scope
from chancery.kernel.access.tokens.models import ApiToken
from chancery.kernel.access.tokens.services import make_token, revoke_token
from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.services import end_holding

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(days=10)


def make(by: Actor, *, scopes: tuple[str, ...] = ("matters:read",), lasts: dt.timedelta = SOON) -> tuple[ApiToken, str]:
    at = clock.now()
    return make_token(name="Script", scopes=list(scopes), expires_at=at + lasts, by=by, at=at)


def call(key: str, path: str = "/api/matters", **more: str) -> tuple[int, Actor | None]:
    seen: list[Actor] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.actor)
        return JsonResponse({})

    request = RequestFactory().get(path, HTTP_AUTHORIZATION=f"Bearer {key}", **more)
    response = ActorMiddleware(view)(request)
    return response.status_code, seen[0] if seen else None


def test_a_token_acts_as_its_person_under_its_hat_within_its_scopes(cast: Cast) -> None:
    _token, key = make(cast.two_hats_enterprise)
    status, actor = call(key)
    assert status == 200
    assert actor is not None
    assert (actor.person_id, actor.post_id, actor.scopes) == (
        cast.two_hats_enterprise.person_id, cast.two_hats_enterprise.post_id, frozenset({"matters:read"}),
    )  # fmt: skip
    assert within_scope(actor, "matters:read")
    assert not within_scope(actor, "matters:write")
    assert within_scope(cast.outsider, "matters:write")


def test_only_a_digest_and_the_first_letters_are_kept(cast: Cast) -> None:
    token, key = make(cast.handler)
    with acting_as(SYSTEM):
        stored = str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert key not in stored
    assert key.startswith(token.prefix)
    assert len(token.prefix) == 10
    assert len(key) > 40


@pytest.mark.parametrize("key", ["chy_wrong", "chy_", "\x00", "a" * 5000])
def test_an_unknown_key_is_401(cast: Cast, key: str) -> None:
    assert call(key) == (401, None)


def test_an_expired_or_revoked_key_is_401(cast: Cast) -> None:
    token, key = make(cast.handler)
    with clock.fixed_at(clock.now() + SOON + dt.timedelta(seconds=1)):
        assert call(key) == (401, None)
    assert call(key)[0] == 200
    revoke_token(token_id=token.pk, by=cast.handler, at=clock.now())
    assert call(key) == (401, None)


def test_a_key_dies_with_the_hat_and_with_the_account(cast: Cast) -> None:
    _token, hat_key = make(cast.handler)
    _token, account_key = make(cast.outsider)
    with acting_as(SYSTEM):
        end_holding(
            holding_id=Holding.objects.get(person_id=cast.handler.person_id).pk,
            on=clock.today(),
            by=SYSTEM,
            at=clock.now(),
        )
    close_account(account_id=cast.outsider.account_id or 0, by=cast.administrator, at=clock.now())
    assert call(hat_key) == (401, None)
    assert call(account_key) == (401, None)


def test_a_key_opens_the_api_only(cast: Cast) -> None:
    _token, key = make(cast.handler)
    status, actor = call(key, "/account/")
    assert status == 200
    assert actor is not None
    assert not actor.is_person


def test_its_last_use_is_noted_once_a_minute(cast: Cast) -> None:
    token, key = make(cast.handler)
    start = clock.now()
    used = []
    for seconds in (0, 30, 90):
        with clock.fixed_at(start + dt.timedelta(seconds=seconds)):
            call(key)
        with acting_as(SYSTEM):
            used.append(ApiToken.objects.get(pk=token.pk).last_used_at)
    assert used == [start, start, start + dt.timedelta(seconds=90)]


@pytest.mark.parametrize(
    ("scopes", "lasts", "field"),
    [((), SOON, "scopes"), (("all",), SOON, "scopes"), (("matters:read",), dt.timedelta(0), "expires_on"),
     (("matters:read",), dt.timedelta(days=400), "expires_on")],
)  # fmt: skip
def test_what_a_token_may_not_be(cast: Cast, scopes: tuple[str, ...], lasts: dt.timedelta, field: str) -> None:
    with pytest.raises(Refused) as caught, transaction.atomic():
        make(cast.handler, scopes=scopes, lasts=lasts)
    assert caught.value.field == field


def test_a_token_makes_no_token(cast: Cast) -> None:
    _token, key = make(cast.handler)
    _status, actor = call(key)
    assert actor is not None
    with pytest.raises(Refused), transaction.atomic():
        make(actor)


def test_somebody_elses_token_is_neither_seen_nor_revoked(cast: Cast) -> None:
    token, key = make(cast.handler)
    with pytest.raises(Refused), transaction.atomic():
        revoke_token(token_id=token.pk, by=cast.outsider, at=clock.now())
    with acting_as(cast.outsider), transaction.atomic():
        assert not ApiToken.objects.exists()
    assert call(key)[0] == 200


def test_the_page_shows_the_key_once(cast: Cast, client_as) -> None:
    client = client_as(cast.handler)
    form = {"name": "Script", "scopes": ["matters:read"], "expires_on": (clock.today() + SOON).isoformat()}
    page = client.post(reverse("access:tokens"), form)
    key = page.context["key"]
    assert key.encode() in page.content
    assert page.headers["Cache-Control"] == "no-store"
    again = client.get(reverse("access:tokens"))
    assert key.encode() not in again.content
    assert page.context["made"].prefix.encode() in again.content
    client.post(reverse("access:revoke_token", args=[page.context["made"].pk]))
    assert call(key) == (401, None)
