"""How allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up alone."""


class KnownPeopleOnlyAdapter(DefaultSocialAccountAdapter):
    """OIDC signs in people who already have an account."""
