"""Signing in through an identity provider as a person does it, in a browser, the site configured by its environment.

The provider's authorize page has a port and a host name of its own and sends the browser on to a third address, as
real ones do: nothing of that may be stopped by the site's policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from chancery.demo.members import MEMBERS
from chancery.kernel.access.entrance.tests.provider import CLIENT, SECRET, Provider, served

pytestmark = pytest.mark.journey


@pytest.fixture
def provider() -> Iterator[Provider]:
    with served(apart=True) as made:
        made.person = {"sub": "p-1", "email": MEMBERS["handler"].email, "email_verified": True, "name": "Whoever"}
        yield made


@pytest.fixture
def address(provider: Provider, site_with) -> str:
    """The address of a site that trusts the provider."""
    made = site_with(
        OIDC_ISSUER=provider.issuer, OIDC_CLIENT_ID=CLIENT, OIDC_CLIENT_SECRET=SECRET, OIDC_NAME="House Identity"
    )
    return str(made.address)


@pytest.fixture
def at_the_provider(page_as, address: str) -> Callable[..., Page]:
    """A page that went from our sign-in page to the provider's door."""

    def go(**more: object) -> Page:
        page: Page = page_as(**more)
        page.goto(f"{address}/accounts/login/?next=/account/")
        page.locator("main").get_by_role("link", name=re.compile("House Identity")).click()
        page.locator("main form button.btn-primary").click()
        expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
        return page

    return go


def is_out(page: Page, address: str) -> bool:
    page.goto(f"{address}/account/")
    return "/accounts/login/" in page.url


@pytest.mark.parametrize("javascript", [True, False])
def test_one_goes_to_the_provider_and_comes_back_signed_in_where_one_wanted(
    at_the_provider, address: str, provider: Provider, javascript: bool
) -> None:
    page = at_the_provider(javascript=javascript)
    assert page.url.startswith(f"{provider.issuer}/door?")
    page.get_by_role("link", name="I am who I am").click()
    page.wait_for_url(f"{address}/account/")
    expect(page.locator("body")).to_contain_text(MEMBERS["handler"].name_en)


def test_back_leads_from_the_provider_to_our_question_and_not_into_a_circle(at_the_provider, address: str) -> None:
    page = at_the_provider()
    page.go_back()
    page.wait_for_url(f"{address}/accounts/**")
    expect(page.locator("main")).to_contain_text("House Identity")


def test_an_answer_to_another_question_is_refused_on_a_page_of_ours(at_the_provider, address: str, axe, look) -> None:
    page = at_the_provider(width=390)
    page.get_by_role("link", name="Answer another question").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signing in did not work")
    assert axe(page) == []
    look(page, "oidc-wrong-state")
    assert is_out(page, address)


@pytest.mark.parametrize(
    ("language", "answer", "said"),
    [
        ("en", "Break down", "The identity provider's answer could not be used."),
        ("zh-hans", "Break down", "身份"),
        ("en", "I do not want to", "Sign"),
        ("zh-hans", "I do not want to", "登录"),
    ],
)
def test_when_the_provider_fails_or_one_turns_back_the_page_says_so_and_offers_the_password(
    at_the_provider, address: str, axe, look, language: str, answer: str, said: str
) -> None:
    page = at_the_provider(language=language)
    page.get_by_role("link", name=answer).click()
    expect(page.locator("main")).to_contain_text(said)
    expect(page.locator("main").get_by_role("link").last).to_have_attribute("href", "/accounts/login/")
    assert "out of ink" not in page.content()
    assert axe(page) == []
    look(page, f"oidc-{answer.split()[0].lower()}-{language}")
    assert is_out(page, address)


def test_whom_nobody_invited_is_told_why_and_stays_outside(
    at_the_provider, address: str, provider: Provider, axe, look
) -> None:
    provider.person = {"sub": "p-2", "email": "stranger@example.org", "email_verified": True}
    page = at_the_provider()
    page.get_by_role("link", name="I am who I am").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have no account here")
    expect(page.locator("main")).to_contain_text("stranger@example.org")
    assert axe(page) == []
    look(page, "oidc-no-account")
    assert is_out(page, address)
