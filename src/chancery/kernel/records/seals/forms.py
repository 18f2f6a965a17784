"""Input cleaned."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.kernel.directory.picking.forms import PostPicker, UnitPicker
from chancery.kernel.records.seals.impressions.rules import LARGEST_UPLOAD
from chancery.kernel.records.seals.keys.queries import stores
from chancery.kernel.records.seals.terms import SealKind

_DATE = {"type": "date"}


class _WithKey(forms.Form):
    """Where the key lies; asked only where the site has more than one store."""

    key_store = forms.ChoiceField(
        label=pgettext_lazy("seal", "Key"),
        help_text=_("In a PKCS#12 directory or on a token, the key is found under the seal's code."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = stores()
        field = self.fields["key_store"]
        field.choices = [(store.value, store.label) for store in found]  # type: ignore[attr-defined]  # a ChoiceField, seen as Field
        field.initial = found[0].value
        if len(found) == 1:
            field.widget = forms.HiddenInput()


class SealForm(_WithKey):
    """A new seal."""

    field_order = (
        "code", "kind", "name_en", "name_zh", "unit", "keeper", "legal_name", "diameter_mm", "impression",
        "valid_from", "valid_to", "key_store",
    )  # fmt: skip

    code = forms.CharField(
        label=pgettext_lazy("seal", "Code"),
        max_length=40,
        validators=[
            RegexValidator(r"^[A-Z0-9][A-Z0-9-]{1,39}$", _("A code has capital letters, digits and dashes: GO-1."))
        ],
        help_text=_("Its identity for ever, for example GO-1."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SealKind.choices)
    name_en = forms.CharField(label=_("English name"), max_length=200)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200, required=False)
    unit = UnitPicker(label=_("Body"), help_text=_("Whose seal it is."))
    keeper = PostPicker(label=_("Keeper"), help_text=_("The post that keeps the seal and puts it on."))
    legal_name = forms.CharField(
        label=_("Name in the impression"), max_length=60, help_text=_("The full legal name, as it stands in the seal.")
    )
    diameter_mm = forms.DecimalField(
        label=_("Diameter (mm)"), max_digits=4, decimal_places=1, min_value=Decimal(1), initial=Decimal(42)
    )
    impression = forms.FileField(
        label=_("Impression"),
        required=False,
        help_text=_("PNG or SVG; a white ground becomes transparent. Without one the house draws a round seal."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/svg+xml,.png,.svg"}),
    )
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=forms.DateInput(attrs=_DATE))
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=forms.DateInput(attrs=_DATE))

    def clean_impression(self) -> bytes | None:
        """The picture, if it is no larger than one may be."""
        given = self.cleaned_data["impression"]
        if not given:
            return None
        if given.size > LARGEST_UPLOAD:
            raise forms.ValidationError(_("An impression is at most 2 MB."))
        content: bytes = given.read()
        return content


class KeeperForm(forms.Form):
    """To whom a seal is handed, and why."""

    keeper = PostPicker(label=_("New keeper"))
    reason = forms.CharField(label=_("Reason"), max_length=500)


class PutAwayForm(forms.Form):
    """When and why a seal is put away."""

    on = forms.DateField(
        label=_("On"),
        required=False,
        widget=forms.DateInput(attrs=_DATE),
        help_text=_("Today, when left empty; never before its last use."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


class RenewForm(_WithKey):
    """A new certificate."""
