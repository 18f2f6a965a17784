"""How allauth behaves here: nobody signs up alone, everything that touches a credential is journalled."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.hats.queries import wardrobe


class AccountBackend(AuthenticationBackend):
    """Brings an account's hats with it, so that a request asks for both at once."""

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, with `wardrobe`; None once it is closed."""
        account = Account.objects.filter(pk=user_id, is_active=True).first()
        if account is None:
            return None
        account.wardrobe = wardrobe(account.pk)  # type: ignore[attr-defined]  # read by ActorMiddleware
        return account


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by invitation."""
        return False


class KnownPeopleOnlyAdapter(DefaultSocialAccountAdapter):
    """OIDC signs in people who already have an account."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: an identity provider makes no accounts."""
        return False
