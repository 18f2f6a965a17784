"""Inviting, accepting, changing clearance."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Clearance
from chancery.kernel.access.accounts.models import CLEARANCES
from chancery.kernel.access.picking.terms import WITHOUT_ACCOUNT
from chancery.kernel.directory.picking.forms import PersonPicker


class InviteForm(forms.Form):
    """Who is invited, to which address, with which clearance."""

    person = PersonPicker(WITHOUT_ACCOUNT, label=_("Person"), help_text=_("They stand in the directory already."))
    email = forms.EmailField(label=_("E-mail"))
    clearance = forms.TypedChoiceField(
        label=_("Clearance"), choices=CLEARANCES, coerce=int, initial=Clearance.INTERNAL.value
    )


class ClearanceForm(forms.Form):
    """How far a person may see."""

    clearance = forms.TypedChoiceField(label=_("Clearance"), choices=CLEARANCES, coerce=int)


class AcceptForm(forms.Form):
    """The password an invited person chooses, twice."""

    password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a few words in a row are good."),
    )
    password2 = forms.CharField(
        label=_("The same again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password2(self) -> str:
        """Both must agree."""
        first, second = self.cleaned_data.get("password1", ""), str(self.cleaned_data["password2"])
        if first and first != second:
            raise forms.ValidationError(_("The two passwords differ."))
        return second
