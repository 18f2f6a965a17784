"""Signing in through an identity provider. In a browser: tests/journeys/test_identity_provider.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.entrance.tests.provider import CLIENT, SECRET, Provider, served

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[Provider]:
    """A provider that is up, and configured as config/identity.py would from OIDC_*."""
    cache.clear()
    with served() as made:
        app = {
            "provider_id": "oidc",
            "name": "House Identity",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": made.issuer},
        }
        known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [app]}}
        yield made


def person(email: str, *, confirmed: object = True, sub: str = "p-1") -> dict[str, Any]:
    return {"sub": sub, "email": email, "email_verified": confirmed, "name": "Whoever"}


def leave(client: Client, **asked: str) -> HttpResponse:
    return client.post(reverse("openid_connect_login", args=["oidc"]), query_params=asked)


def onward(page: HttpResponse) -> str:
    """Where the page leads by itself; a person whose browser does not follow finds the same in its link."""
    seconds, _, address = page.headers["Refresh"].partition(";url=")
    assert (page.status_code, seconds) == (200, "0")
    assert f'href="{escape(address)}"' in page.content.decode()
    return address


def come_back(client: Client, answer: dict[str, str]) -> HttpResponse:
    return client.get(reverse("openid_connect_callback", args=["oidc"]), answer)


def sign_in(client: Client, provider: Provider) -> HttpResponse:
    return come_back(client, provider.arrive(onward(leave(client))))


def is_in(client: Client) -> bool:
    return client.get(reverse("access:account")).status_code == 200


def emails() -> set[str]:
    return set(Account.objects.values_list("email", flat=True))


def test_the_sign_in_page_offers_the_provider_and_goes_there_on_purpose_only(cast: Cast, provider: Provider) -> None:
    client = Client()
    assert "Sign in with House Identity" in client.get(reverse("account_login")).content.decode()
    page = client.get(reverse("openid_connect_login", args=["oidc"]))
    assert (page.status_code, b"House Identity" in page.content) == (200, True)
    there = urlsplit(onward(leave(client)))
    question = parse_qs(there.query)
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{provider.issuer}/authorize"
    assert question["redirect_uri"] == ["http://testserver/accounts/oidc/oidc/login/callback/"]
    assert (question["response_type"], question["code_challenge_method"]) == (["code"], ["S256"])
    assert set(question["scope"][0].split()) == {"openid", "profile", "email"}
    assert len(question["nonce"][0]) >= 24


def test_whose_account_has_the_confirmed_address_acts_under_their_hat(cast: Cast, provider: Provider) -> None:
    client, before = Client(), emails()
    provider.person = person("Lin.Shu@example.org")
    assert sign_in(client, provider).status_code == 302
    assert client.get("/").wsgi_request.actor == cast.registrar
    assert emails() == before
    with acting_as(SYSTEM):
        lines = journal.history(f"access.account:{cast.registrar.account_id}")
    assert "socialaccount" in [line["data"].get("way") for line in lines if line["act"] == "account.signed_in"]


def test_the_password_still_works_after_the_provider_was_used(cast: Cast, provider: Provider) -> None:
    provider.person = person("lin.shu@example.org")
    sign_in(Client(), provider)
    client = Client()
    client.post(reverse("account_login"), {"login": "lin.shu@example.org", "password": "sample-people-only"})
    assert is_in(client)


def test_the_second_time_one_is_known_by_the_providers_number(cast: Cast, provider: Provider) -> None:
    provider.person = person("lin.shu@example.org")
    sign_in(Client(), provider)
    provider.person = person("lin.shu@elsewhere.example.org")
    client = Client()
    sign_in(client, provider)
    assert client.get("/").wsgi_request.actor == cast.registrar


def test_the_provider_does_not_stand_in_for_the_second_factor(cast: Cast, provider: Provider) -> None:
    client = Client()
    provider.person = person(cast.accounts["administrator"].email)
    assert sign_in(client, provider).headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)


def test_who_holds_two_posts_chooses_one_after_the_provider_too(cast: Cast, provider: Provider) -> None:
    client = Client()
    provider.person = person(cast.accounts["two_hats"].email)
    assert sign_in(client, provider).headers["Location"].startswith(reverse("access:hats"))


def test_an_unknown_address_is_refused_with_a_reason_and_no_account_is_made(cast: Cast, provider: Provider) -> None:
    client, before = Client(), emails()
    provider.person = person("nobody.here@example.org")
    page = sign_in(client, provider)
    assert page.status_code == 403
    assert "The identity provider names you as nobody.here@example.org" in page.content.decode()
    assert not is_in(client)
    assert emails() == before


@pytest.mark.parametrize("confirmed", [False, "false", None, 0, "no"])
def test_an_address_the_provider_has_not_confirmed_is_refused_like_an_unknown_one(
    cast: Cast, provider: Provider, confirmed: object
) -> None:
    client, before = Client(), emails()
    provider.person = person("lin.shu@example.org", confirmed=confirmed)
    page = sign_in(client, provider)
    assert page.status_code == 403
    assert "You have no account here" in page.content.decode()
    assert not is_in(client)
    assert emails() == before


def test_a_closed_account_is_closed_to_the_provider_too(cast: Cast, provider: Provider) -> None:
    Account.objects.filter(email="lin.shu@example.org").update(is_active=False)
    client = Client()
    provider.person = person("lin.shu@example.org")
    sign_in(client, provider)
    assert not is_in(client)


def refused(client: Client, page: HttpResponse) -> bool:
    """With the page that says so, and nobody signed in."""
    return "Signing in did not work" in page.content.decode() and not is_in(client)


def test_an_answer_to_a_question_nobody_asked_is_refused(cast: Cast, provider: Provider) -> None:
    client = Client()
    provider.person = person("lin.shu@example.org")
    answer = provider.arrive(onward(leave(client)))
    assert refused(client, come_back(client, {**answer, "state": "made-up-by-someone"}))
    assert refused(client, come_back(client, {"code": answer["code"]}))


def test_an_answer_brought_by_another_browser_is_refused(cast: Cast, provider: Provider) -> None:
    provider.person = person("lin.shu@example.org")
    other = Client()
    assert refused(other, come_back(other, provider.arrive(onward(leave(Client())))))


def test_an_answer_works_once(cast: Cast, provider: Provider) -> None:
    client = Client()
    provider.person = person("lin.shu@example.org")
    answer = provider.arrive(onward(leave(client)))
    come_back(client, answer)
    assert is_in(client)
    client.logout()
    assert refused(client, come_back(client, answer))


def test_a_code_stolen_from_another_browser_is_worth_nothing(cast: Cast, provider: Provider) -> None:
    provider.person = person("lin.shu@example.org")
    stolen = provider.arrive(onward(leave(Client())))["code"]
    thief = Client()
    own = provider.arrive(onward(leave(thief)))
    assert refused(thief, come_back(thief, {**own, "code": stolen}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example.org"},
        {"aud": "another-client"},
        {"exp": 1},
        {"sub": "somebody-else"},
    ],
    ids=lambda wrong: next(iter(wrong)) + "=" + str(next(iter(wrong.values()))),
)
def test_a_token_for_another_question_house_or_person_is_refused(
    cast: Cast, provider: Provider, wrong: dict[str, Any]
) -> None:
    client = Client()
    provider.person, provider.token = person("lin.shu@example.org"), wrong
    assert refused(client, sign_in(client, provider))


def test_a_link_cannot_choose_what_the_provider_is_asked(cast: Cast, provider: Provider) -> None:
    there = onward(leave(Client(), auth_params="nonce=mine&prompt=none", scope="everything"))
    question = parse_qs(urlsplit(there).query)
    assert "everything" not in question["scope"][0]
    assert "prompt" not in question
    assert question["nonce"] != ["mine"]


def test_nobody_ties_a_foreign_identity_to_an_open_session(cast: Cast, provider: Provider, client_as) -> None:
    provider.person = person("stranger@example.org")
    for client in (Client(), client_as(cast.handler)):
        page = come_back(client, provider.arrive(onward(leave(client, process="connect"))))
        assert page.status_code == 403
        later = Client()
        assert sign_in(later, provider).status_code == 403
        assert not is_in(later)


def test_one_comes_back_to_the_page_one_wanted_and_to_no_other_site(cast: Cast, provider: Provider) -> None:
    provider.person = person("lin.shu@example.org")
    client = Client()
    assert (
        come_back(client, provider.arrive(onward(leave(client, next="/account/")))).headers["Location"] == "/account/"
    )
    away = Client()
    answer = provider.arrive(onward(leave(away, next="https://elsewhere.example.org/")))
    assert come_back(away, answer).headers["Location"] == "/"


def test_a_provider_that_is_down_leaves_the_password(cast: Cast, provider: Provider, settings: LazySettings) -> None:
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    away = {**known["APPS"][0], "settings": {"server_url": "http://127.0.0.1:1"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [away]}}
    client = Client()
    assert refused(client, leave(client))
    assert Client().get(reverse("openid_connect_login", args=["nobody"])).status_code == 404


def test_forms_go_nowhere_but_here_whatever_the_provider(cast: Cast, provider: Provider) -> None:
    policy = leave(Client()).headers["Content-Security-Policy"]
    assert "form-action 'self';" in f"{policy};"


def test_a_provider_whose_configuration_lacks_an_address_leaves_the_password(
    cast: Cast, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Provider, "configuration", lambda self: {"issuer": self.issuer})
    client = Client()
    assert refused(client, leave(client))
