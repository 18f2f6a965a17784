"""The parts every form of the desk shares, and the one way a form becomes an act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.verdict import Refused, Stale

DAY = {"type": "date", "class": "form-control form-control-sm"}


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A calendar day."""
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, widget=widget, input_formats=["%Y-%m-%d"], help_text=help_text
    )


class DeskForm(forms.Form):
    """A form that knows what state it was opened on."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DatedForm(DeskForm):
    """A change that takes effect on a day and rests on a decision."""

    on = day_field(_("From"), help_text=_("The first day on which it holds."))
    decision = forms.CharField(
        label=_("Decision"), max_length=200, required=False, help_text=_("Number or date of the decision it rests on.")
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when history is corrected, or a change is dated back without a decision."),
    )  # fmt: skip


class EndForm(DatedForm):
    """The same for an end."""

    on = day_field(_("Ends on"), help_text=_("The first day on which it no longer holds."))


def opened(
    form: type[DeskForm], request: HttpRequest, *, seen: int | None, initial: dict[str, Any] | None = None
) -> Any:
    """The form as it comes in, or fresh with today's date and the state it is opened on."""
    if request.method == "POST":
        return form(request.POST)
    day: dt.date = clock.today()
    return form(initial={"on": day, "seen": seen, **(initial or {})})


def carry_out(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    then: str | Callable[[Any], str],
    template: str,
    context: dict[str, Any],
    now_seen: Callable[[], int] | None = None,
) -> HttpResponse:
    """Show the form; when it is sent and sound, do the act, say so and go on. A refusal stands beside its field.

    When somebody changed the thing meanwhile, nothing is done: the page says so, keeps what was typed, and the next
    sending counts from the state now shown.
    """
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal.reason))
            status = 409 if isinstance(refusal, Stale) else 422
            if isinstance(refusal, Stale) and now_seen is not None:
                again = request.POST.copy()
                again["seen"] = str(now_seen())
                form.data = again
                context = {**context, "is_stale": True}
        else:
            messages.success(request, _t(done))
            return HttpResponseRedirect(then if isinstance(then, str) else then(result))
    elif request.method == "POST":
        status = 422
    return render(request, template, {**context, "form": form}, status=status)
