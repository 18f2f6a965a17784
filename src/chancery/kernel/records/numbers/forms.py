"""Input cleaned."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class VoidForm(forms.Form):
    """Why a number is given up."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The number stays in the register with this reason.")
    )
