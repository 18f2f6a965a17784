"""Acts beside the steps: send back, more time, step aside, assign to others, take back, open again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.handling import forms, services
from chancery.departments.general_office.petitions.handling.clocks import services as clocks
from chancery.departments.general_office.petitions.handling.passing_on import services as passing_on
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.views import TEMPLATES, seen, trail
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse

Act = Callable[..., Any]


def _answer(
    request: HttpRequest, petition_id: int, form_class: type[django_forms.Form], act: Act, *, title: str, submit: str,
    done: str, note: str = "", leaves: bool = False,
) -> HttpResponse:  # fmt: skip
    """One form, one act; a refusal goes to its field and what was typed stays. `leaves`: one sees it no longer."""
    found: Petition = seen(petition_id)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(petition_id=found.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect("general_office:petitions") if leaves else redirect("general_office:petition", found.pk)
    context = {
        "form": form,
        "petition": found,
        "title": title,
        "submit": submit,
        "note": note,
        "back": reverse("general_office:petition", args=[found.pk]),
        "trail": trail(("", title), petition=found),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=422 if form.errors else 200)


@door(petition_rules.takes_part)
def send_back(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Refuse what was assigned wrongly."""
    return _answer(
        request, petition_id, forms.ReasonForm, services.send_back, title=_("Not for us"), submit=_("Send back"),
        done=_("Sent back: an officer assigns it anew."), leaves=True,
        note=_("It goes back to the officer with your reasons, and your unit reads it no longer."),
    )  # fmt: skip


@door(petition_rules.takes_part)
def more_time(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Ask for more time."""
    return _answer(
        request, petition_id, forms.MoreTimeForm, clocks.ask_more_time, title=_("Ask for more time"), submit=_("Ask"),
        done=_("Asked. The head decides."), note=_("Once, before the limit runs out."),
    )  # fmt: skip


@door(petition_rules.takes_part)
def aside(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Step aside."""
    return _answer(
        request, petition_id, forms.AsideForm, passing_on.stand_aside, title=_("Step aside"), submit=_("Step aside"),
        done=_("You keep out of it. It goes on to others, with its history."), leaves=True,
        note=_("From then on you see nothing of it, in whichever post you act. Only access administrators lift that."),
    )  # fmt: skip


@door(petition_rules.may_decide)
def reassign(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Assign to others."""

    def act(*, petition_id: int, unit: int, post: int | None, reason: str, **when: Any) -> None:
        passing_on.reassign(petition_id=petition_id, unit_id=unit, post_id=post, reason=reason, **when)

    return _answer(
        request, petition_id, forms.ReassignForm, act, title=_("Assign to others"), submit=_("Assign"),
        done=_("Assigned to others, with its history."), note=_("The clock runs on."),
    )  # fmt: skip


@door(petition_rules.may_decide)
def take_back(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Take back what was transferred or not accepted."""
    return _answer(
        request, petition_id, forms.ReasonForm, services.take_back, title=_("Take back"), submit=_("Take back"),
        done=_("Taken back: it is decided on again."),
    )  # fmt: skip


@door(petition_rules.may_decide)
def reopen(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Open again what was closed but not fixed."""
    return _answer(
        request, petition_id, forms.ReasonForm, services.reopen, title=_("Open again"), submit=_("Open again"),
        done=_("Open again, with a new clock."), note=_("What was done stays; it is counted how often this happened."),
    )  # fmt: skip
