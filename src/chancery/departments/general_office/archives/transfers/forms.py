"""Input cleaned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_DATE = {"type": "date"}


class DrawForm(forms.Form):
    """What goes on a new list."""

    fonds = forms.TypedChoiceField(label=_("Fonds"), coerce=int)
    through_year = forms.IntegerField(
        label=_("Up to the year"),
        min_value=1900,
        max_value=2200,
        help_text=_("The year of the items, this one included."),
    )
    authority = forms.CharField(
        label=_("Authority"), max_length=200, help_text=_("Who takes them over, by its full name.")
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fonds"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, seen as Field


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReceiptForm(forms.Form):
    """What the authority's receipt says."""

    receipt_number = forms.CharField(label=_("Number of the receipt"), max_length=120)
    receipt_on = forms.DateField(label=_("Date of the receipt"), widget=forms.DateInput(attrs=_DATE))
    receipt_sha256 = forms.CharField(
        label=_("Checksum of the package they received (SHA-256)"),
        max_length=80,
        validators=[RegexValidator(r"^\s*[0-9A-Fa-f]{64}\s*$", _("A SHA-256 has 64 digits and letters a to f."))],
        help_text=_("As the receipt says it: it proves that they hold what was sent."),
    )


class PackageForm(forms.Form):
    """A package from another archive."""

    package = forms.FileField(
        label=_("Package"),
        help_text=_("A zip in the layout of BagIt with PREMIS and EAD3, as another archive made it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )
