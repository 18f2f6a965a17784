"""Input cleaned."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.records.search.saved.terms import Notify


class SaveForm(forms.Form):
    """A name, and when to tell of what is new."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("It stands in the notices sent to you by e-mail.")
    )
    notify = forms.ChoiceField(label=_("Tell me of what is new"), choices=Notify.choices)


class ChangeForm(SaveForm):
    """The same, of the version one looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
