"""Input of lending, extending, taking back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.loans.terms import Condition
from chancery.kernel.directory.picking.forms import PostPicker


def _long(label: object, **more: object) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), **more)  # type: ignore[arg-type]  # as CharField takes them


class LendForm(forms.Form):
    """What, to whom, what for, until when."""

    code = forms.CharField(
        label=_("Code of the item or box"), max_length=120, help_text=_("Type it or scan its label.")
    )
    borrower_post = PostPicker(label=_("Borrower"))
    purpose = _long(_("What it is needed for"))
    due_on = forms.DateField(label=_("Due back on"), required=False)


class ExtendForm(forms.Form):
    """Why."""

    reason = _long(_("Why it is needed longer"))


class ReturnForm(forms.Form):
    """How it came back."""

    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices)
    condition_note = _long(_("What is damaged or missing"), required=False)


class ChaseForm(forms.Form):
    """A word to the borrower."""

    note = _long(_("A word to the borrower"), required=False)
