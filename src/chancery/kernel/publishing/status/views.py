"""The status page, and announcing interruptions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, anyone, door, undo
from chancery.foundations.web.forms import refuse
from chancery.kernel.publishing.status import forms, queries, rules, services, terms


@door(anyone, methods=("GET",), rate="120/m")
def status(request: HttpRequest) -> HttpResponse:
    """What is up, what is planned, which thresholds hold."""
    now = clock.now()
    context = {
        "services": queries.services(now),
        "interruptions": queries.interruptions(now),
        "groups": terms.groups(clock.today()),
        "now": now,
        "may_announce": bool(actor_of(request).is_person and rules.may_announce(actor_of(request))),
        "trail": [(reverse("web:home"), _("Home")), ("", pgettext("public", "Status"))],
    }
    return render(request, "publishing/status/status.html", context)


@door(rules.may_announce)
def announce(request: HttpRequest) -> HttpResponse:
    """Announce an interruption."""
    form = forms.InterruptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.announce_interruption(
                starts_at=given["starts_at"],
                ends_at=given["ends_at"],
                what=(given["what_en"], given["what_zh"]),
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("The interruption is announced."))
            return redirect("publishing:status")
    context = {
        "form": form,
        "trail": [(reverse("publishing:status"), pgettext("public", "Status")), ("", _("Announce an interruption"))],
    }
    return render(request, "publishing/status/announce.html", context)


@door(rules.may_announce, methods=("POST",))
def call_off(request: HttpRequest, interruption_id: int) -> HttpResponse:
    """It does not take place."""
    services.call_off(interruption_id=interruption_id, by=actor_of(request), at=clock.now())
    messages.success(request, _("The interruption is called off."))
    return redirect("publishing:status")
