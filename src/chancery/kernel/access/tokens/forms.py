"""Making a token."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.access.terms import TOKEN_SCOPES


class TokenForm(forms.Form):
    """What it is for, what it may do, how long."""

    name = forms.CharField(label=_("What for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("Allowed to"), choices=list(TOKEN_SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(label=_("Expires on"))
