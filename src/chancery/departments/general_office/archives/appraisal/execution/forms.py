"""Input cleaned."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.records.disposal.terms import ActKind


class ConfirmForm(forms.Form):
    """One's own name to a destruction; `seen` is the hash of what the page showed."""

    act = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[(one.value, one.label) for one in (ActKind.DESTROYER, ActKind.SUPERVISOR)]
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    understood = forms.BooleanField(
        label=_("I have looked at what is to be destroyed. It cannot be brought back."),
        error_messages={"required": _("Say that you have looked at it.")},
    )


class WithdrawForm(forms.Form):
    """Why a list is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
