"""Input cleaned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.kernel.records.search.terms import LONGEST_QUESTION, all_kinds

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SearchForm(forms.Form):
    """A question and what narrows it. Nothing in it is required: an odd value is left out, not complained about."""

    q = forms.CharField(
        label=_("Look for"),
        max_length=LONGEST_QUESTION,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    since = forms.DateField(label=pgettext_lazy("date", "From"), required=False, widget=DAY)
    until = forms.DateField(label=pgettext_lazy("date", "To"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.name) for kind in all_kinds().values()]
        self.fields["kind"].choices = [("", pgettext_lazy("filter", "all")), *kinds]  # type: ignore[attr-defined]  # a ChoiceField
        for name, field in self.fields.items():
            size = "form-select form-select-sm" if name == "kind" else "form-control form-control-sm"
            field.widget.attrs["class"] = size
