"""The door to the identity provider, and the demo's side door."""

from __future__ import annotations

import ipaddress
import secrets

from allauth.account.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.base.utils import respond_to_login_on_get
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from requests import RequestException

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.door import anyone, door
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.accounts.services import note_sign_in
from chancery.kernel.access.adapters import NONCE
from chancery.kernel.access.entrance import queries
from chancery.kernel.access.hats.queries import actor_for
from chancery.kernel.access.hats.views import onward
from chancery.kernel.access.middleware import HAT


def to_the_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask whether to go on (GET), then go there (POST) with a nonce the answer must repeat: allauth sends none.

    The way there is a page that leads on, and no redirect: `form-action` binds a form through every redirect after it,
    and nobody knows over which hosts a provider sends people. So it need not name any.
    """
    try:
        provider = OpenIDConnectOAuth2Adapter(request, provider_id).get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    asked: HttpResponse | None = respond_to_login_on_get(request, provider)
    if asked is not None:
        return asked
    nonce = secrets.token_urlsafe(24)
    wanted = provider.get_redirect_from_request_kwargs(request)
    # Only what the site configures: allauth would add whatever the link says, and tie any identity to an open session.
    wanted.update(
        process=AuthProcess.LOGIN,
        scope=provider.get_scope(),
        auth_params={**provider.get_auth_params(), NONCE: nonce},
        nonce=nonce,
    )
    try:
        there = provider.redirect(request, **wanted)["Location"]
    except (RequestException, KeyError) as error:  # it does not answer, or its configuration lacks an address
        failed: HttpResponse = render_authentication_error(request, provider, exception=error)
        return failed
    page = render(request, "access/onward.html", {"address": there, "name": provider.name})
    page["Refresh"] = f"0;url={there}"
    page["Cache-Control"] = "no-store"
    return page


@door(anyone)
def enter_as(request: HttpRequest) -> HttpResponse:
    """Choose one of the cast and act as them, in one click. Not there (404) anywhere but in a demo on loopback."""
    if not _is_open_to(request):
        raise Http404
    with acting_as(SYSTEM):
        samples = queries.cast()
    if request.method == "POST":
        account_id, _dash, post_id = request.POST.get("as", "").partition("-")
        chosen = next((one for one in samples if str(one.account_id) == account_id), None)
        hat = next((h for h in chosen.hats if str(h.post_id) == post_id), None) if chosen else None
        if chosen is None or hat is None:
            raise Http404
        account = Account.objects.get(pk=chosen.account_id)
        get_adapter().login(request, account)
        UserSession.objects.create_from_request(request)
        request.session[HAT] = hat.post_id
        note_sign_in(way="demo", by=actor_for(account, hat.post_id), at=clock.now())
        return redirect(onward(request, settings.LOGIN_REDIRECT_URL))
    return render(request, "access/enter.html", {"samples": samples, "next": onward(request, "")})


def _is_open_to(request: HttpRequest) -> bool:
    """Only in a demo, only from this machine to this machine, never through a proxy."""
    if not settings.DEMO or any(
        name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA")
    ):
        return False
    host = request.get_host().rpartition(":")[0] if not request.get_host().endswith("]") else request.get_host()
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and _is_loopback(host or request.get_host())


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
