"""Declaring an absence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.card import all_cards
from chancery.kernel.access.absence.terms import scope_name
from chancery.kernel.directory.picking.forms import PostPicker


def scope_choices() -> list[tuple[str, str]]:
    """The procedures that cards declare."""
    return [(code, scope_name(code)) for card in all_cards() for code in card.procedures]


class AbsenceForm(forms.Form):
    """Who is away, who stands in, from when to when, for what."""

    absent_post = forms.TypedChoiceField(label=_("Post"), coerce=int)
    deputy_post = PostPicker(label=_("Deputy"))
    starts_on = forms.DateField(label=_("First day away"))
    ends_on = forms.DateField(label=_("Last day away"))
    scopes = forms.MultipleChoiceField(
        label=_("Only for"),
        choices=scope_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none: the deputy stands in for all work."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, own: list[tuple[int, str]], for_another: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_another:
            self.fields["absent_post"] = PostPicker(label=_("Post that is away"))
        else:
            self.fields["absent_post"] = forms.TypedChoiceField(label=_("Post"), coerce=int, choices=own)
