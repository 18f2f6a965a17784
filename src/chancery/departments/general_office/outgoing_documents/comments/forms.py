"""Input of comments."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CommentForm(forms.Form):
    """What is said, and the passage marked in the editor; without script the quoted words may be typed."""

    text = forms.CharField(label=_("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    anchor = forms.CharField(widget=forms.HiddenInput, required=False)
    quoted = forms.CharField(label=_("On the words"), max_length=500, required=False)

    def clean_anchor(self) -> dict[str, Any] | None:
        """The passage as the editor gives it; what cannot be read is no passage."""
        try:
            found = json.loads(self.cleaned_data["anchor"] or "null")
        except ValueError:
            return None
        return found if isinstance(found, dict) else None
