"""Signing in through the identity provider: allauth's views, and the nonce it does not send."""

from __future__ import annotations

import secrets

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.utils import respond_to_login_on_get
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from chancery.kernel.access.adapters import NONCE


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask whether to go on (GET), then go to the provider (POST) with a nonce its answer must repeat."""
    try:
        provider = OpenIDConnectOAuth2Adapter(request, provider_id).get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    asked: HttpResponse | None = respond_to_login_on_get(request, provider)
    if asked is not None:
        return asked
    nonce = secrets.token_urlsafe(24)
    wanted = provider.get_redirect_from_request_kwargs(request)
    # Only what the site configures: allauth would add whatever the link says.
    wanted.update(scope=provider.get_scope(), auth_params={**provider.get_auth_params(), NONCE: nonce}, nonce=nonce)
    try:
        onward: HttpResponse = provider.redirect(request, **wanted)
    except RequestException as error:
        onward = render_authentication_error(request, provider, exception=error)
    return onward
