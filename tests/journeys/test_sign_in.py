"""Signing in as a person does: password, passkey, one-time code, and the list of places one is signed in at.

Passkeys belong to a host by name, so these pages are opened at localhost. The key is Chromium's virtual one, which
is always touched and always knows its owner.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from chancery.demo.cast import PASSWORD
from chancery.demo.members import MEMBERS

pytestmark = pytest.mark.journey
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def at(site) -> Callable[[str], str]:
    """The address of a path, at the name localhost."""
    return lambda path: f"http://localhost:{urlsplit(site.address).port}{path}"


def give_a_key(page: Page) -> Callable[[], list[dict]]:
    """Put a virtual authenticator into the browser; returns how to ask what it holds."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return lambda: devtools.send("WebAuthn.getCredentials", made)["credentials"]


def sign_in(page: Page, at: Callable[[str], str], member: str) -> None:
    page.goto(at("/accounts/login/"))
    page.fill("[name=login]", MEMBERS[member].email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/accounts/login/"))


def confirm_with_password(page: Page) -> None:
    """What allauth asks before a credential changes, if it asks."""
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.locator("main form button.btn-primary").click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def sign_out(page: Page, at: Callable[[str], str]) -> None:
    page.goto(at("/accounts/logout/"))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda url: "/logout/" not in url)
    assert not is_in(page, at)


def is_in(page: Page, at: Callable[[str], str]) -> bool:
    page.goto(at("/account/"))
    return urlsplit(page.url).path == "/account/"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_with_a_passkey_one_signs_in_without_a_password(page_as, at, axe) -> None:
    page = page_as()
    held = give_a_key(page)
    sign_in(page, at, "handler")
    page.goto(at("/accounts/2fa/webauthn/add/"))
    confirm_with_password(page)
    assert axe(page) == []
    page.fill("[name=name]", "My laptop")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    assert [(key["isResidentCredential"], key["rpId"]) for key in held()] == [(True, "localhost")]
    page.goto(at("/accounts/2fa/webauthn/"))
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody tr td").first).to_have_text(re.compile(r"My laptop\s+passkey"))
    sign_out(page, at)

    page.goto(at("/accounts/login/"))
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    assert is_in(page, at)
    expect(page.locator("body")).to_contain_text(MEMBERS["handler"].name_en)


def test_a_browser_without_the_key_is_told_so_and_not_let_in(page_as, at, axe, look) -> None:
    page = page_as(width=390)
    give_a_key(page)
    page.goto(at("/accounts/login/"))
    page.click("#passkey_login")
    expect(page.get_by_role("alert")).to_contain_text("The browser gave no key")
    assert axe(page) == []
    look(page, "sign-in-no-key")
    assert not is_in(page, at)


def test_at_an_address_of_numbers_the_page_says_that_keys_do_not_work(page_as) -> None:
    page = page_as("registrar", language="zh-hans")
    give_a_key(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_with_password(page)
    page.click("#mfa_webauthn_add")
    expect(page.get_by_role("alert")).to_contain_text("浏览器未提供密钥")


def test_after_setting_up_an_app_the_password_needs_its_code(page_as, at, axe) -> None:
    page = page_as()
    sign_in(page, at, "archivist")
    page.goto(at("/accounts/2fa/totp/activate/"))
    confirm_with_password(page)
    assert axe(page) == []
    secret = page.input_value("#authenticator_secret")
    page.fill("[name=code]", code_of(secret))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/recovery-codes/**")
    sign_out(page, at)

    sign_in(page, at, "archivist")
    assert page.url == at("/accounts/2fa/authenticate/")
    assert not is_in(page, at)
    page.goto(at("/accounts/2fa/authenticate/"))
    assert axe(page) == []
    page.fill("[name=code]", "000000")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("Incorrect code")
    page.fill("[name=code]", code_of(secret))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda url: "/2fa/" not in url)
    assert is_in(page, at)


def test_one_ends_the_session_left_open_elsewhere(page_as, at, axe) -> None:
    here, elsewhere = page_as(), page_as()
    sign_in(elsewhere, at, "co_handler")
    sign_in(here, at, "co_handler")
    here.goto(at("/accounts/sessions/"))
    before = here.locator("main tbody tr").count()
    assert before >= 2
    assert axe(here) == []
    assert is_in(elsewhere, at)
    here.goto(at("/accounts/sessions/"))
    here.get_by_role("button", name=re.compile("Sign out everywhere else")).click()
    here.wait_for_load_state()
    here.goto(at("/accounts/sessions/"))
    expect(here.locator("main tbody tr")).to_have_count(1)
    assert is_in(here, at)
    assert not is_in(elsewhere, at)
