"""The demo's side door."""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.door import anyone, door
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.accounts.services import note_sign_in
from chancery.kernel.access.entrance import queries
from chancery.kernel.access.hats.queries import actor_for
from chancery.kernel.access.hats.views import onward
from chancery.kernel.access.middleware import HAT


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
