"""A page about one thing with its acts: each act is a small form on the page, and a refusal goes to its field there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.web.door import undo

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Run = Callable[[dict[str, Any]], Any]


@dataclass
class Act:
    """Something that may be done here now. `run` takes the cleaned data and calls one service."""

    key: str
    label: StrOrPromise
    run: Run
    done: StrOrPromise
    ask: StrOrPromise = ""
    form_class: Callable[..., forms.Form] | None = None
    tone: str = ""
    leads_to: Callable[[Any], str] | None = None
    form: forms.Form | None = field(default=None, init=False)

    def bring(self, data: Any = None) -> None:
        """Make the form, filled when this act was sent."""
        if self.form_class is not None:
            self.form = self.form_class(data, auto_id=f"{self.key}_%s")


@dataclass(frozen=True)
class Table:
    """Rows of cells; a cell is text, or {"text", "url", "tone"}; `acts`: buttons of a row."""

    title: StrOrPromise
    heads: Sequence[StrOrPromise]
    rows: Sequence[Mapping[str, Any]]
    empty: StrOrPromise = ""


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], acts: Sequence[Act], back: str
) -> HttpResponse:
    """Show the page; or do the act that was sent, and come back to it."""
    sent = request.POST.get("act", "") if request.method == "POST" else ""
    chosen = next((act for act in acts if act.key == sent), None)
    for act in acts:
        act.bring(request.POST if act is chosen else None)
    status = 200
    if request.method == "POST":
        if chosen is None:
            raise Stale(_("That can no longer be done here: somebody was quicker, or it is not for you."))
        if chosen.form is None or chosen.form.is_valid():
            try:
                made = chosen.run(chosen.form.cleaned_data if chosen.form is not None else {})
            except Refused as refusal:
                undo(request)
                status = 422
                if chosen.form is None:
                    raise
                known = refusal.field if refusal.field in chosen.form.fields else None
                chosen.form.add_error(known, str(refusal))
            else:
                messages.success(request, chosen.done)
                return redirect(chosen.leads_to(made) if chosen.leads_to is not None else back)
        else:
            status = 422
    return render(request, template, {**context, "acts": acts, "chosen": chosen}, status=status)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
