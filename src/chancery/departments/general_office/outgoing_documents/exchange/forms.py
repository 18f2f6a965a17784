"""Form of exchange."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PackageForm(forms.Form):
    """A package from another system."""

    package = forms.FileField(
        label=_("Package"),
        help_text=_("A zip that another system made of an issued document."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )
