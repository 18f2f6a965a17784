"""Pages of tokens: one's own, making one (shown once), revoking."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.kernel.access.terms import TOKEN_SCOPES
from chancery.kernel.access.tokens import queries, services
from chancery.kernel.access.tokens.forms import TokenForm


@door(staff)
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens; a POST makes one and shows its key this once."""
    by, at = actor_of(request), clock.now()
    usual = rulebook.days("access.token.default_lifetime", on=clock.today())
    form = TokenForm(request.POST or None, initial={"expires_on": clock.today() + dt.timedelta(days=usual)})
    made = key = None
    if request.method == "POST" and form.is_valid():
        # To the end of the day named, in the site's own time.
        ends = dt.datetime.combine(form.cleaned_data["expires_on"], dt.time.max, timezone.get_current_timezone())
        try:
            made, key = services.make_token(
                name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"], expires_at=ends, by=by, at=at
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            form = TokenForm(initial={"expires_on": clock.today() + dt.timedelta(days=usual)})
    rows = [
        {**row, "scopes": [TOKEN_SCOPES.get(str(s), s) for s in row["scopes"]], "is_over": row["expires_at"] <= at}
        for row in queries.tokens_of(by.account_id)
    ]
    trail = [(reverse("access:account"), _("Account and sign-in")), ("", _("Access tokens"))]
    response = render(
        request, "access/tokens.html", {"form": form, "rows": rows, "made": made, "key": key, "trail": trail}
    )
    if key:
        response["Cache-Control"] = "no-store"
    return response


@door(staff, methods=("POST",))
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    services.revoke_token(
        token_id=token_id,
        by=actor_of(request),
        at=clock.now(),
    )
    messages.success(request, _("The token is revoked; programs that use it are refused from now on."))
    return redirect("access:tokens")
