"""An identity provider is a matter of the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from chancery.config import env, identity

GIVEN = {
    "OIDC_ISSUER": "https://identity.example.org/realms/house/",
    "OIDC_CLIENT_ID": "chancery",
    "OIDC_CLIENT_SECRET": "known to both",
    "OIDC_NAME": "House Identity",
}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_four_variables_make_a_provider(given: pytest.MonkeyPatch) -> None:
    assert identity.apps() == [
        {
            "provider_id": "oidc",
            "name": "House Identity",
            "client_id": "chancery",
            "secret": "known to both",
            "settings": {"server_url": "https://identity.example.org/realms/house"},
        }
    ]
    given.delenv("OIDC_NAME")
    assert identity.apps()[0]["name"] == "OpenID Connect"


def test_without_them_there_is_none() -> None:
    assert identity.apps() == []


@pytest.mark.parametrize(
    ("changed", "value", "words"),
    [
        ("OIDC_ISSUER", "identity.example.org", "must be an address such as"),
        ("OIDC_ISSUER", "https://identity.example.org/?realm=house", "must be an address such as"),
        ("OIDC_ISSUER", "", "need OIDC_ISSUER"),
        ("OIDC_CLIENT_ID", " ", "OIDC_CLIENT_ID is missing"),
    ],
)
def test_half_a_provider_is_one_line_that_says_what_is_missing(
    given: pytest.MonkeyPatch, changed: str, value: str, words: str
) -> None:
    given.setenv(changed, value)
    with pytest.raises(env.BadSetting, match=words):
        identity.apps()


def test_the_settings_of_a_site_are_made_of_them() -> None:
    """In a process of its own, where settings are read afresh."""
    ask = (
        "import json; from chancery.config import settings as s; print(json.dumps("
        "[s.SOCIALACCOUNT_PROVIDERS, s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], env={**os.environ, **GIVEN}, capture_output=True, text=True, check=True
    )
    providers, form_action = json.loads(done.stdout)
    assert [app["client_id"] for app in providers["openid_connect"]["APPS"]] == ["chancery"]
    assert providers["openid_connect"]["OAUTH_PKCE_ENABLED"] is True
    assert form_action == ["'self'"]
