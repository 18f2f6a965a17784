"""Pages of recusal: what one keeps out of; access administrators see all and lift."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff
from chancery.kernel.access import terms
from chancery.kernel.access.hats.views import onward
from chancery.kernel.access.recusal import queries, services
from chancery.kernel.access.recusal.forms import RecusalForm
from chancery.kernel.access.roles.rules import holds_role


@door(staff, methods=("GET",))
def recusals(request: HttpRequest) -> HttpResponse:
    """Standing recusals: one's own; everybody's for an access administrator."""
    by = actor_of(request)
    is_admin = bool(holds_role(by, terms.ACCESS_ADMIN))
    rows = queries.recusals_of(None if is_admin else by.person_id)
    trail = [(reverse("access:account"), _("Account and sign-in")), ("", _("Recusals"))]
    return render(request, "access/recusals.html", {"rows": rows, "is_admin": is_admin, "trail": trail})


@door(staff, methods=("POST",))
def declare(request: HttpRequest) -> HttpResponse:
    """Declare one's own recusal from the subject a page names (`access/recuse.html` prints the button)."""
    by = actor_of(request)
    form = RecusalForm(request.POST)
    if form.is_valid():
        services.recuse(
            person_id=by.person_id or 0,  # the door lets in only those who are somebody
            subject=form.cleaned_data["subject"],
            reason=form.cleaned_data["reason"],
            guard_id=form.cleaned_data["guard"],
            by=by,
            at=clock.now(),
        )
        messages.success(request, _("You keep out of it from now on; its work goes on to the next who answers."))
    else:
        messages.error(request, _("Say why."))
    return redirect(onward(request, reverse("access:recusals")))


@door(staff, methods=("POST",))
def lift(request: HttpRequest, recusal_id: int) -> HttpResponse:
    """End a recusal."""
    services.lift_recusal(
        recusal_id=recusal_id,
        by=actor_of(request),
        at=clock.now(),
    )
    messages.success(request, _("The recusal is lifted."))
    return redirect("access:recusals")
