"""The identity provider of a site, from OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from chancery.config import env

PROVIDER_ID = "oidc"  # part of the callback's address, which the provider must know: never change it


def apps() -> list[dict[str, Any]]:
    """What allauth is told: one provider, or none where OIDC_ISSUER is not set."""
    issuer = env.text("OIDC_ISSUER").strip()
    client = env.text("OIDC_CLIENT_ID").strip()
    if not issuer:
        if client or env.text("OIDC_CLIENT_SECRET"):
            raise env.BadSetting("OIDC_CLIENT_ID and OIDC_CLIENT_SECRET need OIDC_ISSUER, the provider's address")
        return []
    parts = urlsplit(issuer)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.query or parts.fragment:
        raise env.BadSetting(f"OIDC_ISSUER must be an address such as https://identity.example.org, not {issuer!r}")
    if not client:
        raise env.BadSetting("OIDC_CLIENT_ID is missing: the provider gives it when this site is registered there")
    return [
        {
            "provider_id": PROVIDER_ID,
            "name": env.text("OIDC_NAME") or "OpenID Connect",
            "client_id": client,
            "secret": env.text("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": issuer.rstrip("/")},
        }
    ]
