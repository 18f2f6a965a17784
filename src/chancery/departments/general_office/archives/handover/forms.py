"""Forms of handing over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DecideForm(forms.Form):
    """Rows of a list and the reason."""

    rows = forms.TypedMultipleChoiceField(label=_("Items"), coerce=int, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to return an item, and to accept one of which a check left a doubt."),
    )

    def __init__(self, *args: Any, row_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = [(one, str(one)) for one in row_ids]  # type: ignore[attr-defined]  # a choice field has choices


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class RemindForm(forms.Form):
    """Which departments, with what words."""

    duties = forms.TypedMultipleChoiceField(label=_("Departments"), coerce=int, required=False)
    note = forms.CharField(
        label=_("Words of the reminder"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, duty_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duties"].choices = [(one, str(one)) for one in duty_ids]  # type: ignore[attr-defined]  # a choice field has choices
