"""Input of asking and deciding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """What one needs it for, until when, and whether on paper."""

    purpose = forms.CharField(
        label=_("What you need it for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    wanted_until = forms.DateField(label=_("Until"))
    wants_copy = forms.BooleanField(label=_("I need watermarked copies"), required=False)


class DecideForm(forms.Form):
    """Until when, and whether copies may be made."""

    ends_on = forms.DateField(
        label=_("Reading lasts to"), required=False, help_text=_("Empty: as asked, as far as the rule allows.")
    )
    may_copy = forms.BooleanField(label=_("Watermarked copies may be made"), required=False)

    def __init__(self, *args: Any, matter: Any = None, task: Any = None, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
