"""Input cleaned."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.kernel.records.archive.terms import Carrier


class CorrectForm(forms.Form):
    """The description of an item, and why it is corrected."""

    title = forms.CharField(label=_("Title"), max_length=300)
    author = forms.CharField(label=pgettext_lazy("archival item", "Author"), max_length=200, required=False)
    document_number = forms.CharField(label=_("Document number"), max_length=120, required=False)
    dated_on = forms.DateField(label=_("Dated"), widget=forms.DateInput(attrs={"type": "date"}))
    page_count = forms.IntegerField(
        label=pgettext_lazy("archival item", "Pages"), min_value=1, max_value=1_000_000, required=False
    )
    carrier = forms.ChoiceField(label=_("Carrier"), choices=Carrier.choices)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The history keeps what stood here before, and this reason.")
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
