"""How allauth behaves here: nobody signs up alone, everything that touches a credential is journalled."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import force_bytes

from chancery.foundations import clock
from chancery.kernel.access.accounts import services
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.hats.queries import actor_for, wardrobe

NONCE = "nonce"  # in what allauth keeps between leaving for the identity provider and coming back


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """Brings an account's hats with it, for the door."""

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, with `wardrobe`; None once it is closed."""
        account = Account.objects.filter(pk=user_id, is_active=True).first()
        if account is None:
            return None
        account.wardrobe = wardrobe(account.pk)
        return account


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Accounts are made by invitation. Signing in and every change of a credential leave an entry in the journal."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by invitation."""
        return False

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Journal it; who holds several posts goes on to choose one, who lacks a needed second factor to set it up."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        services.note_sign_in(way=_way(request), by=actor_for(user), at=clock.now())
        held = wardrobe(user.pk)
        if held is not None and held.second_factor_due:
            return redirect("mfa_activate_totp")
        if held is not None and len(held.hats) > 1:
            onward = response.headers.get("Location", "/")
            return redirect(f"{reverse('access:hats')}?{urlencode({'next': onward})}")
        return response

    def send_notification_mail(self, template_prefix: str, user: Account, *args: Any, **kwargs: Any) -> None:
        """allauth tells the owner of every change of a credential; the journal is told too."""
        services.note_credential(what=template_prefix.rpartition("/")[2], by=actor_for(user), at=clock.now())
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say only what the page does not show anyway: "signed in as …" is in the bar."""
        template = kwargs.get("message_template") or (args[2] if len(args) > 2 else "")
        if not str(template).endswith(("logged_in.txt", "logged_out.txt")):
            super().add_message(*args, **kwargs)


class KnownPeopleOnlyAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """OIDC signs in people who already have an account with the same confirmed e-mail."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: an identity provider makes no accounts."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Account, str] | None:
        """Whose account has an address the provider has confirmed. Some say "false" in words, which is not nothing."""
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True or str(address.verified).lower() == "true"
        found: tuple[Account, str] | None = super().authenticate_by_email(sociallogin)
        return found

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse an answer to another question than ours, and people without an account."""
        told = sociallogin.account.extra_data
        token, person = told.get("id_token") or {}, told.get("userinfo") or {}
        nonce = str(sociallogin.state.get(NONCE) or "")
        if not nonce or not secrets.compare_digest(nonce.encode(), str(token.get("nonce", "")).encode()):
            raise OAuth2Error("The answer's nonce is not the question's.")
        if person and person.get("sub") != token.get("sub"):
            raise OAuth2Error("The token and the profile are about different people.")
        if sociallogin.is_existing:
            return
        # One page for an unknown address and an unconfirmed one: it tells nobody which addresses have accounts.
        email = next((address.email for address in sociallogin.email_addresses), "")
        raise ImmediateHttpResponse(render(request, "socialaccount/not_known.html", {"email": email}, status=403))


class SealedSecretsAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """One-time-password secrets are encrypted at rest, under a key drawn from SECRET_KEY (fallbacks still open)."""

    def encrypt(self, text: str) -> str:
        """Seal under the present key."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open with the present key or an earlier one."""
        return _keys().decrypt(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    held = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    drawn = [hashlib.sha256(b"chancery.mfa|" + force_bytes(secret)).digest() for secret in held]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in drawn])


def _way(request: HttpRequest) -> str:
    """The methods of this sign-in, as allauth noted them: "password+mfa"."""
    records = request.session.get("account_authentication_methods", [])
    return "+".join(str(record.get("method")) for record in records if isinstance(record, dict))
