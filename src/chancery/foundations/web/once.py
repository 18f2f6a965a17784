"""An act is done once, however often its form is sent.

A form carries a random `act_token`, new each time it is printed. The door writes it down in the act's own
transaction: of two submissions at once the second waits for the first, then gets the first one's answer.
An answer that is not a redirect did nothing (errors were shown), so its token is taken out again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

FIELD = "act_token"


def answer(request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The view's answer, or the answer that the same form got before."""
    token = _token(request)
    if token is None:
        return act()
    who = _who(request)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into web_doneact (token, account, at, went_to) values (%s, %s, now(), '')"
            " on conflict (token) do nothing",
            [token, who],
        )
        if cursor.rowcount == 0:
            cursor.execute("select went_to from web_doneact where token = %s and account = %s", [token, who])
            row = cursor.fetchone()
            messages.info(request, _("That was done already; it was not done twice."))
            return _go(request, row[0] if row and row[0] else request.path)
    response = act()
    went_to = response.get("HX-Redirect") or response.get("Location") or ""
    with connection.cursor() as cursor:
        if went_to or response.status_code == 204:
            cursor.execute("update web_doneact set went_to = %s where token = %s", [went_to, token])
        else:
            cursor.execute("delete from web_doneact where token = %s", [token])
    return response


def _token(request: HttpRequest) -> uuid.UUID | None:
    if request.method != "POST":
        return None
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _who(request: HttpRequest) -> int:
    actor = getattr(request, "actor", None)
    return (actor.account_id if actor else None) or 0


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
