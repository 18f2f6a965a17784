"""Keeping out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RecusalForm(forms.Form):
    """What one keeps out of, and why. `guard` is the subject's guard, so that only its readers read of it."""

    subject = forms.RegexField(r"^[a-z_]+\.[a-z_]+:[0-9]{1,19}$", widget=forms.HiddenInput)
    guard = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)
