"""Input of the leader's step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ApproveForm(forms.Form):
    """The authority's number, and from which day the version holds."""

    approval_number = forms.CharField(
        label=_("Approval number of the archives authority"), max_length=120, required=False
    )
    valid_from = forms.DateField(label=_("Holds from"), required=False)

    def __init__(self, *args: Any, matter: Any = None, task: Any = None, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
